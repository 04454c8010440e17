import type { BodySource } from "../body-source.ts";
import { byteStream, closeByteStream } from "../transport/byte-stream.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** How much is read before anybody asks for it, in bytes; a browser's network process reads ahead likewise. */
export const readAheadBytes: number = 1024 * 1024;

/** What a {@link StoringBody} is made of. */
export interface StoringBodyOptions {
  /** Longer bodies are not kept. In bytes. */
  readonly limit: number;
  /** Whether a body that is given up before anybody reads it is read to its end all the same. */
  readonly keepsGivenUp: boolean;
  /** Is given all bytes when the body has arrived completely and within the limit, null as soon as it cannot. */
  readonly onEnd: (bytes: Bytes | null) => void;
}

/**
 * A body on its way to a reader that is kept for the cache as it passes. Read whole, it costs one copy; left alone, it
 * is read ahead, so that a response whose body no script looks at is stored too.
 */
export class StoringBody implements BodySource {
  readonly #source: BodySource;
  readonly #options: StoringBodyOptions;
  readonly #immediate: NodeJS.Immediate;
  #reader: ReadableStreamDefaultReader<Bytes> | null = null;
  #reading: Promise<void> | null = null;
  /** What has been read and not been given out yet. */
  readonly #queue: Bytes[] = [];
  /** Copies of everything read so far; null once it is clear what is stored. */
  #kept: Bytes[] | null = [];
  #size = 0;
  #ended = false;
  #isTaken = false;
  #isTakenWhole = false;

  constructor(source: BodySource, options: StoringBodyOptions) {
    this.#source = source;
    this.#options = options;
    this.#immediate = setImmediate(() => this.readAhead());
  }

  /** Begins to read, as far as is read ahead, whether somebody asks for the body or not. */
  readAhead(): void {
    clearImmediate(this.#immediate);
    if (this.#isTakenWhole) return;
    this.#read(readAheadBytes).catch(() => {
      // Whoever reads the body is told.
    });
  }

  async bytes(): Promise<Bytes> {
    this.#take();
    if (this.#reader === null) {
      this.#isTakenWhole = true;
      try {
        const bytes = await this.#source.bytes();
        this.#end(bytes.byteLength <= this.#options.limit ? bytes.slice() : null);
        return bytes;
      } finally {
        this.#end(null);
      }
    }
    const chunks: Bytes[] = [];
    for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) chunks.push(chunk);
    return concatenated(chunks);
  }

  stream(): ReadableStream<Bytes> {
    this.#take();
    this.readAhead();
    return byteStream({
      pull: async (sink) => {
        const chunk = await this.#next();
        if (chunk === null) closeByteStream(sink);
        else sink.enqueue(chunk);
      },
      cancel: () => this.#giveUp(),
    });
  }

  cancel(): void {
    const wasTaken = this.#isTaken;
    this.#take();
    if (wasTaken || !this.#options.keepsGivenUp) {
      this.#giveUp();
      return;
    }
    this.#drain().catch(() => {
      // A body that breaks off is not stored; nobody waits for it.
    });
  }

  #take(): void {
    this.#isTaken = true;
    clearImmediate(this.#immediate);
  }

  async #read(upTo: number): Promise<void> {
    while (!this.#ended && this.#size < upTo) await this.#readOnce();
  }

  async #drain(): Promise<void> {
    while (this.#kept !== null && (await this.#next()) !== null);
    if (!this.#ended) this.#giveUp();
  }

  /** The next piece, null at the end. */
  async #next(): Promise<Bytes | null> {
    while (this.#queue.length === 0 && !this.#ended) await this.#readOnce();
    return this.#queue.shift() ?? null;
  }

  /** One read at a time: a reader that comes while one is under way waits for it. */
  #readOnce(): Promise<void> {
    this.#reading ??= this.#readChunk().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readChunk(): Promise<void> {
    this.#reader ??= this.#source.stream().getReader();
    const { done, value } = await this.#reader.read().catch((error: unknown) => {
      this.#end(null);
      throw error;
    });
    if (done) {
      this.#ended = true;
      if (this.#kept !== null) this.#end(concatenated(this.#kept));
      return;
    }
    this.#size += value.byteLength;
    if (this.#size > this.#options.limit) this.#end(null);
    // A copy, because a byte stream takes the memory of what it is given.
    this.#kept?.push(value.slice());
    this.#queue.push(value);
  }

  #giveUp(): void {
    this.#end(null);
    if (this.#reader === null) this.#source.cancel();
    else this.#reader.cancel().catch(() => {});
  }

  /** Says, once, whether there is something to store. */
  #end(bytes: Bytes | null): void {
    if (this.#kept === null) return;
    this.#kept = null;
    this.#options.onEnd(bytes);
  }
}

function concatenated(chunks: readonly Bytes[]): Bytes {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const bytes = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
