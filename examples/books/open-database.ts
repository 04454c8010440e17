import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { guardSqlite } from "@corsac/server/safe-method";
import Database from "libsql";
import { seedBooks } from "./seed-books.ts";

const version = 1;

const schema = `
  CREATE TABLE books (title TEXT PRIMARY KEY, author TEXT NOT NULL, year INTEGER NOT NULL, revision INTEGER NOT NULL) STRICT;
  CREATE TABLE orders (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, copies INTEGER NOT NULL, placed_at TEXT NOT NULL, request TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE revisions (list TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT;
  INSERT INTO revisions VALUES ('books', 1), ('orders', 1);
  PRAGMA user_version = ${version};
`;

/**
 * Opens the database of the shop. A new one begins with the seed; an existing one stays as it is. Statements that write
 * throw while a safe request is being served.
 *
 * @param file of SQLite, `:memory:` for none
 * @throws {Error} when the file is of another version
 */
export function openDatabase(file: string): Database.Database {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
  const database = new Database(file);
  // Readers and one writer at once; a second process waits for its turn.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000");
  const seed = database.transaction(() => {
    const { user_version: found } = database.prepare("PRAGMA user_version").get() as { readonly user_version: number };
    if (found === version) return;
    if (found !== 0) throw new Error(`${file} has version ${found} of the tables, this program has ${version}.`);
    database.exec(schema);
    const insert = database.prepare("INSERT INTO books VALUES (?, ?, ?, 1)");
    for (const [title, author, year] of seedBooks) insert.run(title, author, year);
  });
  seed.immediate();
  return guardSqlite(database);
}
