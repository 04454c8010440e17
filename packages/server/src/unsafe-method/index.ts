export { assertUnsafeMethod, SafeMethodError } from "./assert-unsafe-method.ts";
export { guardPostgres, type PostgresQueryable } from "./guard-postgres.ts";
export { guardSqlite, type SqliteConnection } from "./guard-sqlite.ts";
export { asBookkeeping } from "./method-context.ts";
export type { SafeMethodsOptions } from "./safe-methods-options.ts";
