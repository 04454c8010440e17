import { type ServerResponse, STATUS_CODES } from "node:http";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { ResponseHead } from "../exchange/response-sink.ts";
import { DoorSink } from "./door-sink.ts";
import type { Http1Exchange } from "./http1-connection.ts";

/** Writes one response to an HTTP/1.1 or HTTP/1.0 client. */
export class Http1Sink extends DoorSink {
  readonly #exchange: Http1Exchange;
  readonly #response: ServerResponse;
  /** Milliseconds that a client may take no byte of a response that waits for it. */
  readonly #stallTime: number;
  #isWatched = false;
  /** Whether a piece of content, or the head without one, is under way. */
  #isFlushed = false;
  #hasLength = false;

  constructor(exchange: Http1Exchange, method: string, response: ServerResponse, stallTime: number) {
    super(method);
    this.#exchange = exchange;
    this.#response = response;
    this.#stallTime = stallTime;
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
    this.#isFlushed = true;
    if (isLast) {
      response.end(chunk);
      if (response.writableNeedDrain) this.#watch();
      return true;
    }
    if (response.write(chunk)) return true;
    this.#watch();
    return false;
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
    if (isDelimited || socket === null) this.#response.destroy();
    else socket.resetAndDestroy();
  }

  /** Dropped where the client could not tell it apart, or has not even taken what came before. */
  protected override interim(status: number, headers: HeaderFields): void {
    const { socket } = this.#response;
    if (socket === null || socket.writableNeedDrain || this.#response.req.httpVersion !== "1.1") return;
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n`;
    for (const [name, value] of Object.entries(headers)) {
      for (const line of typeof value === "string" ? [value] : value) head += `${name}: ${line}\r\n`;
    }
    socket.write(`${head}\r\n`, "latin1");
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

  /** A client that takes nothing for too long is disconnected: Node does so to a socket that times out. */
  #watch(): void {
    const { socket } = this.#response;
    if (socket === null || this.#isWatched) return;
    this.#isWatched = true;
    socket.setTimeout(this.#stallTime);
    const rest = (): void => {
      // Whoever writes may have heard of the drain before, and filled the socket again.
      if (socket.writableNeedDrain) {
        socket.setTimeout(this.#stallTime);
        return;
      }
      this.#isWatched = false;
      socket.off("drain", rest);
      socket.setTimeout(0);
    };
    socket.on("drain", rest);
  }
}

function flush(sink: Http1Sink): void {
  sink.flushHead();
}
