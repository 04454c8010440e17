/**
 * A body that is still arriving. It is read once, in one of two ways: whole, or as a stream.
 * The transport, the HTTP cache and routed handlers produce it; `Response` consumes it.
 */
export interface BodySource {
  /** Reads all of it. Rejects with a `TypeError` if the connection breaks, with an `AbortError` if the fetch is aborted. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads it piece by piece, with back-pressure. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Gives it up: the connection is closed or drained. */
  cancel(): void;
}

/** Gives up what may be a body that is still arriving; bytes that are there, and no body at all, hold no connection. */
export function giveUpBody(body: unknown): void {
  if (body === null || body instanceof Uint8Array) return;
  (body as BodySource).cancel();
}
