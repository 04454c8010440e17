import { assertUnsafeMethod } from "./assert-unsafe-method.ts";
import { guard } from "./guard-sqlite.ts";
import { writingStatement } from "./writing-statement.ts";

/** What the guard uses of a client or a pool of `pg`. */
export interface PostgresQueryable {
  // biome-ignore lint/suspicious/noExplicitAny: it has a dozen overloads.
  query(...given: any[]): any;
}

/**
 * Returns a client or a pool of `pg`, guarded: a statement that writes while a safe request is being served throws before
 * it is sent. Clients that a guarded pool hands out are guarded.
 *
 * @example
 * const pool = guardPostgres(new Pool());
 *
 * @throws {SafeMethodError} when `query` is called
 */
export function guardPostgres<Queryable extends PostgresQueryable>(queryable: Queryable): Queryable {
  return guard(queryable, (property, given) => {
    if (property === "query") {
      const written = writingStatement(textOf(given[0]));
      if (written !== null) assertUnsafeMethod(written);
      return null;
    }
    if (property !== "connect") return null;
    const callback = given[0];
    if (typeof callback === "function") {
      (given as unknown[])[0] = (error: unknown, client: unknown, done: unknown) =>
        callback(error, isQueryable(client) ? guardPostgres(client) : client, done);
    }
    return (result) =>
      result instanceof Promise
        ? result.then((client: unknown) => (isQueryable(client) ? guardPostgres(client) : client))
        : result;
  });
}

function isQueryable(client: unknown): client is PostgresQueryable {
  return typeof client === "object" && client !== null && "query" in client;
}

function textOf(query: unknown): string {
  if (typeof query === "object" && query !== null && "text" in query) return String(query.text);
  return String(query);
}
