import type { Pool, PoolClient } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guardPostgres, SafeMethodError } from "../src/unsafe-method/index.ts";
import { serveMethod } from "../src/unsafe-method/method-context.ts";
import { openPool } from "./open-pool.ts";
import { startService } from "./start-service.ts";

const service = await startService("postgres");

describe.skipIf(service.url === null)(`a guarded pool${service.note}`, () => {
  let pool: Pool;
  beforeAll(async () => {
    pool = guardPostgres(openPool({ connectionString: service.url ?? "" }));
    await pool.query("CREATE TABLE books (title text PRIMARY KEY)");
  });
  afterAll(() => pool.end());

  const inGet = <T>(work: () => T): T => serveMethod("GET", "/books", undefined, work);
  const count = async () => (await pool.query("SELECT count(*)::int AS n FROM books")).rows[0].n as number;
  async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }

  const rows: Record<string, () => Promise<unknown>> = {
    "a text": async () => pool.query("INSERT INTO books VALUES ($1)", ["a"]),
    "a configuration": async () => pool.query({ text: "INSERT INTO books VALUES ($1)", values: ["a"] }),
    "a common table expression": async () =>
      pool.query("WITH a AS (INSERT INTO books VALUES ('a') RETURNING *) SELECT * FROM a"),
    "a transaction of a client": () =>
      withClient(async (client) => {
        await client.query("BEGIN");
        try {
          await client.query("INSERT INTO books VALUES ('a')");
        } finally {
          await client.query("ROLLBACK");
        }
      }),
    "a client by callback": () =>
      new Promise((resolve, reject) => {
        pool.connect((error, client, done) => {
          if (error !== undefined || client === undefined) return reject(error);
          try {
            client.query("INSERT INTO books VALUES ('a')").then(resolve, reject);
          } catch (thrown) {
            reject(thrown);
          } finally {
            done();
          }
        });
      }),
  };
  test.each(Object.entries(rows))("while a safe request is served, %s that writes throws", async (_, work) => {
    await expect(inGet(work)).rejects.toThrow(SafeMethodError);
    expect(await inGet(count)).toBe(0);
  });

  test("an unsafe request writes", async () => {
    await serveMethod("POST", "/books", undefined, () =>
      withClient((client) => client.query("INSERT INTO books VALUES ('Dune')")),
    );
    expect(await count()).toBe(1);
  });
});

afterAll(() => service.stop());
