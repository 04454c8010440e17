import { expect, test } from "vitest";
import { readIdempotencyOptions } from "./idempotency-options.ts";
import { createRun } from "./idempotent-run.ts";
import { createMemoryStore } from "./memory-store.ts";

test.each([
  [0, "begun"],
  [101, "begun"],
  [200, "completed"],
  [404, "completed"],
  [401, "begun"],
  [429, "begun"],
  [500, "begun"],
])("after %i the next one finds the request %s", async (status, state) => {
  const store = createMemoryStore();
  const options = { fingerprint: "f", token: "t", lease: 1000, ttl: 1000 };
  await store.begin("a", options);
  await createRun(readIdempotencyOptions({ store }), { id: "a", token: "t", attempt: 1 }).finish({
    status,
    headers: [],
    body: new Uint8Array(),
  });
  expect((await store.begin("a", options)).state).toBe(state);
});
