import { type ServerResponse, STATUS_CODES } from "node:http";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { ResponseHead } from "../exchange/response-sink.ts";
import { responseHead } from "../forward/socket-sink.ts";
import { DoorSink } from "./door-sink.ts";
import type { Http1Exchange } from "./http1-connection.ts";

/** Of a whole content. Node writes a head and a string as one piece, which is less work than two. */
const maxStringBytes = 16 * 1024;

/** Writes one response to an HTTP/1.1 or HTTP/1.0 client. */
export class Http1Sink extends DoorSink {
  readonly #exchange: Http1Exchange;
  readonly #response: ServerResponse;
  /** Whether a piece of content, or the head without one, is under way. */
  #isFlushed = false;
  #hasLength = false;

  constructor(exchange: Http1Exchange, method: string, response: ServerResponse) {
    super(method);
    this.#exchange = exchange;
    this.#response = response;
  }

  protected override begin({ status, statusText, headers }: ResponseHead): void {
    const response = this.#response;
    this.#exchange.settleConnection();
    if (statusText === "") {
      // An invalid text of a response that could not be sent would otherwise be used once more.
      response.statusMessage = "";
      response.writeHead(status, headers);
    } else {
      response.writeHead(status, statusText, headers);
    }
    this.#hasLength = headers["content-length"] !== undefined;
    // A head goes out with the first piece of content if there is one at hand, and alone if that takes longer.
    process.nextTick(flush, this);
  }

  protected override push(chunk: Uint8Array, isLast: boolean): boolean {
    const response = this.#response;
    const goesWithHead = !this.#isFlushed;
    this.#isFlushed = true;
    if (!isLast) return response.write(chunk);
    if (goesWithHead && chunk.byteLength <= maxStringBytes) {
      response.write(latin1(chunk), "latin1");
      // Node would wait for the end, and write that, which is empty here, as a second piece.
      response.socket?.uncork();
      response.end();
    } else {
      response.end(chunk);
    }
    return true;
  }

  protected override finish(trailers: HeaderFields | null): void {
    this.#isFlushed = true;
    if (trailers !== null && !this.#response.writableEnded) this.#response.addTrailers(trailers);
    this.#response.end();
  }

  /** A response that only the end of the connection delimits looks complete unless the connection is reset. */
  protected override cut(): void {
    const { socket } = this.#response;
    const isDelimited = this.#hasLength || this.#response.chunkedEncoding;
    // Over TLS the missing goodbye says as much.
    if (isDelimited || socket === null || "encrypted" in socket) this.#response.destroy();
    else socket.resetAndDestroy();
  }

  /** Dropped where the client could not tell it apart, or has not even taken what came before. */
  protected override interim(status: number, headers: HeaderFields): void {
    const { socket } = this.#response;
    if (socket === null || socket.writableNeedDrain || this.#response.req.httpVersion !== "1.1") return;
    socket.write(responseHead(status, STATUS_CODES[status] ?? "", headers), "latin1");
  }

  override onDrain(listener: () => void): void {
    this.#response.on("drain", listener);
  }

  /** The exchange has ended one way or the other. */
  closed(): void {
    this.abandon();
  }

  flushHead(): void {
    if (this.#isFlushed || this.#response.destroyed) return;
    this.#isFlushed = true;
    this.#response.flushHeaders();
  }
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}

function flush(sink: Http1Sink): void {
  sink.flushHead();
}
