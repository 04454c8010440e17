import { describe, expect, test } from "vitest";
import { writingStatement } from "./writing-statement.ts";

describe("what reads", () => {
  test.each([
    "",
    ";;",
    "SELECT 1",
    "  select * from books",
    "-- UPDATE books\nSELECT 1",
    "/* DELETE */ SELECT 'INSERT INTO x', \"update\" FROM t",
    "SELECT 'it''s; DELETE FROM x'",
    "SELECT E'\\'; DELETE FROM x'",
    "SELECT $$; DELETE FROM x $$, $tag$ UPDATE $$ $tag$",
    "SELECT $1, deleted, updates FROM t WHERE insert_date > $2",
    "SELECT [update] FROM t",
    "SELECT `delete` FROM t",
    "WITH a AS (SELECT 1) SELECT * FROM a",
    "(SELECT 1) UNION (SELECT 2)",
    "VALUES (1)",
    "TABLE books",
    "EXPLAIN SELECT 1",
    "SELECT * FROM t FOR UPDATE",
    "SELECT * FROM t FOR NO KEY UPDATE SKIP LOCKED",
    "BEGIN; SELECT 1; COMMIT",
    "SAVEPOINT a",
    "SHOW server_version",
    "SET search_path = shop",
    "COPY books TO STDOUT",
    "PRAGMA table_info(books)",
    "PRAGMA user_version",
    "PRAGMA busy_timeout = 5000",
    "pragma main.foreign_key_list('books')",
  ])("%s", (sql) => expect(writingStatement(sql)).toBeNull());
});

describe("what writes is named", () => {
  test.each([
    ["INSERT INTO books VALUES (1)", "INSERT INTO books"],
    ["  -- why\n update books\n set a = 1", "update books set"],
    ["DELETE FROM books", "DELETE FROM books"],
    ["REPLACE INTO books VALUES (1)", "REPLACE INTO books"],
    ["MERGE INTO books USING x", "MERGE INTO books"],
    ["WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a", "WITH a AS"],
    ["WITH gone AS (DELETE FROM b RETURNING *) SELECT * FROM gone", "WITH gone AS"],
    ["SELECT * INTO copy FROM books", "SELECT * INTO"],
    ["EXPLAIN ANALYZE DELETE FROM books", "EXPLAIN ANALYZE DELETE"],
    ["SELECT 1; DROP TABLE books", "DROP TABLE books"],
    ["BEGIN; UPDATE books SET a = ''; COMMIT", "UPDATE books SET"],
    ["CREATE TABLE a (b)", "CREATE TABLE a"],
    ["TRUNCATE books", "TRUNCATE books"],
    ["VACUUM", "VACUUM"],
    ["CALL pay(1)", "CALL pay(1)"],
    ["DO $$ BEGIN DELETE FROM x; END $$", "DO ''"],
    ["COPY books FROM STDIN", "COPY books FROM"],
    ["PREPARE p AS UPDATE books SET a = 1", "PREPARE p AS"],
    ["EXECUTE p", "EXECUTE p"],
    ["PRAGMA user_version = 2", "PRAGMA user_version ="],
    ["PRAGMA journal_mode(WAL)", "PRAGMA journal_mode(WAL)"],
    ["PRAGMA incremental_vacuum", "PRAGMA incremental_vacuum"],
    ["whatever this is", "whatever this is"],
  ])("%s", (sql, want) => expect(writingStatement(sql)).toBe(want));
});
