import { Readable } from "node:stream";
import type { UnderlyingByteSource } from "node:stream/web";
import { isUint8Array } from "node:util/types";
import type { BodySource } from "../body-source.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What a body can be made of again after it has been read. @see https://fetch.spec.whatwg.org/#concept-body-source */
export type ReplayableSource = Blob | Bytes | Promise<Bytes>;

/**
 * A body: what can be read once, whole or as a stream. The stream is only made when somebody asks for it.
 *
 * @see https://fetch.spec.whatwg.org/#concept-body
 */
export class Body {
  /** `null` for a stream, which cannot be sent twice. */
  readonly source: ReplayableSource | null;
  /** Length in bytes, `null` when it is not known. */
  readonly length: number | null;
  readonly #unread: BodySource;
  #stream: ReadableStream<Bytes> | null;
  /** Read as a whole, or handed over to another body, without a stream. */
  #taken = false;

  constructor(unread: BodySource | ReadableStream<Bytes>, source: ReplayableSource | null, length: number | null) {
    this.source = source;
    this.length = length;
    if (unread instanceof ReadableStream) {
      this.#stream = unread;
      this.#unread = streamSource(unread);
    } else {
      this.#stream = null;
      this.#unread = unread;
    }
  }

  /** Whether it is read as it comes, and cannot be had again. */
  get isStream(): boolean {
    return this.source === null;
  }

  get stream(): ReadableStream<Bytes> {
    this.#stream ??= this.#taken ? readStream() : this.#unread.stream();
    return this.#stream;
  }

  /** @see https://streams.spec.whatwg.org/#is-readable-stream-disturbed */
  get isDisturbed(): boolean {
    return this.#taken || (this.#stream !== null && isDisturbed(this.#stream));
  }

  /** @see https://fetch.spec.whatwg.org/#body-unusable */
  get isUnusable(): boolean {
    return this.isDisturbed || this.#stream?.locked === true;
  }

  /** Reads all of it. Rejects with a `TypeError` for a stream whose chunks are not bytes. */
  bytes(): Promise<Bytes> {
    if (this.#stream !== null) return streamSource(this.#stream).bytes();
    this.#taken = true;
    return this.#unread.bytes();
  }

  /** Hands the content over to a new body; this one counts as read. */
  transfer(): Body {
    if (this.#stream === null) {
      this.#taken = true;
      return new Body(this.#unread, this.source, this.length);
    }
    const stream = this.#stream.pipeThrough(new TransformStream<Bytes, Bytes>());
    this.#taken = true;
    return new Body(stream, this.source, this.length);
  }

  /** @see https://fetch.spec.whatwg.org/#concept-body-clone */
  clone(): Body {
    if (this.#stream === null && this.source !== null) return new Body(this.#unread, this.source, this.length);
    const [mine, theirs] = this.stream.tee();
    this.#stream = mine;
    return new Body(theirs, this.source, this.length);
  }
}

/** A body of bytes that are there. They are never changed, so that a clone may share them. */
export function bytesBody(bytes: Bytes): Body {
  return new Body(bytesSource(bytes), bytes, bytes.byteLength);
}

/** Bytes that are there, for those who read what is still arriving. */
export function bytesSource(bytes: Bytes): BodySource {
  return { bytes: () => Promise.resolve(bytes), stream: () => streamOfBytes(() => bytes), cancel() {} };
}

/** A stream of bytes that are there, or soon will be. */
export function streamOfBytes(read: () => Bytes | Promise<Bytes>): ReadableStream<Bytes> {
  const source: UnderlyingByteSource = {
    type: "bytes",
    async pull(controller) {
      const bytes = await read();
      // A copy: whoever reads the stream may transfer its buffer.
      if (bytes.byteLength > 0) controller.enqueue(new Uint8Array(bytes));
      controller.close();
      // A reader that brought its own buffer still waits when there was nothing to enqueue.
      controller.byobRequest?.respond(0);
    },
  };
  return new ReadableStream(source) as ReadableStream<Bytes>;
}

/** A body whose bytes a `Blob` holds. */
export function blobBody(blob: Blob): Body {
  return new Body(blobSource(blob), blob, blob.size);
}

/** What a `Blob` holds, for those who read what is still arriving. */
export function blobSource(blob: Blob): BodySource {
  return {
    bytes: async () => new Uint8Array(await blob.arrayBuffer()),
    stream: () => blob.stream() as ReadableStream<Bytes>,
    cancel() {},
  };
}

function streamSource(stream: ReadableStream<Bytes>): BodySource {
  return { bytes: () => readAll(stream), stream: () => stream, cancel: () => void stream.cancel().catch(() => {}) };
}

/** @see https://streams.spec.whatwg.org/#readablestreamdefaultreader-read-all-bytes */
async function readAll(stream: ReadableStream<unknown>): Promise<Bytes> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    if (!isUint8Array(value)) throw new TypeError("A chunk of the body is not a Uint8Array");
    chunks.push(value);
    length += value.byteLength;
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** What `body` shows once the body has been read without a stream: locked, disturbed, at its end. */
function readStream(): ReadableStream<Bytes> {
  const stream = new ReadableStream<Bytes>({ start: (controller) => controller.close() });
  void stream.getReader().read();
  return stream;
}

function isDisturbed(stream: ReadableStream): boolean {
  // Node knows web streams here; its types do not.
  return Readable.isDisturbed(stream as unknown as Readable);
}
