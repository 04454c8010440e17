import { randomUUID } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { type CacheStore, maxVariants, type StoredResponse } from "../cache-store.ts";
import { CacheStoreError } from "./cache-store-error.ts";
import { bucketOf } from "./key-bucket.ts";
import { parseStoredResponse, serializeStoredResponse } from "./stored-response-bytes.ts";
import { waitForTurn } from "./wait-for-turn.ts";

/** Bounds of a store in SQLite. */
export interface SqliteCacheStoreOptions {
  /** What all responses may take together, in bytes; default 64 MiB. The file is larger by what SQLite needs itself. */
  readonly maxBytes?: number;
  /** The time in milliseconds since 1970, the same for all processes on the file; default `Date.now`. */
  readonly clock?: () => number;
  /** Milliseconds between two looks at whether another process is done; default 25. */
  readonly interval?: number;
}

type Value = string | number | Uint8Array;

interface Statement {
  get(...values: Value[]): unknown;
  all(...values: Value[]): unknown[];
  run(...values: Value[]): { readonly changes: number | bigint };
}

/** What `node:sqlite` and `libsql` have in common. */
interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

/** Says in the file whose it is, so that no other database is ever written to: `Cors` in ASCII. */
const applicationId = 0x43_6f_72_73;
/** Changes with the tables. A file of another version is emptied: it is only a cache. */
const schemaVersion = 1;
/** Milliseconds to wait for another process that writes. */
const busyTime = 2000;
/** What a response takes besides its bytes and key, roughly. */
const overhead = 256;
/** How exactly it is known when a response was last used, in milliseconds: to note it is to write. */
const usePrecision = 30_000;

const schema = `
DROP TABLE IF EXISTS responses; DROP TABLE IF EXISTS total; DROP TABLE IF EXISTS generations; DROP TABLE IF EXISTS turns;
CREATE TABLE responses (
  number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, id TEXT NOT NULL, content BLOB NOT NULL,
  bytes INTEGER NOT NULL, ends INTEGER NOT NULL, used INTEGER NOT NULL, UNIQUE (key, id)
);
CREATE INDEX responses_used ON responses (used);
CREATE INDEX responses_ends ON responses (ends);
CREATE TABLE total (bytes INTEGER NOT NULL);
INSERT INTO total VALUES (0);
CREATE TRIGGER response_added AFTER INSERT ON responses BEGIN UPDATE total SET bytes = bytes + new.bytes; END;
CREATE TRIGGER response_removed AFTER DELETE ON responses BEGIN UPDATE total SET bytes = bytes - old.bytes; END;
CREATE TABLE generations (bucket INTEGER PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE turns (key TEXT PRIMARY KEY, token TEXT NOT NULL, ends INTEGER NOT NULL);
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${schemaVersion};`;

/**
 * Opens a cache store in a file of SQLite, which survives restarts and is shared by the processes of one machine. It
 * uses `node:sqlite` where Node has it, else the package `libsql`. What was used longest ago goes first when it is full.
 *
 * @throws {CacheStoreError} `library-missing`; `file-foreign` when the file is not one of this store's, which is then
 * left as it is; `file-unusable` when it cannot be opened or is damaged
 */
export function openSqliteCacheStore(file: string, options: SqliteCacheStoreOptions = {}): CacheStore {
  const database = openDatabase(file);
  try {
    prepareFile(database);
    return new SqliteStore(database, options);
  } catch (cause) {
    database.close();
    throw cause instanceof CacheStoreError ? cause : unusable(file, cause);
  }
}

class SqliteStore implements CacheStore {
  readonly #database: Database;
  readonly #maxBytes: number;
  readonly #clock: () => number;
  readonly #interval: number;
  readonly #find: Statement;
  readonly #use: Statement;
  readonly #remove: Statement;
  readonly #removeAll: Statement;
  readonly #removeEnded: Statement;
  readonly #removeVariants: Statement;
  readonly #removeLeastUsed: Statement;
  readonly #add: Statement;
  readonly #total: Statement;
  readonly #generation: Statement;
  readonly #count: Statement;
  readonly #holder: Statement;
  readonly #removeTurns: Statement;
  readonly #takeTurn: Statement;
  readonly #giveBack: Statement;

  constructor(database: Database, { maxBytes = 67_108_864, clock = Date.now, interval = 25 }: SqliteCacheStoreOptions) {
    this.#database = database;
    this.#maxBytes = maxBytes;
    this.#clock = clock;
    this.#interval = interval;
    const prepare = (sql: string) => database.prepare(sql);
    this.#find = prepare("SELECT content, used FROM responses WHERE key = ? AND ends > ? ORDER BY number DESC");
    this.#use = prepare("UPDATE responses SET used = ? WHERE key = ?");
    this.#remove = prepare("DELETE FROM responses WHERE key = ? AND id = ?");
    this.#removeAll = prepare("DELETE FROM responses WHERE key = ?");
    this.#removeEnded = prepare("DELETE FROM responses WHERE ends <= ?");
    this.#removeVariants = prepare(
      `DELETE FROM responses WHERE number IN
        (SELECT number FROM responses WHERE key = ? ORDER BY number DESC LIMIT -1 OFFSET ${maxVariants})`,
    );
    this.#removeLeastUsed = prepare(
      "DELETE FROM responses WHERE number = (SELECT number FROM responses ORDER BY used, number LIMIT 1)",
    );
    this.#add = prepare("INSERT INTO responses (key, id, content, bytes, ends, used) VALUES (?, ?, ?, ?, ?, ?)");
    this.#total = prepare("SELECT bytes FROM total");
    this.#generation = prepare("SELECT count FROM generations WHERE bucket = ?");
    this.#count = prepare("INSERT INTO generations VALUES (?, 1) ON CONFLICT (bucket) DO UPDATE SET count = count + 1");
    this.#holder = prepare("SELECT token FROM turns WHERE key = ? AND ends > ?");
    this.#removeTurns = prepare("DELETE FROM turns WHERE ends <= ?");
    this.#takeTurn = prepare("INSERT OR IGNORE INTO turns VALUES (?, ?, ?)");
    this.#giveBack = prepare("DELETE FROM turns WHERE key = ? AND token = ?");
  }

  get(key: string): StoredResponse[] {
    const now = this.#clock();
    const rows = this.#find.all(key, now) as {
      // `libsql` gives the one, `node:sqlite` the other.
      readonly content: ArrayBuffer | Uint8Array;
      readonly used: number;
    }[];
    const [newest] = rows;
    if (newest !== undefined && newest.used < now - usePrecision) this.#use.run(now, key);
    return rows.map(({ content }) => parseStoredResponse(bytesOf(content)));
  }

  put(key: string, response: StoredResponse, lifetime: number, generation: number): void {
    const content = serializeStoredResponse(response);
    const bytes = content.byteLength + key.length + overhead;
    const now = this.#clock();
    this.#atOnce(() => {
      if (this.generation(key) !== generation) return;
      // Also when the new one is too long: what it replaces is no longer what the upstream says.
      this.#remove.run(key, response.id);
      this.#removeEnded.run(now);
      if (bytes > this.#maxBytes) return;
      this.#add.run(key, response.id, content, bytes, Math.floor(now + lifetime * 1000), now);
      this.#removeVariants.run(key);
      while (numberIn(this.#total.get(), "bytes") > this.#maxBytes) this.#removeLeastUsed.run();
    });
  }

  generation(key: string): number {
    return numberIn(this.#generation.get(bucketOf(key)), "count");
  }

  invalidate(key: string): void {
    this.#atOnce(() => {
      this.#count.run(bucketOf(key));
      this.#removeAll.run(key);
    });
  }

  async lease(key: string, seconds: number): Promise<{ release(): void } | null> {
    const now = this.#clock();
    const token = randomUUID();
    const isTaken = this.#atOnce(() => {
      this.#removeTurns.run(now);
      return Number(this.#takeTurn.run(key, token, Math.ceil(now + seconds * 1000)).changes) === 1;
    });
    return isTaken ? { release: () => this.#release(key, token) } : null;
  }

  wait(key: string, seconds: number): Promise<void> {
    const holder = () => {
      const row = this.#holder.get(key, this.#clock()) as { readonly token: string } | undefined;
      return row?.token ?? null;
    };
    return waitForTurn(holder, seconds, this.#interval);
  }

  close(): void {
    this.#database.close();
  }

  #release(key: string, token: string): void {
    try {
      this.#giveBack.run(key, token);
    } catch {
      // It runs out by itself.
    }
  }

  /** Runs statements that no other process comes between. */
  #atOnce<T>(run: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = run();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function bytesOf(content: ArrayBuffer | Uint8Array): Uint8Array {
  return content instanceof ArrayBuffer ? new Uint8Array(content) : content;
}

/** The named value of a row; 0 when there is no row. */
function numberIn(row: unknown, name: string): number {
  return Number((row as Record<string, number | bigint> | null | undefined)?.[name] ?? 0);
}

function openDatabase(file: string): Database {
  const builtin = process.getBuiltinModule("node:sqlite") as
    | { readonly DatabaseSync: new (file: string) => Database }
    | undefined;
  const Constructor = builtin?.DatabaseSync ?? libsql();
  try {
    // What is cached may be for this user alone; SQLite gives the files beside it the same permissions.
    closeSync(openSync(file, "a", 0o600));
    return new Constructor(file);
  } catch (cause) {
    throw unusable(file, cause);
  }
}

function libsql(): new (file: string) => Database {
  try {
    return createRequire(import.meta.url)("libsql") as new (
      file: string,
    ) => Database;
  } catch (cause) {
    const message = "A cache in SQLite needs Node 22.13 or later, or the package `libsql`: npm install libsql";
    throw new CacheStoreError("library-missing", message, { cause });
  }
}

function prepareFile(database: Database): void {
  database.exec(`PRAGMA busy_timeout = ${busyTime}`);
  const owner = numberIn(database.prepare("PRAGMA application_id").get(), "application_id");
  const tables = numberIn(database.prepare("SELECT count(*) AS count FROM sqlite_master").get(), "count");
  if (owner !== applicationId && (owner !== 0 || tables > 0)) {
    throw new CacheStoreError("file-foreign", "The file is a database of something else. Name another for the cache.");
  }
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec("BEGIN IMMEDIATE");
  // Another process may have done it in the meantime.
  const version = numberIn(database.prepare("PRAGMA user_version").get(), "user_version");
  if (version !== schemaVersion) database.exec(schema);
  database.exec("COMMIT");
}

function unusable(file: string, cause: unknown): CacheStoreError {
  const message = `The cache file ${file} cannot be used: ${(cause as Error).message}. If it is damaged, remove it.`;
  return new CacheStoreError("file-unusable", message, { cause });
}
