import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import Database from "libsql";
import { afterAll, describe, expect, test } from "vitest";
import { startService } from "../../server/test/start-service.ts";
import { createMemoryCacheStore } from "../src/cache/memory-store.ts";
import { CacheStoreError } from "../src/cache/stores/cache-store-error.ts";
import { createRedisCacheStore, openRedisCacheStore } from "../src/cache/stores/redis-store.ts";
import { openSqliteCacheStore } from "../src/cache/stores/sqlite-store.ts";
import { storedResponse } from "./stored-response.ts";
import { testCacheStore, testCacheStoreTurns } from "./test-cache-store.ts";

const redis = await startService("redis");
const folder = mkdtempSync(join(tmpdir(), "corsac-cache-"));
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const fileOf = (name: string) => join(folder, `${name}.db`);
const interval = 5;
const url = redis.url ?? "";

describe("the store in memory", () => {
  testCacheStore("memory", () => {
    const store = createMemoryCacheStore();
    return [store, store];
  });
});

describe("the store in SQLite", () => {
  const open = () => openSqliteCacheStore(fileOf("shared"), { interval });
  testCacheStore("sqlite", () => [open(), open()]);
  testCacheStoreTurns("sqlite", () => [open(), open()]);

  test.skipIf(process.platform === "win32")("nobody else can read the files", async () => {
    const store = openSqliteCacheStore(fileOf("private"));
    await store.put("key", storedResponse(), 60, 0);
    for (const file of [fileOf("private"), `${fileOf("private")}-wal`]) {
      expect(statSync(file).mode & 0o077).toBe(0);
    }
    await store.close();
  });

  test("survives a restart", async () => {
    const before = openSqliteCacheStore(fileOf("restart"));
    await before.invalidate("key");
    await before.put("key", storedResponse(), 60, 1);
    await before.close();
    const after = openSqliteCacheStore(fileOf("restart"));
    expect(await after.get("key")).toHaveLength(1);
    expect(await after.generation("key")).toBe(1);
    await after.close();
  });

  test("takes no more bytes than it may; what was used longest ago goes first", async () => {
    let now = 1_700_000_000_000;
    const store = openSqliteCacheStore(fileOf("full"), { maxBytes: 50_000, clock: () => now });
    const body = new Uint8Array(10_000);
    for (const key of ["a", "b", "c", "d"]) {
      now += 60_000;
      await store.put(key, storedResponse({ body }), 86_400, 0);
    }
    now += 60_000;
    expect(await store.get("a")).toHaveLength(1);
    now += 60_000;
    await store.put("e", storedResponse({ body }), 86_400, 0);
    const kept = await Promise.all(["a", "b", "c", "d", "e"].map(async (key) => (await store.get(key)).length));
    expect(kept).toEqual([1, 0, 1, 1, 1]);
    for (let i = 0; i < 60; i++) await store.put(`more ${i}`, storedResponse({ body }), 86_400, 0);
    await store.put("huge", storedResponse({ body: new Uint8Array(60_000) }), 86_400, 0);
    expect(await store.get("huge")).toEqual([]);
    expect(await store.get("more 59")).toHaveLength(1);
    await store.close();
    settle(fileOf("full"));
    expect(statSync(fileOf("full")).size).toBeLessThan(200_000);
  });

  test("gives no response whose lifetime is over, and its place to others", async () => {
    let now = 0;
    const store = openSqliteCacheStore(fileOf("lifetime"), { maxBytes: 30_000, clock: () => now });
    await store.put("short", storedResponse(), 10, 0);
    now = 9999;
    expect(await store.get("short")).toHaveLength(1);
    now = 10_000;
    expect(await store.get("short")).toEqual([]);
    await store.close();
  });

  test("another process sees the same, and each counts the other's", async () => {
    const file = fileOf("processes");
    const store = openSqliteCacheStore(file);
    const script = new URL("./cache-store-process.ts", import.meta.url).pathname;
    const args = ["--conditions=corsac-source", "--import", "tsx", script, file];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
    const ended = once(child, "exit");
    for (let i = 0; i < 100; i++) {
      await store.invalidate("counted");
      await store.put(`here ${i}`, storedResponse(), 60, await store.generation(`here ${i}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).toEqual([0, null]);
    expect(await store.generation("counted")).toBe(200);
    expect(await store.get("there 99")).toHaveLength(1);
    expect(await store.get("here 99")).toHaveLength(1);
    await store.close();
  });

  /** Moves what is in the log beside it into the file. */
  const settle = (file: string) => {
    const database = new Database(file);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
  };

  const codeOf = (open: () => unknown) => {
    try {
      open();
    } catch (error) {
      return error instanceof CacheStoreError ? error.code : error;
    }
    return "opened";
  };

  test("a file that is something else is refused and left as it is", () => {
    writeFileSync(fileOf("text"), "My diary, and not a database of any kind at all.\n".repeat(50));
    const before = readFileSync(fileOf("text"), "utf8");
    expect(codeOf(() => openSqliteCacheStore(fileOf("text")))).toBe("file-unusable");
    expect(readFileSync(fileOf("text"), "utf8")).toBe(before);

    const shop = new Database(fileOf("shop"));
    shop.exec("CREATE TABLE responses (key TEXT); INSERT INTO responses VALUES ('mine')");
    shop.close();
    expect(codeOf(() => openSqliteCacheStore(fileOf("shop")))).toBe("file-foreign");
    const again = new Database(fileOf("shop"));
    expect(again.prepare("SELECT key FROM responses").get()).toMatchObject({ key: "mine" });
    again.close();
    expect(codeOf(() => openSqliteCacheStore(join(folder, "no", "such", "folder.db")))).toBe("file-unusable");
  });

  test("a damaged file is an error of the store, not wrong content", async () => {
    const file = fileOf("damaged");
    const before = openSqliteCacheStore(file);
    for (let i = 0; i < 20; i++) await before.put(`${i}`, storedResponse({ body: new Uint8Array(5000) }), 600, 0);
    await before.close();
    settle(file);
    const handle = openSync(file, "r+");
    // All pages but the first, which says what the file is.
    for (let at = 4096; at < statSync(file).size; at += 4096) writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, at);
    let opened: ReturnType<typeof openSqliteCacheStore> | null = null;
    const failures = [];
    try {
      opened = openSqliteCacheStore(file);
      for (let i = 0; i < 20; i++) await opened.get(`${i}`);
    } catch (error) {
      failures.push(error);
    }
    await opened?.close();
    expect(failures).toHaveLength(1);
  });

  test("a file of another version is emptied", async () => {
    const file = fileOf("version");
    const before = openSqliteCacheStore(file);
    await before.put("key", storedResponse(), 60, 0);
    await before.close();
    const database = new Database(file);
    database.exec("PRAGMA user_version = 9999");
    database.close();
    const after = openSqliteCacheStore(file);
    expect(await after.get("key")).toEqual([]);
    await after.put("key", storedResponse(), 60, 0);
    expect(await after.get("key")).toHaveLength(1);
    await after.close();
  });
});

describe.skipIf(redis.url === null)(`the store in Redis${redis.note}`, () => {
  const open = (prefix = "corsac:cache:") => openRedisCacheStore(url, { prefix, interval });
  testCacheStore("redis", () => [open(), open()]);
  testCacheStoreTurns("redis", () => [open(), open()]);

  test("keys go with the lifetime of what lives longest, and tell no URL", async () => {
    const store = open("lifetimes:");
    const client = new Redis(url);
    const key = "GET https://api.example/secret";
    await store.put(key, storedResponse({ id: "long" }), 600, 0);
    await store.put(key, storedResponse({ id: "short" }), 1, 0);
    const names = await client.keys("lifetimes:*");
    expect(names.join(" ")).not.toContain("secret");
    for (const name of names) expect(await client.pttl(name)).toBeGreaterThan(590_000);
    await store.invalidate(key);
    expect(await client.keys("lifetimes:*")).toEqual(["lifetimes:generations"]);
    await store.put("over", storedResponse(), 0.02, 0);
    await expect.poll(() => store.get("over"), { interval: 5 }).toEqual([]);
    client.disconnect();
    await store.close();
  });

  test("a client of the program's own is used as it is, and closed", async () => {
    const client = new Redis(url);
    const [own, opened] = [createRedisCacheStore(client, { prefix: "own:" }), open("own:")];
    await own.put("key", storedResponse(), 60, 0);
    expect(await opened.get("key")).toHaveLength(1);
    await Promise.all([own.close(), opened.close()]);
    await expect.poll(() => client.status, { interval: 5 }).toBe("end");
  });

  test("stores of other prefixes are other stores", async () => {
    const [one, two] = [open("one:"), open("two:")];
    await one.put("key", storedResponse(), 60, 0);
    await two.invalidate("key");
    expect(await two.get("key")).toEqual([]);
    expect(await one.get("key")).toHaveLength(1);
    await Promise.all([one.close(), two.close()]);
  });

  test("what another version wrote is an error", async () => {
    const store = open("versions:");
    const client = new Redis(url);
    await store.put("key", storedResponse(), 60, 0);
    const [hash = ""] = await client.keys("versions:responses:*");
    await client.hset(hash, "[]", Buffer.from([9, 0, 0, 0, 0]));
    await expect(store.get("key")).rejects.toMatchObject({ name: "CacheStoreError", code: "entry-invalid" });
    client.disconnect();
    await store.close();
  });
});

test("a Redis that is not there fails soon", async () => {
  const store = openRedisCacheStore("redis://127.0.0.1:1");
  await expect(store.get("key")).rejects.toThrow();
  await store.close();
});
