import { afterAll, describe, expect, test } from "vitest";
import { createPostgresStore } from "../src/idempotency/postgres-store.ts";
import { openPool } from "./open-pool.ts";
import { startService } from "./start-service.ts";
import { testIdempotencyStore } from "./test-idempotency-store.ts";

const service = await startService("postgres");
afterAll(() => service.stop());
const connectionString = service.url ?? "";

describe.skipIf(service.url === null)(`the store in PostgreSQL${service.note}`, () => {
  testIdempotencyStore(async () => {
    const pool = openPool({ connectionString });
    return { store: createPostgresStore(pool), close: () => pool.end() };
  });

  test("many create its table at the same time", async () => {
    const pools = Array.from({ length: 8 }, () => openPool({ connectionString, max: 1 }));
    const options = { fingerprint: "f", token: "t", lease: 60_000, ttl: 60_000 };
    const states = await Promise.all(
      pools.map((pool, index) => createPostgresStore(pool, { table: "fresh" }).begin(`${index}`, options)),
    );
    expect(states.map(({ state }) => state)).toEqual(pools.map(() => "begun"));
    await Promise.all(pools.map((pool) => pool.end()));
  });

  test("a database that cannot be reached rejects, and is asked again", async () => {
    const pool = openPool({ connectionString: "postgres://nobody@127.0.0.1:1/none" });
    const store = createPostgresStore(pool);
    const options = { fingerprint: "f", token: "t", lease: 60_000, ttl: 60_000 };
    await expect(store.begin("a", options)).rejects.toThrow();
    await expect(store.begin("a", options)).rejects.toThrow();
    await pool.end();
  });
});
