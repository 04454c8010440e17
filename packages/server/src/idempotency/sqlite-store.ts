import { asBookkeeping } from "../unsafe-method/method-context.ts";
import { type Beginning, type IdempotencyStore, parseResponse, serializeResponse } from "./idempotency-store.ts";
import { sqlStatements, sweepInterval } from "./sql-statements.ts";

/** What the store uses of a connection, as `libsql`, `better-sqlite3` and `node:sqlite` have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): {
    // biome-ignore lint/suspicious/noExplicitAny: the libraries differ in what they take and give.
    get(...values: any[]): unknown;
    // biome-ignore lint/suspicious/noExplicitAny: the libraries differ in what they take and give.
    run(...values: any[]): unknown;
  };
}

/** Where a store in SQL keeps its keys. */
export interface SqlStoreOptions {
  /** Default `idempotency_keys`. It is created when it is not there. */
  readonly table?: string;
}

/**
 * Makes a store in a file of SQLite: it survives restarts, and several processes of one machine can share it. Processes
 * that wait for each other need a busy timeout; one of five seconds is set where there is none.
 *
 * @example
 * idempotencyKey({ store: createSqliteStore(new Database("shop.db")) });
 *
 * @throws what the library throws, also when the table cannot be created
 */
export function createSqliteStore(
  database: SqliteDatabase,
  { table = "idempotency_keys" }: SqlStoreOptions = {},
): IdempotencyStore {
  const timeout = database.prepare("PRAGMA busy_timeout").get() as { readonly timeout?: number } | undefined;
  if (timeout?.timeout === 0) database.exec("PRAGMA busy_timeout = 5000");
  // Not the machine's time by a parameter: SQLite's own is the same for all processes and needs none.
  const time = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
  const sql = sqlStatements(table, time, () => "?");
  for (const statement of sql.create) database.exec(statement);
  const [begin, find, renew, complete, release, sweep] = [
    sql.begin,
    sql.find,
    sql.renew,
    sql.complete,
    sql.release,
    sql.sweep,
  ].map((statement) => database.prepare(statement)) as [
    Statement,
    Statement,
    Statement,
    Statement,
    Statement,
    Statement,
  ];
  let begun = 0;
  /** The store's own writing is not what the client asks for. */
  const run = async <T>(work: () => T): Promise<T> => asBookkeeping(work);
  return {
    begin: (id, { fingerprint, token, lease, ttl }) =>
      run((): Beginning => {
        begun += 1;
        if (begun % sweepInterval === 0) sweep.run();
        for (;;) {
          const taken = begin.get(id, fingerprint, token, lease, ttl) as { readonly attempt: number } | undefined;
          if (taken !== undefined && taken !== null) return { state: "begun", attempt: taken.attempt };
          const found = find.get(id) as { readonly fingerprint: string; readonly response: string | null } | undefined;
          // It has been released between the two statements.
          if (found === undefined || found === null) continue;
          if (found.response === null) return { state: "running", fingerprint: found.fingerprint };
          return { state: "completed", fingerprint: found.fingerprint, response: parseResponse(found.response) };
        }
      }),
    renew: (id, token, lease) => run(() => isRow(renew.get(lease, id, token))),
    complete: (id, token, response, ttl) => run(() => isRow(complete.get(serializeResponse(response), ttl, id, token))),
    release: (id, token) =>
      run(() => {
        release.run(id, token);
      }),
  };
}

type Statement = ReturnType<SqliteDatabase["prepare"]>;

function isRow(row: unknown): boolean {
  return row !== undefined && row !== null;
}
