/**
 * The statements of the stores in SQL, which SQLite and PostgreSQL both understand. Values go by name here and by
 * position there.
 */
export interface SqlStatements {
  readonly create: readonly string[];
  /** Gives the attempt, or nothing when the id is somebody else's. */
  readonly begin: string;
  readonly find: string;
  readonly renew: string;
  readonly complete: string;
  readonly release: string;
  readonly sweep: string;
}

/**
 * Writes the statements for a table.
 *
 * @param time expression for the time in milliseconds since 1970
 * @param parameter how the n-th parameter is written; each is used once, in order, so that it may be a plain `?`
 * @throws {TypeError} when the name of the table is more than a name, since it becomes part of the statements
 */
export function sqlStatements(table: string, time: string, parameter: (position: number) => string): SqlStatements {
  if (!/^[a-z_][a-z0-9_]{0,50}(?:\.[a-z_][a-z0-9_]{0,50})?$/i.test(table)) {
    throw new TypeError(`${JSON.stringify(table)} is no plain name of a table.`);
  }
  const [id, fingerprint, token, lease, ttl] = [1, 2, 3, 4, 5].map(parameter);
  return {
    create: [
      `CREATE TABLE IF NOT EXISTS ${table} (
        id TEXT PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        token TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        lease_end BIGINT NOT NULL,
        expiry BIGINT NOT NULL,
        response TEXT
      )`,
      `CREATE INDEX IF NOT EXISTS ${table.replace(".", "_")}_expiry ON ${table} (expiry)`,
    ],
    // One statement, so that of all who ask at the same time one begins, whatever the isolation.
    begin: `INSERT INTO ${table} AS kept (id, fingerprint, token, attempt, lease_end, expiry)
      VALUES (${id}, ${fingerprint}, ${token}, 1, ${time} + ${lease}, ${time} + ${ttl})
      ON CONFLICT (id) DO UPDATE SET
        attempt = CASE WHEN kept.expiry <= ${time} THEN 1 ELSE kept.attempt + 1 END,
        fingerprint = excluded.fingerprint, token = excluded.token, lease_end = excluded.lease_end,
        expiry = excluded.expiry, response = NULL
      WHERE kept.expiry <= ${time}
        OR (kept.response IS NULL AND kept.lease_end <= ${time} AND kept.fingerprint = excluded.fingerprint)
      RETURNING attempt`,
    find: `SELECT fingerprint, response FROM ${table} WHERE id = ${parameter(1)}`,
    renew: `UPDATE ${table} SET lease_end = ${time} + ${parameter(1)}
      WHERE id = ${parameter(2)} AND token = ${parameter(3)} AND response IS NULL RETURNING id`,
    complete: `UPDATE ${table} SET response = ${parameter(1)}, expiry = ${time} + ${parameter(2)}
      WHERE id = ${parameter(3)} AND token = ${parameter(4)} AND response IS NULL RETURNING id`,
    release: `DELETE FROM ${table} WHERE id = ${parameter(1)} AND token = ${parameter(2)} AND response IS NULL`,
    sweep: `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expiry <= ${time} LIMIT 100)`,
  };
}

/** Every so many beginnings, what is due is swept out: more than comes in, and never much at once. */
export const sweepInterval = 50;
