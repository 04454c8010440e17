import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { StoredResponse } from "./cache-store.ts";
import { inheritFacts } from "./response-facts.ts";

/** What all responses under way on one stage may keep together, in bytes. */
export class RecordingBudget {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Returns false when there is no room. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** Keeps the content of a response that is passed on, up to a length. `finish` or `drop` ends it. */
export class ResponseRecorder {
  /** All but the content, which is empty. */
  readonly head: StoredResponse;
  readonly #maxBytes: number;
  readonly #budget: RecordingBudget;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(head: StoredResponse, maxBytes: number, budget: RecordingBudget) {
    this.head = head;
    this.#maxBytes = maxBytes;
    this.#budget = budget;
  }

  /** What came so far. */
  get chunks(): readonly Uint8Array[] {
    return this.#chunks;
  }

  /** Returns whether the piece was kept: false when the content is too long, or too much is kept elsewhere. */
  add(chunk: Uint8Array): boolean {
    const bytes = chunk.byteLength;
    if (this.#bytes + bytes > this.#maxBytes || !this.#budget.take(bytes)) return false;
    this.#bytes += bytes;
    this.#chunks.push(chunk);
    return true;
  }

  /** Returns the response; null when its content is not as long as its head says. */
  finish(trailers: HeaderFields | null): StoredResponse | null {
    const expected = fieldValue(this.head.headers, "content-length");
    const length = this.#bytes;
    const chunks = this.#chunks;
    this.drop();
    if (expected !== null && Number(expected) !== length) return null;
    // Memory of its own: a piece of a buffer shared with others would keep all of that, which nobody counts.
    const body = Buffer.allocUnsafeSlow(length);
    let position = 0;
    for (const chunk of chunks) {
      body.set(chunk, position);
      position += chunk.byteLength;
    }
    const response = { ...this.head, trailers, body };
    inheritFacts(this.head, response);
    return response;
  }

  /** Lets go of what came. */
  drop(): void {
    this.#budget.giveBack(this.#bytes);
    this.#bytes = 0;
    this.#chunks = [];
  }
}
