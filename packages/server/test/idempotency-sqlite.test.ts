import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, describe, expect, test } from "vitest";
import { createSqliteStore, type SqliteDatabase } from "../src/idempotency/sqlite-store.ts";
import { testIdempotencyStore } from "./test-idempotency-store.ts";

const folder = mkdtempSync(join(tmpdir(), "corsac-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Library {
  readonly name: string;
  readonly open: ((file: string) => SqliteDatabase & { close(): unknown }) | null;
}

// Node has it from version 22.13 on without a flag.
const nodeSqlite = process.getBuiltinModule("node:sqlite") as
  | { readonly DatabaseSync: new (file: string) => SqliteDatabase & { close(): unknown } }
  | undefined;

const libraries: readonly Library[] = [
  { name: "libsql", open: (file) => new Database(file) as SqliteDatabase & { close(): unknown } },
  { name: "node:sqlite", open: nodeSqlite === undefined ? null : (file) => new nodeSqlite.DatabaseSync(file) },
];

describe.each(libraries)("the store in SQLite by $name", ({ name, open }) => {
  if (open === null) {
    test.skip("this version of Node does not have it", () => {});
    return;
  }
  const file = join(folder, `${name.replace(":", "-")}.db`);
  testIdempotencyStore(async () => {
    const database = open(file);
    return { store: createSqliteStore(database), close: () => database.close() };
  });

  test("survives a restart", async () => {
    const options = { fingerprint: "f", token: "t", lease: 60_000, ttl: 60_000 };
    const before = open(file);
    const store = createSqliteStore(before, { table: "kept" });
    await store.begin("done", options);
    await store.complete("done", "t", { status: 201, headers: [], body: new Uint8Array([1]) }, 60_000);
    await store.begin("under way", options);
    before.close();
    const after = open(file);
    const again = createSqliteStore(after, { table: "kept" });
    expect(await again.begin("done", options)).toMatchObject({ state: "completed", response: { status: 201 } });
    expect((await again.begin("under way", options)).state).toBe("running");
    after.close();
  });

  test("the name of a table is a name", () => {
    const database = open(file);
    expect(() => createSqliteStore(database, { table: "keys; DROP TABLE books" })).toThrow(TypeError);
    database.close();
  });
});
