import { describe, expect, test } from "vitest";
import { createMemoryStore, MemoryStoreFullError } from "../src/idempotency/index.ts";
import { testIdempotencyStore } from "./test-idempotency-store.ts";

describe("the store in memory", () => {
  const store = createMemoryStore();
  testIdempotencyStore(async () => ({ store, close() {} }));

  const options = { fingerprint: "f", token: "t", lease: 1000, ttl: 1000 };
  const answer = (length: number) => ({ status: 200, headers: [], body: new Uint8Array(length) });

  test("when there are too many keys, the oldest finished one goes first, and none that is under way", async () => {
    const bounded = createMemoryStore({ maxKeys: 3 });
    await bounded.begin("running", options);
    for (const id of ["old", "new"]) {
      await bounded.begin(id, options);
      await bounded.complete(id, "t", answer(1), 1000);
    }
    await bounded.begin("next", options);
    expect((await bounded.begin("running", options)).state).toBe("running");
    expect((await bounded.begin("new", options)).state).toBe("completed");
    expect((await bounded.begin("old", options)).state).toBe("begun");
  });

  test("when all of them are under way, another one is refused", async () => {
    const bounded = createMemoryStore({ maxKeys: 1 });
    await bounded.begin("a", options);
    await expect(bounded.begin("b", options)).rejects.toThrow(MemoryStoreFullError);
    await bounded.release("a", "t");
    expect((await bounded.begin("b", options)).state).toBe("begun");
  });

  test("when it is full, a request that never ended makes room once its lease has run out", async () => {
    let time = 0;
    const bounded = createMemoryStore({ maxKeys: 2, now: () => time });
    const lasting = { ...options, ttl: 100_000 };
    for (const id of ["dead", "alive"]) await bounded.begin(id, lasting);
    time = 999;
    await bounded.renew("alive", "t", 1000);
    await expect(bounded.begin("next", lasting)).rejects.toThrow(MemoryStoreFullError);
    time = 1000;
    expect(await bounded.begin("next", lasting)).toEqual({ state: "begun", attempt: 1 });
    expect((await bounded.begin("alive", lasting)).state).toBe("running");
  });

  test("when bodies are too large together, the oldest go", async () => {
    const bounded = createMemoryStore({ maxBytes: 10 });
    for (const id of ["a", "b", "c"]) {
      await bounded.begin(id, options);
      await bounded.complete(id, "t", answer(6), 1000);
    }
    await bounded.begin("d", options);
    expect((await bounded.begin("c", options)).state).toBe("completed");
    expect((await bounded.begin("a", options)).state).toBe("begun");
  });

  test("time is what it is told", async () => {
    let time = 0;
    const clocked = createMemoryStore({ now: () => time });
    await clocked.begin("a", options);
    time = 999;
    expect((await clocked.begin("a", options)).state).toBe("running");
    time = 1000;
    expect(await clocked.begin("a", options)).toEqual({ state: "begun", attempt: 1 });
  });
});
