import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CacheStore } from "../src/cache/cache-store.ts";
import { storedResponse } from "./stored-response.ts";

/** Stores which share what they keep, as those of two processes do; memory has one for both. */
export type OpenStores = () => readonly [CacheStore, CacheStore];

const day = 86_400;

/** What every store keeps. Keys are the test's own, since what a store keeps outlives it. */
export function testCacheStore(name: string, open: OpenStores): void {
  let store: CacheStore;
  let other: CacheStore;
  beforeAll(() => {
    [store, other] = open();
  });
  afterAll(async () => {
    await store.close();
    if (other !== store) await other.close();
  });

  const put = async (key: string, response = storedResponse(), lifetime = day, by = store) => {
    await by.put(key, response, lifetime, await by.generation(key));
  };
  const ids = async (key: string, from = other) => (await from.get(key)).map(({ id }) => id);
  const keyOf = (title: string) => `${name} ${title}`;

  test("a key has no responses at first", async () => {
    expect(await store.get(keyOf("nothing"))).toEqual([]);
  });

  test("a response is given back as it was, by the other store too", async () => {
    const key = keyOf("whole");
    const selectedBy = [["accept", "text/plain"] as const, ["x-absent", null] as const];
    const response = storedResponse({ selectedBy, trailers: { digest: "x" }, statusText: "Very OK" });
    await put(key, response);
    for (const from of [store, other]) {
      const [found] = await from.get(key);
      expect(found && { ...found, body: [...found.body] }).toEqual({ ...response, body: [...response.body] });
    }
  });

  test("content may be empty or long", async () => {
    const [empty, long] = [keyOf("empty"), keyOf("long")];
    await put(empty, storedResponse({ body: new Uint8Array() }));
    expect((await other.get(empty))[0]?.body.byteLength).toBe(0);
    const body = new Uint8Array(300_000).map((_, i) => i * 7);
    await put(long, storedResponse({ body }));
    expect(Buffer.compare((await other.get(long))[0]?.body ?? new Uint8Array(), body)).toBe(0);
  });

  test("variants are given the newest first; one that is stored again is new, and there once", async () => {
    const key = keyOf("variants");
    for (const id of ["a", "b", "c"]) await put(key, storedResponse({ id }));
    expect(await ids(key)).toEqual(["c", "b", "a"]);
    await put(key, storedResponse({ id: "a", status: 404 }), day, other);
    expect(await ids(key)).toEqual(["a", "c", "b"]);
    expect((await store.get(key))[0]?.status).toBe(404);
  });

  test("of very many variants the newest are kept", async () => {
    const key = keyOf("many");
    for (let i = 0; i < 40; i++) await put(key, storedResponse({ id: String(i), body: new Uint8Array() }));
    const kept = await ids(key);
    expect(kept.length).toBeLessThanOrEqual(33);
    expect(kept.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => String(39 - i)));
  });

  test("an invalidated key has no responses, for the other store too; other keys keep theirs", async () => {
    const [key, beside] = [keyOf("invalidated"), keyOf("beside")];
    await put(key, storedResponse({ id: "a" }));
    await put(key, storedResponse({ id: "b" }));
    await put(beside);
    await other.invalidate(key);
    expect(await store.get(key)).toEqual([]);
    expect(await store.get(beside)).toHaveLength(1);
    await put(key);
    expect(await ids(key)).toEqual(["[]"]);
  });

  test("a response that was under way when its key was invalidated is not stored", async () => {
    const key = keyOf("under way");
    const generation = await store.generation(key);
    await other.invalidate(key);
    await store.put(key, storedResponse(), day, generation);
    expect(await store.get(key)).toEqual([]);
    expect(await store.generation(key)).not.toBe(generation);
    expect(await other.generation(key)).toBe(await store.generation(key));
  });

  test("keys and ids are any text", async () => {
    const id = '["\u0000","\u20ac","a\'; DROP TABLE responses; --"]';
    const key = keyOf(`\u20ac " ' ; * ? [a] \n ${"x".repeat(5000)}`);
    await put(key, storedResponse({ id }));
    expect(await ids(key)).toEqual([id]);
  });

  let run = 0;
  test("does what a list for each key does, whichever store is asked", async () => {
    const key = fc.constantFrom("a", "b");
    const by = fc.boolean();
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("put" as const),
        key,
        by,
        id: fc.constantFrom("1", "2", "3"),
        isLate: fc.boolean(),
      }),
      fc.record({ kind: fc.constant("generation" as const), key, by }),
      fc.record({ kind: fc.constant("invalidate" as const), key, by }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        run += 1;
        const model = new Map<string, { ids: string[]; invalidations: number; read: number }>();
        const read = new Map<string, number>();
        for (const each of steps) {
          const name = keyOf(`model ${run} ${each.key}`);
          const at = model.get(name) ?? { ids: [], invalidations: 0, read: -1 };
          model.set(name, at);
          const asked = each.by ? store : other;
          if (each.kind === "invalidate") {
            await asked.invalidate(name);
            at.ids = [];
            at.invalidations += 1;
          } else if (each.kind === "generation") {
            read.set(name, await asked.generation(name));
            at.read = at.invalidations;
          } else {
            const known = each.isLate ? read.get(name) : undefined;
            await asked.put(name, storedResponse({ id: each.id }), day, known ?? (await asked.generation(name)));
            if (known === undefined || at.read === at.invalidations) {
              at.ids = [each.id, ...at.ids.filter((id) => id !== each.id)];
            }
          }
          expect(await ids(name, each.by ? other : store)).toEqual(at.ids);
        }
      }),
      { numRuns: 30 },
    );
  });
}

/** What stores of several gateways keep besides. */
export function testCacheStoreTurns(name: string, open: OpenStores): void {
  let store: CacheStore;
  let other: CacheStore;
  beforeAll(() => {
    [store, other] = open();
  });
  afterAll(() => Promise.all([store.close(), other.close()]));
  const take = (key: string, seconds: number, by: CacheStore) => by.lease?.(`${name} ${key}`, seconds);
  const wait = (key: string, seconds: number, by: CacheStore) => by.wait?.(`${name} ${key}`, seconds);

  describe("turns", () => {
    test("one takes the turn, nobody else until it is given back", async () => {
      const lease = await take("a", 60, store);
      expect(lease).not.toBeNull();
      expect([await take("a", 60, other), await take("a", 60, store)]).toEqual([null, null]);
      expect(await take("b", 60, other)).not.toBeNull();
      const waiting = wait("a", 60, other);
      lease?.release();
      await waiting;
      expect(await take("a", 60, other)).not.toBeNull();
    });

    test("of many who ask at the same time one gets it", async () => {
      const asked = await Promise.all(Array.from({ length: 20 }, (_, i) => take("rush", 60, i % 2 ? store : other)));
      expect(asked.filter((lease) => lease !== null)).toHaveLength(1);
    });

    test("a turn runs out; who had it then cannot give back that of another", async () => {
      const first = await take("short", 0.05, store);
      await wait("short", 60, other);
      const second = await take("short", 60, other);
      expect(second).not.toBeNull();
      first?.release();
      expect(await take("short", 60, store)).toBeNull();
    });

    test("who waits for nothing does not wait, and nobody waits longer than said", async () => {
      await wait("nobody's", 60, store);
      await take("long", 60, store);
      await wait("long", 0.06, other);
      expect(await take("long", 60, other)).toBeNull();
    });
  });
}
