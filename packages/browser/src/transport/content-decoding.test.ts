import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { contentCodings, decodeBytes, decodeStream } from "./content-decoding.ts";

type Bytes = Uint8Array<ArrayBuffer>;

test.each([
  { title: "none", values: [], want: [] },
  { title: "one, in any case", values: ["GZip"], want: ["gzip"] },
  {
    title: "several are undone from the last to the first",
    values: ["gzip, br", "deflate"],
    want: ["deflate", "br", "gzip"],
  },
  { title: "identity and empty elements say nothing", values: ["identity, ,gzip"], want: ["gzip"] },
  { title: "an unknown one leaves the body as it is", values: ["gzip, rot13"], want: [] },
  { title: "names of object members are unknown too", values: ["constructor"], want: [] },
])("codings: $title", ({ values, want }) => {
  expect(contentCodings(values.map((value) => ["Content-Encoding", value]))).toEqual(want);
});

const small = Buffer.from("hello ".repeat(10));
/** Random enough to stay large when compressed. */
const large = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index * 31 + (index >> 3) * 7) % 251));
const codings: Array<{ title: string; codings: string[]; encode: (bytes: Buffer) => Buffer }> = [
  { title: "gzip", codings: ["gzip"], encode: (bytes) => gzipSync(bytes) },
  { title: "deflate", codings: ["deflate"], encode: (bytes) => deflateSync(bytes) },
  { title: "deflate without the zlib header", codings: ["deflate"], encode: (bytes) => deflateRawSync(bytes) },
  { title: "br", codings: ["br"], encode: (bytes) => brotliCompressSync(bytes) },
  { title: "gzip inside br", codings: ["br", "gzip"], encode: (bytes) => brotliCompressSync(gzipSync(bytes)) },
];

/** The bytes in chunks of a thousand, and whether the rest was given up. */
function inChunks(bytes: Uint8Array): { stream: ReadableStream<Bytes>; state: { cancelled: boolean } } {
  const state = { cancelled: false };
  let place = 0;
  const stream = new ReadableStream<Bytes>({
    pull(sink) {
      if (place >= bytes.length) return sink.close();
      sink.enqueue(new Uint8Array(bytes.subarray(place, place + 1000)));
      place += 1000;
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { stream, state };
}

async function read(stream: ReadableStream<Bytes>): Promise<Buffer> {
  return Buffer.from(await new Response(stream).arrayBuffer());
}

describe.each(codings)("$title", ({ codings, encode }) => {
  test.each([
    { title: "small", plain: small },
    { title: "large", plain: large },
  ])("whole and in pieces, $title", async ({ plain }) => {
    const encoded = new Uint8Array(encode(plain));
    expect(Buffer.compare(await decodeBytes(encoded, codings), plain)).toBe(0);
    expect(Buffer.compare(await read(decodeStream(inChunks(encoded).stream, codings)), plain)).toBe(0);
  });

  test("an empty body is an empty body", async () => {
    expect(await decodeBytes(new Uint8Array(), codings)).toHaveLength(0);
    expect(await read(decodeStream(inChunks(new Uint8Array()).stream, codings))).toHaveLength(0);
  });

  test("what is encoded otherwise rejects with a TypeError", async () => {
    const wrong = new Uint8Array(50).fill(0x07);
    await expect(decodeBytes(wrong, codings)).rejects.toThrow(TypeError);
    await expect(read(decodeStream(inChunks(wrong).stream, codings))).rejects.toThrow(TypeError);
  });
});

test("a body that ends too early gives what there is", async () => {
  const encoded = new Uint8Array(gzipSync(large).subarray(0, 50_000));
  const whole = Buffer.from(await decodeBytes(encoded, ["gzip"]));
  expect(whole.length).toBeGreaterThan(1000);
  expect(Buffer.compare(whole, large.subarray(0, whole.length))).toBe(0);
});

test("giving up a decoded stream gives up the encoded one", async () => {
  const { stream, state } = inChunks(gzipSync(randomBytes(1_000_000)));
  const reader = decodeStream(stream, ["gzip"]).getReader();
  await reader.read();
  await reader.cancel();
  expect(state.cancelled).toBe(true);
});
