import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { StoredResponse } from "./cache-store.ts";

/** Keeps the content of a response that is passed on, up to a length. */
export class ResponseRecorder {
  /** All but the content, which is empty. */
  readonly head: StoredResponse;
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(head: StoredResponse, maxBytes: number) {
    this.head = head;
    this.#maxBytes = maxBytes;
  }

  /** What came so far. */
  get chunks(): readonly Uint8Array[] {
    return this.#chunks;
  }

  /** Returns whether the content is still short enough. */
  add(chunk: Uint8Array): boolean {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > this.#maxBytes) {
      this.#chunks = [];
      return false;
    }
    this.#chunks.push(chunk);
    return true;
  }

  /** Returns the response; null when its content is not as long as its head says. */
  finish(trailers: HeaderFields | null): StoredResponse | null {
    const expected = fieldValue(this.head.headers, "content-length");
    if (expected !== null && Number(expected) !== this.#bytes) return null;
    // Memory of its own: a piece of a buffer shared with others would keep all of that, which nobody counts.
    const body = Buffer.allocUnsafeSlow(this.#bytes);
    let position = 0;
    for (const chunk of this.#chunks) {
      body.set(chunk, position);
      position += chunk.byteLength;
    }
    return { ...this.head, trailers, body };
  }
}
