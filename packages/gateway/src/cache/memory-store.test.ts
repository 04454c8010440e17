import { expect, test } from "vitest";
import type { StoredResponse } from "./cache-store.ts";
import { createMemoryCacheStore, type MemoryCacheStore } from "./memory-store.ts";

function stored(id: string, bytes = 1): StoredResponse {
  const body = Buffer.alloc(bytes);
  return {
    ...{ id, selectedBy: [], status: 200, statusText: "OK", headers: {}, trailers: null, body },
    ...{ requestTime: 0, responseTime: 0 },
  };
}

function idsOf(store: MemoryCacheStore, key: string) {
  return store.get(key).map(({ id }) => id);
}

test("the newest comes first, and takes the place of one with its id", () => {
  const store = createMemoryCacheStore();
  for (const id of ["a", "b", "a"]) store.put("key", stored(id), 60, 0);
  expect(idsOf(store, "key")).toEqual(["a", "b"]);
  expect(idsOf(store, "other")).toEqual([]);
});

test("what has no more use goes when its key gets something new", () => {
  let now = 0;
  const store = createMemoryCacheStore({ clock: () => now });
  store.put("key", stored("a"), 10, 0);
  now = 10_000;
  store.put("key", stored("b"), 10, 0);
  expect(idsOf(store, "key")).toEqual(["b"]);
});

test("a response that was under way when its key was invalidated is not stored", () => {
  const store = createMemoryCacheStore();
  const generation = store.generation("key");
  store.put("key", stored("a"), 60, generation);
  store.invalidate("key");
  expect(idsOf(store, "key")).toEqual([]);
  store.put("key", stored("a"), 60, generation);
  expect(idsOf(store, "key")).toEqual([]);
  store.put("key", stored("a"), 60, store.generation("key"));
  expect(idsOf(store, "key")).toEqual(["a"]);
});

test("an invalidation is not forgotten, however many there are", () => {
  const store = createMemoryCacheStore();
  const generation = store.generation("key");
  store.invalidate("key");
  for (let i = 0; i < 20_000; i++) store.invalidate(`other ${i}`);
  store.put("key", stored("a"), 60, generation);
  expect(idsOf(store, "key")).toEqual([]);
});

test("what was used longest ago goes when the store is full, and what is larger than all is not stored", () => {
  const store = createMemoryCacheStore({ maxBytes: 11_000 });
  for (const key of ["a", "b", "c"]) {
    store.put(key, stored(key, 4000), 60, 0);
    store.get("a");
  }
  store.put("huge", stored("huge", 20_000), 60, 0);
  expect(["a", "b", "c", "huge"].filter((key) => idsOf(store, key).length > 0)).toEqual(["a", "c"]);
});

test("fields count, and a key has so many variants and no more", () => {
  const store = createMemoryCacheStore({ maxBytes: 1_000_000 });
  store.put("large", { ...stored("a"), headers: { a: "x".repeat(600_000), b: ["x".repeat(600_000)] } }, 60, 0);
  expect(idsOf(store, "large")).toEqual([]);
  for (let i = 0; i < 100; i++) store.put("key", stored(String(i)), 60, 0);
  expect(idsOf(store, "key")).toHaveLength(32);
});
