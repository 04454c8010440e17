import { pipeline, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import type { HeaderList } from "@corsac/protocol";
import { byteStream, closeByteStream } from "./byte-stream.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes up to which decoding at once is quicker than handing the work to another thread. */
const decodedAtOnce = 64 * 1024;

// Browsers take what can be read of a body that ends too early.
const zlibOptions: zlib.ZlibOptions = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const brotliOptions: zlib.BrotliOptions = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};

interface Decoder {
  once(bytes: Uint8Array): Uint8Array;
  inBackground(bytes: Uint8Array, callback: (error: Error | null, result: Uint8Array) => void): void;
  stream(firstChunk: Uint8Array): Transform;
}

/** Node has zstd from 22.15 on; the types are those of Node 20. */
const zstd = zlib as unknown as {
  zstdDecompressSync?(bytes: Uint8Array): Uint8Array;
  zstdDecompress(bytes: Uint8Array, callback: (error: Error | null, result: Uint8Array) => void): void;
  createZstdDecompress(): Transform;
};

const gzip: Decoder = {
  once: (bytes) => zlib.gunzipSync(bytes, zlibOptions),
  inBackground: (bytes, callback) => zlib.gunzip(bytes, zlibOptions, callback),
  stream: () => zlib.createGunzip(zlibOptions),
};

const decoders: Readonly<Record<string, Decoder>> = {
  gzip,
  "x-gzip": gzip,
  deflate: {
    once: (bytes) => (hasZlibHeader(bytes) ? zlib.inflateSync : zlib.inflateRawSync)(bytes, zlibOptions),
    inBackground: (bytes, callback) =>
      (hasZlibHeader(bytes) ? zlib.inflate : zlib.inflateRaw)(bytes, zlibOptions, callback),
    stream: (first) => (hasZlibHeader(first) ? zlib.createInflate : zlib.createInflateRaw)(zlibOptions),
  },
  br: {
    once: (bytes) => zlib.brotliDecompressSync(bytes, brotliOptions),
    inBackground: (bytes, callback) => zlib.brotliDecompress(bytes, brotliOptions, callback),
    stream: () => zlib.createBrotliDecompress(brotliOptions),
  },
  ...(zstd.zstdDecompressSync === undefined
    ? {}
    : {
        zstd: {
          once: zstd.zstdDecompressSync,
          inBackground: zstd.zstdDecompress,
          stream: () => zstd.createZstdDecompress(),
        },
      }),
};

/** The value of `Accept-Encoding`: what can be decoded here, of which browsers ask for less over plain HTTP. */
export function acceptEncoding(isSecure: boolean): string {
  return isSecure ? `gzip, deflate, br${"zstd" in decoders ? ", zstd" : ""}` : "gzip, deflate";
}

/**
 * The codings of a body in the order in which they are undone; empty when one of them is unknown, because a browser
 * then gives the body as it came.
 *
 * @see https://fetch.spec.whatwg.org/#handle-content-codings
 */
export function contentCodings(headers: HeaderList): readonly string[] {
  const codings: string[] = [];
  for (const [name, value] of headers) {
    if (name.length !== 16 || name.toLowerCase() !== "content-encoding") continue;
    for (const coding of value.toLowerCase().split(",")) codings.push(coding.trim());
  }
  const applied = codings.filter((coding) => coding !== "" && coding !== "identity");
  return applied.every((coding) => Object.hasOwn(decoders, coding)) ? applied.reverse() : [];
}

/** Decodes a whole body. Rejects with a `TypeError` if it is not what its codings say. */
export async function decodeBytes(encoded: Bytes, codings: readonly string[]): Promise<Bytes> {
  let bytes: Uint8Array = encoded;
  try {
    for (const coding of codings) {
      // An empty body is empty in every coding.
      if (bytes.byteLength > 0) bytes = await decode(bytes, decoders[coding] as Decoder);
    }
  } catch (cause) {
    throw new TypeError("the body cannot be decoded", { cause });
  }
  return new Uint8Array(bytes);
}

/** Decodes a body while it arrives, with the back-pressure of its reader. */
export function decodeStream(encoded: ReadableStream<Bytes>, codings: readonly string[]): ReadableStream<Bytes> {
  let chunks = encoded as unknown as AsyncIterable<Uint8Array>;
  for (const coding of codings) chunks = decodeChunks(chunks, decoders[coding] as Decoder);
  const iterator = chunks[Symbol.asyncIterator]();
  return byteStream({
    async pull(sink) {
      const next = await iterator.next();
      if (next.done === true) {
        closeByteStream(sink);
      } else {
        sink.enqueue(new Uint8Array(next.value));
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

function decode(bytes: Uint8Array, decoder: Decoder): Promise<Uint8Array> | Uint8Array {
  if (bytes.byteLength <= decodedAtOnce) return decoder.once(bytes);
  return new Promise((resolve, reject) => {
    decoder.inBackground(bytes, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}

async function* decodeChunks(chunks: AsyncIterable<Uint8Array>, decoder: Decoder): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  async function* all() {
    yield first.value as Uint8Array;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  try {
    for await (const chunk of pipeline(all, decoder.stream(first.value), () => {})) yield chunk as Uint8Array;
  } catch (cause) {
    throw new TypeError("the body cannot be decoded", { cause });
  } finally {
    await iterator.return?.();
  }
}

/** `deflate` means the zlib format; some servers send the bare data inside it, which browsers accept too. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 0x08;
}
