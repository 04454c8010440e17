import Database from "libsql";
import { afterAll, describe, expect, test } from "vitest";
import { guardSqlite, SafeMethodError } from "../src/unsafe-method/index.ts";
import { serveMethod } from "../src/unsafe-method/method-context.ts";

const database = guardSqlite(new Database(":memory:"));
database.exec("CREATE TABLE books (title TEXT PRIMARY KEY, version INTEGER)");
afterAll(() => database.close());

const inGet = <T>(work: () => T): T => serveMethod("GET", "/books", undefined, work);
const inPut = <T>(work: () => T): T => serveMethod("PUT", "/books", undefined, work);
const count = () => (database.prepare("SELECT count(*) AS n FROM books").get() as { readonly n: number }).n;

describe("while a safe request is served", () => {
  const insert = "INSERT INTO books VALUES (?, 1)";
  const rows: Record<string, () => unknown> = {
    "a prepared statement that writes": () => database.prepare(insert).run("a"),
    "one that gives rows": () => database.prepare(`${insert} RETURNING title`).get("a"),
    "all of them": () => database.prepare(`${insert} RETURNING title`).all("a"),
    "a script": () => database.exec("SELECT 1; INSERT INTO books VALUES ('a', 1)"),
    "a transaction": () => database.transaction(() => database.prepare(insert).run("a"))(),
    "a pragma": () => database.pragma("user_version = 2"),
    "a statement that was prepared before": (
      (prepared) => () =>
        prepared.run("a")
    )(database.prepare(insert)),
  };
  test.each(Object.entries(rows))("%s throws, and nothing is written", (_, work) => {
    expect(() => inGet(work)).toThrow(SafeMethodError);
    expect([count(), database.prepare("PRAGMA user_version").get()]).toMatchObject([0, { user_version: 0 }]);
  });

  test("reading works", () => {
    expect(inGet(count)).toBe(0);
    expect(inGet(() => database.prepare("SELECT title FROM books").all())).toEqual([]);
    expect(() => inGet(() => database.exec("BEGIN; SELECT 1; COMMIT"))).not.toThrow();
  });
});

test("an unsafe request writes, and transactions hold", () => {
  inPut(() => database.prepare("INSERT INTO books VALUES (?, 1)").run("Dune"));
  const failing = database.transaction(() => {
    database.prepare("UPDATE books SET version = 2").run();
    throw new Error("no");
  });
  expect(() => inPut(() => failing())).toThrow("no");
  expect(database.prepare("SELECT * FROM books").get()).toMatchObject({ title: "Dune", version: 1 });
});

test("properties are those of the connection", () => {
  expect(database.inTransaction).toBe(false);
  expect(database.prepare("SELECT title FROM books").raw().get()).toEqual(["Dune"]);
});
