import type { NetworkRequest, NetworkResponse } from "@corsac/protocol";
import type { BodySource } from "../body-source.ts";
import { byteStream, closeByteStream } from "./byte-stream.ts";
import { contentCodings, decodeBytes, decodeStream } from "./content-decoding.ts";
import { abortError, networkError, timeoutError } from "./network-error.ts";
import type { WireRequest } from "./wire-request.ts";

/** A handler in the shape that Hono's `app.fetch`, workers and `Deno.serve` have. */
export type WebHandler = (request: Request) => Promise<Response> | Response;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Gives a request to a handler: a genuine `Request` with every header that would go over the wire, `Cookie`, `Host` and
 * `Origin` among them, whose signal tells that the client gave up. What the handler throws is a network error.
 */
export async function callWebHandler(
  handler: WebHandler,
  request: NetworkRequest,
  wire: WireRequest,
  signal?: AbortSignal,
  timeout?: number,
): Promise<NetworkResponse> {
  const gaveUp = new AbortController();
  const onAbort = () => gaveUp.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const aborted = rejection(gaveUp.signal);
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => gaveUp.abort(timeoutError("answer", timeout, request.url.host)), timeout);
  const finish = () => signal?.removeEventListener("abort", onAbort);
  try {
    const response = await Promise.race([handler(webRequest(request, wire, gaveUp.signal)), aborted]);
    return answer(request, wire, response, new HandlerBody(response, gaveUp, aborted, finish));
  } catch (error) {
    finish();
    if (signal?.aborted) return networkError(abortError(), wire.lines);
    const cause = gaveUp.signal.aborted ? error : new Error(`the handler threw: ${String(error)}`, { cause: error });
    return networkError(cause, wire.lines);
  } finally {
    clearTimeout(timer);
  }
}

function webRequest({ url, method }: NetworkRequest, { lines, options }: WireRequest, signal: AbortSignal): Request {
  const { body } = options;
  const init = { method, headers: lines, body, signal, duplex: "half", redirect: "manual" };
  return new Request(url.origin + url.pathname + url.search, init as unknown as RequestInit);
}

function answer(request: NetworkRequest, wire: WireRequest, response: Response, body: HandlerBody): NetworkResponse {
  if (response.status < 200) throw new Error(`a response with status ${response.status}`);
  const hasBody = request.method !== "HEAD" && ![204, 205, 304].includes(response.status);
  if (!hasBody) body.cancel();
  return {
    kind: "response",
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
    body: hasBody ? body : null,
    sentHeaders: wire.lines,
  };
}

/** A promise that rejects when `signal` aborts; nobody has to listen. */
function rejection(signal: AbortSignal): Promise<never> {
  const promise = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  promise.catch(() => {});
  return promise;
}

/** The body of a handler's response, which breaks off for the reader when the fetch is aborted. */
class HandlerBody implements BodySource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | null;
  readonly #codings: readonly string[];
  readonly #gaveUp: AbortController;
  readonly #aborted: Promise<never>;
  readonly #finish: () => void;

  constructor(response: Response, gaveUp: AbortController, aborted: Promise<never>, finish: () => void) {
    this.#reader = response.body?.getReader() ?? null;
    this.#codings = contentCodings([...response.headers]);
    this.#gaveUp = gaveUp;
    this.#aborted = aborted;
    this.#finish = finish;
    if (this.#reader === null) finish();
  }

  async bytes(): Promise<Bytes> {
    const chunks: Uint8Array[] = [];
    for (let chunk = await this.#read(); chunk !== null; chunk = await this.#read()) chunks.push(chunk);
    const bytes = new Uint8Array(Buffer.concat(chunks));
    return this.#codings.length === 0 ? bytes : decodeBytes(bytes, this.#codings);
  }

  stream(): ReadableStream<Bytes> {
    const stream = byteStream({
      pull: async (sink) => {
        const chunk = await this.#read();
        if (chunk === null) closeByteStream(sink);
        else if (chunk.byteLength > 0) sink.enqueue(new Uint8Array(chunk));
      },
      cancel: () => this.cancel(),
    });
    return this.#codings.length === 0 ? stream : decodeStream(stream, this.#codings);
  }

  cancel(): void {
    // Where nothing is to come, nothing is given up.
    if (this.#reader === null) return;
    this.#finish();
    this.#gaveUp.abort(abortError());
    this.#reader.cancel().catch(() => {});
  }

  async #read(): Promise<Uint8Array | null> {
    if (this.#reader === null) return null;
    try {
      const chunk = await Promise.race([this.#reader.read(), this.#aborted]);
      if (!chunk.done) return chunk.value;
      this.#finish();
      return null;
    } catch (cause) {
      this.#finish();
      if (!this.#gaveUp.signal.aborted) throw new TypeError("terminated", { cause });
      this.#reader.cancel(cause).catch(() => {});
      throw cause;
    }
  }
}
