import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { IdempotencyStore, StoredResponse } from "../src/idempotency/index.ts";

/** Connections to one and the same store, each as another process has it. */
export type OpenStore = () => Promise<{ store: IdempotencyStore; close(): unknown }>;

const day = 86_400_000;
const long = 60_000;
const response: StoredResponse = {
  status: 201,
  headers: [
    ["content-type", "text/plain; charset=utf-8"],
    ["location", "/orders/1"],
    ["link", "</a>"],
    ["link", "</b>"],
  ],
  body: new Uint8Array([0, 255, 10, 13, 226, 130, 172, 39, 34, 92]),
};

/** Waits until something holds: leases end by the store's own clock. */
async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    await sleep(5);
  }
}

/** What every store keeps. */
export function testIdempotencyStore(open: OpenStore): void {
  let opened: Awaited<ReturnType<OpenStore>>[] = [];
  let store: IdempotencyStore;
  let other: IdempotencyStore;
  beforeAll(async () => {
    opened = [await open(), await open()];
    [store, other] = opened.map(({ store }) => store) as [IdempotencyStore, IdempotencyStore];
  });
  afterAll(() => Promise.all(opened.map(({ close }) => close())));

  const newId = () => randomUUID().replaceAll("-", "").repeat(2);
  const begin = (id: string, token: string, { lease = long, ttl = day, fingerprint = "f" } = {}, from = store) =>
    from.begin(id, { fingerprint, token, lease, ttl });

  test("who comes first begins; who comes then is told that it is under way", async () => {
    const id = newId();
    expect(await begin(id, "a")).toEqual({ state: "begun", attempt: 1 });
    expect(await begin(id, "b", {}, other)).toEqual({ state: "running", fingerprint: "f" });
    expect(await begin(newId(), "b", {}, other)).toEqual({ state: "begun", attempt: 1 });
  });

  test("a response is given back as it was, byte by byte, to another process too", async () => {
    const id = newId();
    await begin(id, "a");
    expect(await store.complete(id, "a", response, day)).toBe(true);
    const completed = { state: "completed", fingerprint: "f", response };
    expect(await begin(id, "b")).toEqual(completed);
    expect(await begin(id, "b", { fingerprint: "g" }, other)).toEqual(completed);
  });

  test("an empty body is not a missing one", async () => {
    for (const body of [new Uint8Array(), null]) {
      const id = newId();
      await begin(id, "a");
      await store.complete(id, "a", { ...response, body }, day);
      expect(await begin(id, "b")).toMatchObject({ response: { body } });
    }
  });

  test("a body of a mebibyte", async () => {
    const id = newId();
    const body = new Uint8Array(1_048_576).fill(7);
    await begin(id, "a");
    await store.complete(id, "a", { ...response, body }, day);
    const found = await begin(id, "b");
    expect(found.state === "completed" && found.response.body?.byteLength).toBe(body.byteLength);
  });

  test("a released id is forgotten", async () => {
    const id = newId();
    await begin(id, "a");
    await store.release(id, "a");
    expect(await begin(id, "b", { fingerprint: "g" }, other)).toEqual({ state: "begun", attempt: 1 });
  });

  test("when a lease has run out, the next one begins and is told how many came before", async () => {
    const id = newId();
    await begin(id, "a", { lease: 20 });
    const next = await until(
      () => begin(id, "b", { lease: 20 }, other),
      ({ state }) => state === "begun",
    );
    expect(next).toEqual({ state: "begun", attempt: 2 });
    const third = await until(
      () => begin(id, "c"),
      ({ state }) => state === "begun",
    );
    expect(third).toEqual({ state: "begun", attempt: 3 });
  });

  test("a dead one's id is not for another payload", async () => {
    const id = newId();
    await begin(id, "a", { lease: 1 });
    await sleep(30);
    expect(await begin(id, "b", { fingerprint: "g" })).toEqual({ state: "running", fingerprint: "f" });
    expect(await begin(id, "b")).toEqual({ state: "begun", attempt: 2 });
  });

  test("who has lost the lease can do nothing any more", async () => {
    const id = newId();
    await begin(id, "a", { lease: 1 });
    await until(
      () => begin(id, "b", {}, other),
      ({ state }) => state === "begun",
    );
    expect(await store.renew(id, "a", long)).toBe(false);
    expect(await store.complete(id, "a", response, day)).toBe(false);
    await store.release(id, "a");
    expect(await begin(id, "c")).toEqual({ state: "running", fingerprint: "f" });
    expect(await other.complete(id, "b", { ...response, status: 202 }, day)).toBe(true);
    expect(await begin(id, "c")).toMatchObject({ state: "completed", response: { status: 202 } });
  });

  test("what is completed stays as it is", async () => {
    const id = newId();
    await begin(id, "a");
    await store.complete(id, "a", response, day);
    expect(await store.complete(id, "a", { ...response, status: 500 }, day)).toBe(false);
    expect(await store.renew(id, "a", long)).toBe(false);
    await store.release(id, "a");
    expect(await begin(id, "b")).toMatchObject({ state: "completed", response: { status: 201 } });
  });

  test("a renewed lease lasts", async () => {
    const id = newId();
    await begin(id, "a", { lease: 1000 });
    expect(await store.renew(id, "a", long)).toBe(true);
    await sleep(1050);
    expect(await begin(id, "b")).toEqual({ state: "running", fingerprint: "f" });
  });

  test("after its time, an id is forgotten with its response, its attempts and its fingerprint", async () => {
    const [completed, dead] = [newId(), newId()];
    await begin(completed, "a");
    await store.complete(completed, "a", response, 20);
    await begin(dead, "a", { lease: 1, ttl: 20 });
    for (const id of [completed, dead]) {
      const next = await until(
        () => begin(id, "b", { fingerprint: "g" }),
        ({ state }) => state === "begun",
      );
      expect(next).toEqual({ state: "begun", attempt: 1 });
    }
  });

  test("what was never begun cannot be renewed or completed", async () => {
    const id = newId();
    expect(await store.renew(id, "a", long)).toBe(false);
    expect(await store.complete(id, "a", response, day)).toBe(false);
    await store.release(id, "a");
  });

  test("of 50 who ask at the same time, one begins", async () => {
    const id = newId();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => begin(id, `${index}`, {}, index % 2 === 0 ? store : other)),
    );
    expect(answers.filter(({ state }) => state === "begun")).toHaveLength(1);
    expect(answers.filter(({ state }) => state === "running")).toHaveLength(49);
  });

  test("of 50 who find a lease that has run out, one begins", async () => {
    const id = newId();
    await begin(id, "dead", { lease: 1 });
    await sleep(30);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => begin(id, `${index}`, {}, index % 2 === 0 ? store : other)),
    );
    expect(answers.filter(({ state }) => state === "begun")).toEqual([{ state: "begun", attempt: 2 }]);
  });

  test("what is due is swept out while others begin", async () => {
    const ids = Array.from({ length: 60 }, newId);
    for (const id of ids) await begin(id, "a", { ttl: 1, lease: 1 });
    await sleep(20);
    for (let index = 0; index < 120; index++) await begin(newId(), "a", { ttl: 50, lease: 1 });
    expect(await begin(ids[0] as string, "b", { fingerprint: "g" })).toEqual({ state: "begun", attempt: 1 });
  });
}
