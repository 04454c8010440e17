import type { Duplex } from "node:stream";
import type { ReadableByteStreamController } from "node:stream/web";
import type { HeaderList, NetworkRequest, NetworkResponse } from "@corsac/protocol";
import type { Dispatcher } from "undici";
import type { BodySource } from "../body-source.ts";
import { byteStream, closeByteStream } from "./byte-stream.ts";
import type { Connection } from "./connection.ts";
import { contentCodings, decodeBytes, decodeStream } from "./content-decoding.ts";
import { abortError, isConnectionClosed, networkError, timeoutError } from "./network-error.ts";
import { UpgradedConnection } from "./upgraded-connection.ts";
import { http2Lines, type WireRequest } from "./wire-request.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes that are taken from the socket before anybody asked for the body, and bytes of a given-up body read to keep the connection. */
const bufferedBytes = 64 * 1024;

/**
 * Receives one response from undici and is its body at the same time, so that the common case, a small body read
 * whole, costs one object and no stream.
 */
export class ResponseReceiver implements Dispatcher.DispatchHandler, BodySource {
  /** Resolves when the head has arrived or cannot arrive any more; never rejects. */
  readonly response: Promise<NetworkResponse>;
  connection: Connection | null = null;
  /** Whether the connection, one that had served before, was closed in answer to this request. */
  connectionWasStale = false;

  readonly #request: NetworkRequest;
  readonly #wire: WireRequest;
  readonly #signal: AbortSignal | null;
  readonly #timeout: number | null;
  #settle!: (response: NetworkResponse) => void;
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | null = null;
  #reused = false;
  #answered = false;
  #stopped: Error | null = null;

  #chunks: Buffer[] = [];
  #size = 0;
  #codings: readonly string[] = [];
  #reading: "nothing" | "bytes" | "stream" | "discard" = "nothing";
  #ended = false;
  #failure: { readonly error: unknown } | null = null;
  #sink: ReadableByteStreamController | null = null;
  #whole: { resolve(bytes: Bytes): void; reject(error: unknown): void } | null = null;

  constructor(
    request: NetworkRequest,
    wire: WireRequest,
    signal: AbortSignal | undefined,
    timeout: number | undefined,
  ) {
    this.#request = request;
    this.#wire = wire;
    this.#signal = signal ?? null;
    this.#timeout = timeout ?? null;
    this.response = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeout !== undefined) this.#timer = setTimeout(this.#onTimeout, timeout);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#stopped !== null) {
      controller.abort(this.#stopped);
      return;
    }
    this.#controller = controller;
    this.#reused = this.connection?.start(this.#request).reused ?? false;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    _headers: unknown,
    statusMessage?: string,
  ): void {
    const head = this.connection?.reader?.head ?? {
      status: statusCode,
      statusText: statusMessage ?? "",
      headers: headerLines(controller.rawHeaders as Buffer[]),
    };
    if (head.status < 200) return;
    clearTimeout(this.#timer);
    this.#answered = true;
    const { status, statusText, headers } = head;
    this.#codings = contentCodings(headers);
    const hasBody = this.#request.method !== "HEAD" && status !== 204 && status !== 205 && status !== 304;
    if (!hasBody) this.#reading = "discard";
    this.#settle({
      kind: "response",
      status,
      statusText,
      headers,
      body: hasBody ? this : null,
      ...(this.connection?.hasCertificateError ? { hasCertificateError: true } : {}),
      sentHeaders: this.#sent,
    });
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    socket: Duplex,
  ): void {
    this.#finish();
    const { statusText = "", headers = [] } = this.connection?.reader?.head ?? {};
    this.#settle({
      kind: "response",
      ...{ status, statusText, headers },
      body: new UpgradedConnection(socket),
      sentHeaders: this.#sent,
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // Going on after a pause begins with an empty chunk, which a byte stream refuses.
    if (chunk.byteLength === 0) return;
    this.#size += chunk.byteLength;
    if (this.#reading === "discard") {
      if (this.#size > bufferedBytes) controller.abort(new Error("the body was given up"));
      return;
    }
    if (this.#sink !== null) {
      this.#sink.enqueue(new Uint8Array(chunk));
      if ((this.#sink.desiredSize ?? 0) <= 0) controller.pause();
      return;
    }
    this.#chunks.push(chunk);
    if (this.#reading === "nothing" && this.#size > bufferedBytes) controller.pause();
  }

  onResponseEnd(): void {
    this.#finish();
    this.#ended = true;
    this.#closeSink();
    this.#deliverWhole();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#finish();
    const cause = this.#stopped ?? error;
    if (!this.#answered) {
      this.connectionWasStale =
        this.#reused && isConnectionClosed(cause) && this.connection?.reader?.isInsideHead !== true;
      this.#settle(networkError(cause, this.#controller === null ? undefined : this.#sent));
      return;
    }
    const aborted = this.#signal?.aborted === true;
    this.#failure = { error: aborted ? this.#signal?.reason : new TypeError("terminated", { cause }) };
    this.#sink?.error(this.#failure.error);
    this.#whole?.reject(this.#failure.error);
  }

  async bytes(): Promise<Bytes> {
    this.#take("bytes");
    const bytes = await new Promise<Bytes>((resolve, reject) => {
      this.#whole = { resolve, reject };
      if (this.#failure !== null) reject(this.#failure.error);
      else if (this.#ended) this.#deliverWhole();
      else this.#controller?.resume();
    });
    return this.#codings.length === 0 ? bytes : decodeBytes(bytes, this.#codings);
  }

  stream(): ReadableStream<Bytes> {
    this.#take("stream");
    const stream = byteStream({
      start: (sink) => {
        this.#sink = sink;
        for (const chunk of this.#chunks) sink.enqueue(new Uint8Array(chunk));
        this.#chunks = [];
        if (this.#failure !== null) sink.error(this.#failure.error);
        else if (this.#ended) this.#closeSink();
      },
      pull: () => this.#controller?.resume(),
      cancel: () => this.cancel(),
    });
    return this.#codings.length === 0 ? stream : decodeStream(stream, this.#codings);
  }

  /** A short rest is read to its end, so that the connection can serve again; otherwise the connection is closed. */
  cancel(): void {
    this.#reading = "discard";
    this.#chunks = [];
    this.#sink = null;
    if (this.#ended || this.#failure !== null) return;
    const length = Number(this.connection?.reader?.head?.headers.find(isContentLength)?.[1] ?? Number.NaN);
    if (length <= bufferedBytes) this.#controller?.resume();
    else queueMicrotask(() => this.#ended || this.#controller?.abort(new Error("the body was given up")));
  }

  #take(how: "bytes" | "stream"): void {
    if (this.#reading !== "nothing") throw new TypeError("the body was read before");
    this.#reading = how;
  }

  #closeSink(): void {
    if (this.#sink === null) return;
    closeByteStream(this.#sink);
    this.#sink = null;
  }

  #deliverWhole(): void {
    if (this.#whole === null) return;
    const bytes = new Uint8Array(this.#size);
    let place = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, place);
      place += chunk.byteLength;
    }
    this.#chunks = [];
    this.#whole.resolve(bytes);
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.connection?.release();
  }

  get #sent(): HeaderList {
    return this.connection?.isHttp2 ? http2Lines(this.#request, this.#wire.lines) : this.#wire.lines;
  }

  #onAbort = (): void => this.#stop(abortError());

  #onTimeout = (): void => {
    const what = this.#controller === null ? "connection" : "answer";
    this.#stop(timeoutError(what, this.#timeout ?? 0, this.#request.url.host));
  };

  #stop(reason: Error): void {
    this.#stopped = reason;
    if (this.#controller !== null) {
      this.#controller.abort(reason);
      return;
    }
    this.#settle(networkError(reason));
    this.connection?.stopConnecting(reason);
  }
}

function isContentLength([name]: readonly [string, string]): boolean {
  return name.toLowerCase() === "content-length";
}

/** undici gives HTTP/2 headers as UTF-8 bytes of isomorphic-decoded strings. */
function headerLines(raw: readonly Buffer[]): HeaderList {
  const lines: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) lines.push([String(raw[index]), String(raw[index + 1])]);
  return lines;
}
