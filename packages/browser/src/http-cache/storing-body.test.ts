import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BodySource } from "../body-source.ts";
import { byteStream } from "../transport/byte-stream.ts";
import { StoringBody } from "./storing-body.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A body of these chunks, which breaks off after them if told so. */
class ChunkSource implements BodySource {
  cancelled = false;
  readonly #chunks: Bytes[];
  readonly #breaksOff: boolean;

  constructor(chunks: readonly Bytes[], breaksOff = false) {
    this.#chunks = chunks.map((chunk) => chunk.slice());
    this.#breaksOff = breaksOff;
  }

  async bytes(): Promise<Bytes> {
    return new Uint8Array(await new Response(this.stream()).arrayBuffer());
  }

  stream(): ReadableStream<Bytes> {
    return byteStream({
      pull: async (sink) => {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) sink.enqueue(chunk);
        else if (this.#breaksOff) sink.error(new TypeError("terminated"));
        else sink.close();
      },
      cancel: () => {
        this.cancelled = true;
      },
    });
  }

  cancel(): void {
    this.cancelled = true;
  }
}

function storing(source: BodySource, options: { readonly limit?: number; readonly keepsGivenUp?: boolean } = {}) {
  const ends: (Bytes | null)[] = [];
  const { limit = 1000, keepsGivenUp = false } = options;
  return { body: new StoringBody(source, { limit, keepsGivenUp, onEnd: (bytes) => ends.push(bytes) }), ends };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("StoringBody", () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => new Uint8Array(bytes));
  const how = fc.constantFrom("whole", "stream", "nobody");

  test("gives reader and cache the same bytes, however and whenever it is read", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 6 }), how, fc.boolean(), async (chunks, reader, isLate) => {
        const { body, ends } = storing(new ChunkSource(chunks));
        const want = Buffer.concat(chunks);
        if (isLate) await turn();
        if (reader === "whole") expect(Buffer.from(await body.bytes())).toEqual(want);
        if (reader === "stream") expect(Buffer.from(await new Response(body.stream()).arrayBuffer())).toEqual(want);
        await expect.poll(() => ends).toHaveLength(1);
        expect(Buffer.from(ends[0] ?? [])).toEqual(want);
      }),
      { numRuns: 50 },
    );
  });

  test.each(["whole", "stream"])(
    "a body that breaks off fails for who reads it %s and is not stored",
    async (reader) => {
      const { body, ends } = storing(new ChunkSource([new Uint8Array(3)], true));
      await turn();
      await expect(reader === "whole" ? body.bytes() : new Response(body.stream()).arrayBuffer()).rejects.toThrow(
        TypeError,
      );
      expect(ends).toEqual([null]);
    },
  );

  test("a body over the limit reaches its reader all the same", async () => {
    const { body, ends } = storing(new ChunkSource([new Uint8Array(6), new Uint8Array(6)]), { limit: 10 });
    expect((await new Response(body.stream()).arrayBuffer()).byteLength).toBe(12);
    expect(ends).toEqual([null]);
  });

  test("given up, it is given up at the source too", () => {
    const source = new ChunkSource([new Uint8Array(1)]);
    const { body, ends } = storing(source);
    body.cancel();
    expect(source.cancelled).toBe(true);
    expect(ends).toEqual([null]);
  });

  test("given up where that does not matter, it is read to its end, or to the limit", async () => {
    const short = storing(new ChunkSource([new Uint8Array(1), new Uint8Array(1)]), { keepsGivenUp: true });
    short.body.cancel();
    await expect.poll(() => short.ends).toEqual([new Uint8Array(2)]);
    const source = new ChunkSource(Array.from({ length: 100 }, () => new Uint8Array(50)));
    const long = storing(source, { keepsGivenUp: true });
    long.body.cancel();
    await expect.poll(() => source.cancelled).toBe(true);
    expect(long.ends).toEqual([null]);
  });

  test("it reads ahead one mebibyte and no more before anybody asks", async () => {
    const chunks = Array.from({ length: 40 }, () => new Uint8Array(64 * 1024));
    const source = new ChunkSource(chunks);
    const { body, ends } = storing(source, { limit: 10_000_000 });
    for (let i = 0; i < 100; i++) await turn();
    expect(ends).toEqual([]);
    expect((await body.bytes()).byteLength).toBe(40 * 64 * 1024);
    expect(ends[0]?.byteLength).toBe(40 * 64 * 1024);
  });
});
