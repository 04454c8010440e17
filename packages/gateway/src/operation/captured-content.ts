/** The beginning of a message's content, and how long the whole of it is. */
export class CapturedContent {
  readonly #limit: number;
  readonly #chunks: Uint8Array[] = [];
  #kept = 0;
  #size = 0;

  /** @param limit the bytes to keep */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Uint8Array): void {
    const part = chunk.subarray(0, this.#limit - this.#kept);
    // A copy: whoever made the chunk may use its memory again.
    if (part.byteLength > 0) this.#chunks.push(Uint8Array.from(part));
    this.#kept += part.byteLength;
    this.#size += chunk.byteLength;
  }

  /** Of the whole content, in bytes. */
  get size(): number {
    return this.#size;
  }

  get isComplete(): boolean {
    return this.#kept === this.#size;
  }

  /** What was kept. */
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
