import type { ReadableByteStreamController, UnderlyingByteSource } from "node:stream/web";

/** Bytes that a stream takes from its source before anybody asks for them. A broken connection shows all the sooner. */
const highWaterMark = 64 * 1024;

/** Makes a readable byte stream; its chunks are owned by whoever reads them. */
export function byteStream(source: Omit<UnderlyingByteSource, "type">): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ ...source, type: "bytes" }, { highWaterMark }) as ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Ends a byte stream, also for a reader that brought its own buffer, which waits for an answer even at the end. */
export function closeByteStream(sink: ReadableByteStreamController): void {
  sink.close();
  (sink.byobRequest as { respond(bytesWritten: number): void } | null | undefined)?.respond(0);
}
