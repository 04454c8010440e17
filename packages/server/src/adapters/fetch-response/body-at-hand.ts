/** What could be read of a body at once. */
export interface BodyAtHand {
  /** All of the body; null when it is not there yet, or longer than the limit. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** What has been read so far, when that is not all. */
  readonly chunks: readonly Uint8Array[];
  /** What is still to be read, after the chunks; the read that is under way comes first. */
  readonly rest: {
    readonly reader: ReadableStreamDefaultReader<Uint8Array>;
    readonly pending: Promise<ReadResult>;
  } | null;
}

type ReadResult = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]>>;

/**
 * Reads a body as far as it is there already. Bodies made of texts and buffers are there; of a stream that waits for
 * something, nobody knows how long it takes, and waiting for it would hold the response up.
 *
 * @param limit in bytes
 */
export async function bodyAtHand(body: ReadableStream<Uint8Array>, limit: number): Promise<BodyAtHand> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isLate = false;
  const late = new Promise<null>((resolve) => {
    setTimeout(() => {
      isLate = true;
      resolve(null);
    }, 0);
  });
  for (;;) {
    const pending = reader.read();
    const result = await Promise.race([pending, late]);
    if (result === null || (isLate && result.done !== true) || length > limit) {
      return { bytes: null, chunks, rest: { reader, pending } };
    }
    if (result.done) return { bytes: concat(chunks, length), chunks, rest: null };
    chunks.push(result.value);
    length += result.value.byteLength;
  }
}

/** Joins chunks. */
export function concat(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
