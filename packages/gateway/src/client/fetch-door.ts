import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { Handler, ResponseHead } from "../exchange/response-sink.ts";
import { DoorSink } from "./door-sink.ts";
import { handle } from "./handle.ts";
import { requestFields } from "./request-fields.ts";

/** How many bytes of a response may wait for its reader. */
const highWaterMark = 64 * 1024;

/**
 * Makes a door that needs no socket: a function that answers a request of the Fetch API. Like `fetch` it rejects if the
 * request's signal is aborted before there is a response; later the content errors. Problems of the gateway are
 * responses. Interim responses and trailers are dropped, since a `Response` has no place for them.
 *
 * @see https://fetch.spec.whatwg.org/#fetch-method
 */
export function createFetchDoor(handler: Handler): (request: Request) => Promise<Response> {
  return (request) =>
    new Promise((resolve, reject) => {
      const { signal } = request;
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const sink = new FetchSink(request.method, signal, resolve, reject);
      handle(handler, gatewayRequest(request, sink), sink);
    });
}

function gatewayRequest(request: Request, sink: FetchSink): GatewayRequest {
  const url = new URL(request.url);
  const raw: string[] = [];
  for (const [name, value] of request.headers) raw.push(name, value);
  const { headers } = requestFields(raw);
  headers.host = url.host;
  return {
    method: request.method,
    scheme: url.protocol === "https:" ? "https" : "http",
    authority: url.host,
    target: `${url.pathname}${url.search}`,
    httpVersion: "1.1",
    headers,
    body: request.body === null ? null : sink.receive(request.body),
    clientAddress: null,
  };
}

class FetchSink extends DoorSink {
  readonly #signal: AbortSignal;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #drainListeners: (() => void)[] = [];
  #body: Readable | null = null;
  #isFull = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor(
    method: string,
    signal: AbortSignal,
    resolve: (response: Response) => void,
    reject: (reason: unknown) => void,
  ) {
    super(method);
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    signal.addEventListener("abort", this.#abort, { once: true });
  }

  receive(content: ReadableStream<Uint8Array>): Readable {
    this.#body = Readable.fromWeb(content as NodeReadableStream);
    // Nobody may be listening when the content breaks off, and that is no reason to end the process.
    this.#body.on("error", () => {});
    return this.#body;
  }

  protected override begin({ status, statusText, headers }: ResponseHead, hasContent: boolean): void {
    const list = new Headers();
    for (const [name, value] of Object.entries(headers)) {
      for (const line of typeof value === "string" ? [value] : value) list.append(name, line);
    }
    this.#resolve(new Response(hasContent ? this.#content() : null, { status, statusText, headers: list }));
  }

  protected override push(chunk: Uint8Array): boolean {
    this.#controller?.enqueue(chunk);
    this.#isFull = (this.#controller?.desiredSize ?? 0) <= 0;
    return !this.#isFull;
  }

  protected override finish(_trailers: HeaderFields | null): void {
    this.#controller?.close();
    this.#release();
  }

  protected override cut(error: Error): void {
    this.#controller?.error(new TypeError("The response was cut short.", { cause: error }));
    this.#release();
  }

  protected override interim(): void {}

  override onDrain(listener: () => void): void {
    this.#drainListeners.push(listener);
  }

  #content(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          if (!this.#isFull) return;
          this.#isFull = false;
          for (const listener of this.#drainListeners) listener();
        },
        cancel: () => {
          this.#controller = null;
          this.abandon();
          this.#release();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark }),
    );
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#signal.reason;
    this.#reject(reason);
    if (!this.done) this.#controller?.error(reason);
    this.abandon();
    this.#release();
  };

  /** The exchange is over: content of the request that is left is for nobody. */
  #release(): void {
    this.#signal.removeEventListener("abort", this.#abort);
    if (this.#body !== null && !this.#body.readableEnded) this.#body.destroy(new Error("The exchange is over."));
  }
}
