import { STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { lingeringClose } from "../client/lingering-close.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import { sendProblem } from "../exchange/problem-response.ts";
import type { ResponseHead, ResponseSink } from "../exchange/response-sink.ts";

/**
 * Writes a response to a bare connection and closes it: the answer to an upgrade that was refused. Its length is that
 * of `Content-Length` if there is one, or ends with the connection.
 *
 * @see https://httpwg.org/specs/rfc9112.html#message.body.length
 */
export class SocketSink implements ResponseSink {
  readonly #socket: Duplex;
  #hasStarted = false;
  #hasEnded = false;

  /** @param socket gets listeners, so that its errors end nothing but itself */
  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.on("error", () => socket.destroy());
  }

  inform(status: number, headers: HeaderFields): void {
    this.#socket.write(responseHead(status, STATUS_CODES[status] ?? "", headers), "latin1");
  }

  start({ status, statusText, headers }: ResponseHead): void {
    this.#hasStarted = true;
    this.#socket.write(responseHead(status, statusText, { ...headers, connection: "close" }), "latin1");
  }

  write(chunk: Uint8Array): boolean {
    return this.#socket.write(chunk);
  }

  /** Trailers would need chunks, which a connection that closes does without. */
  end(_trailers: HeaderFields | null): void {
    this.#hasEnded = true;
    // The client may have sent messages of the other protocol already.
    if (this.#socket instanceof Socket) lingeringClose(this.#socket, 2000);
    else this.#socket.end();
  }

  fail(error: Error): void {
    if (this.#hasStarted) this.#socket.destroy();
    else sendProblem(this, "GET", error);
  }

  onDrain(listener: () => void): void {
    this.#socket.on("drain", listener);
  }

  onAbort(listener: () => void): void {
    this.#socket.once("close", () => {
      if (!this.#hasEnded) listener();
    });
  }
}

/** The first lines of a response. @see https://httpwg.org/specs/rfc9112.html#status.line */
export function responseHead(status: number, statusText: string, headers: HeaderFields): string {
  let head = `HTTP/1.1 ${status} ${statusText}\r\n`;
  for (const name in headers) {
    const value = headers[name] as string | string[];
    if (typeof value === "string") head += `${name}: ${value}\r\n`;
    else for (const line of value) head += `${name}: ${line}\r\n`;
  }
  return `${head}\r\n`;
}
