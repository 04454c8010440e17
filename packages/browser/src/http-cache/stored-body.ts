import type { BodySource } from "../body-source.ts";
import { byteStream, closeByteStream } from "../transport/byte-stream.ts";

/** The body of a stored response: can be given out any number of times, so each reader gets a copy. */
export class StoredBody implements BodySource {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes.slice();
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return byteStream({
      start: (sink) => {
        if (this.#bytes.byteLength > 0) sink.enqueue(this.#bytes.slice());
        closeByteStream(sink);
      },
    });
  }

  cancel(): void {}
}
