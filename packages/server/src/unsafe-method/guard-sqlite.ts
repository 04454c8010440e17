import { assertUnsafeMethod } from "./assert-unsafe-method.ts";
import { writingStatement } from "./writing-statement.ts";

/** What the guard uses of a connection, as `libsql`, `better-sqlite3` and `node:sqlite` have it. */
export interface SqliteConnection {
  // biome-ignore lint/suspicious/noExplicitAny: their statements have no type in common.
  prepare(sql: string): any;
  // biome-ignore lint/suspicious/noExplicitAny: what they return differs, too.
  exec(sql: string): any;
}

/** What executes a prepared statement. */
const executing = new Set<PropertyKey>(["all", "get", "iterate", "run"]);

/**
 * Returns the connection, guarded: a statement that writes while a safe request is being served throws. Everything else
 * of the connection is there as it was.
 *
 * @example
 * const database = guardSqlite(new Database("books.db"));
 *
 * @throws {SafeMethodError} when a statement is executed
 */
export function guardSqlite<Connection extends SqliteConnection>(connection: Connection): Connection {
  return guard(connection, (property, given) => {
    if (property === "exec") assertMayWrite(given[0]);
    if (property === "pragma") assertMayWrite(`PRAGMA ${given[0]}`);
    if (property !== "prepare") return null;
    const written = writingStatement(String(given[0]));
    return (statement) =>
      guard(statement as object, (name) => {
        if (written !== null && executing.has(name)) assertUnsafeMethod(written);
        return null;
      });
  });
}

function assertMayWrite(sql: unknown): void {
  const written = writingStatement(String(sql));
  if (written !== null) assertUnsafeMethod(written);
}

/** Called before a method; returns what makes the result of it another one. */
type Before = (property: PropertyKey, given: readonly unknown[]) => ((result: unknown) => unknown) | null;

/**
 * Returns the object with something before each of its methods. They are called on the object itself, since native
 * objects refuse to be anything else.
 */
export function guard<Guarded extends object>(guarded: Guarded, before: Before): Guarded {
  const proxy: Guarded = new Proxy(guarded, {
    get(target, property) {
      const value = Reflect.get(target, property);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        const change = before(property, given);
        const result = Reflect.apply(value, target, given);
        if (result === target) return proxy;
        return change === null ? result : change(result);
      };
    },
    set: (target, property, value) => Reflect.set(target, property, value),
  });
  return proxy;
}
