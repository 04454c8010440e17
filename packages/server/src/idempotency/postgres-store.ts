import { asBookkeeping } from "../unsafe-method/method-context.ts";
import { type IdempotencyStore, parseResponse, serializeResponse } from "./idempotency-store.ts";
import { sqlStatements, sweepInterval } from "./sql-statements.ts";
import type { SqlStoreOptions } from "./sqlite-store.ts";

/** What the store uses of a pool of `pg`. */
export interface PostgresPool {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * Makes a store in PostgreSQL, for any number of processes and machines. Time is the database's, so that clocks of
 * machines do not matter.
 *
 * @example
 * idempotencyKey({ store: createPostgresStore(new Pool()) });
 *
 * @throws {TypeError} when the name of the table is none
 */
export function createPostgresStore(
  pool: PostgresPool,
  { table = "idempotency_keys" }: SqlStoreOptions = {},
): IdempotencyStore {
  // Not now(), which stands still during a transaction.
  const time = "(extract(epoch from clock_timestamp()) * 1000)::bigint";
  const sql = sqlStatements(table, time, (position) => `$${position}`);
  // Parameters that are added to a time have no type of their own.
  const begin = sql.begin.replace("+ $4", "+ $4::bigint").replace("+ $5", "+ $5::bigint");
  const renew = sql.renew.replace("+ $1", "+ $1::bigint");
  const complete = sql.complete.replace("+ $2", "+ $2::bigint");
  let ready: Promise<void> | null = null;
  let begun = 0;

  async function create(): Promise<void> {
    const found = await pool.query("SELECT to_regclass($1) AS found", [table]);
    if ((found.rows[0] as { readonly found: unknown } | undefined)?.found !== null) return;
    // Of those who create it at the same time, PostgreSQL lets all but one fail.
    const lock = `SELECT pg_advisory_xact_lock(hashtext('${table}'))`;
    await pool.query(["BEGIN", lock, ...sql.create, "COMMIT"].join(";\n"));
  }

  async function query<Row>(text: string, values: unknown[]): Promise<readonly Row[]> {
    return asBookkeeping(async () => {
      ready ??= create();
      try {
        await ready;
      } catch (error) {
        ready = null;
        throw error;
      }
      return (await pool.query(text, values)).rows as readonly Row[];
    });
  }

  return {
    async begin(id, { fingerprint, token, lease, ttl }) {
      begun += 1;
      if (begun % sweepInterval === 0) await query(sql.sweep, []);
      for (;;) {
        const [taken] = await query<{ attempt: number }>(begin, [id, fingerprint, token, lease, ttl]);
        if (taken !== undefined) return { state: "begun", attempt: taken.attempt };
        const [found] = await query<{ fingerprint: string; response: string | null }>(sql.find, [id]);
        // It has been released between the two statements.
        if (found === undefined) continue;
        if (found.response === null) return { state: "running", fingerprint: found.fingerprint };
        return { state: "completed", fingerprint: found.fingerprint, response: parseResponse(found.response) };
      }
    },
    renew: async (id, token, lease) => (await query(renew, [lease, id, token])).length > 0,
    complete: async (id, token, response, ttl) =>
      (await query(complete, [serializeResponse(response), ttl, id, token])).length > 0,
    release: async (id, token) => {
      await query(sql.release, [id, token]);
    },
  };
}
