import type { IdempotentRun } from "./idempotent-run.ts";

/** What a handler may know of the request that it carries out. */
export type Idempotency = Pick<IdempotentRun, "attempt" | "id">;

const runs = new WeakMap<object, Idempotency>();

/** Remembers under which key a request is carried out. */
export function rememberRun(request: object, { id, attempt }: IdempotentRun): void {
  runs.set(request, { id, attempt });
}

/** Reports whether a request is being carried out under its key already. */
export function hasRun(request: object): boolean {
  return runs.has(request);
}

/**
 * Tells a handler under which name its request is carried out; null for one without a key.
 *
 * Write `id` together with what the request does, in one transaction, into a column that is unique: then a process may
 * die at any point, and the request is still carried out once. With `attempt` greater than 1, look for it first.
 *
 * @param request as handlers have it: of Node, Express, Fastify or the Fetch API; or the context of Koa or Hono
 */
export function idempotencyOf(request: object): Idempotency | null {
  for (const candidate of candidates(request)) {
    const found = runs.get(candidate);
    if (found !== undefined) return found;
  }
  return null;
}

function* candidates(request: object): Generator<object> {
  yield request;
  for (const name of ["raw", "req"]) {
    const inner: unknown = (request as Record<string, unknown>)[name];
    if (typeof inner === "object" && inner !== null) yield* candidates(inner);
  }
}
