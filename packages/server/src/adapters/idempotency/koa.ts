import { hasRun } from "../../idempotency/idempotency-of.ts";
import { type IdempotencyKeyOptions, readIdempotencyOptions } from "../../idempotency/idempotency-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import type { NodeResponse } from "../node-response/node-response.ts";
import { serveIdempotently } from "../node-response/serve-idempotently.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/** What the adapter uses of Koa's context. */
export interface KeyedKoaContext {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  readonly originalUrl: string;
  readonly request: object;
  respond?: boolean;
}

/**
 * Carries POST and PATCH requests with an `Idempotency-Key` out once, in Koa 2 and 3: a retry is given the first response
 * again. Use it after authentication, and before or after what parses bodies.
 *
 * @example
 * app.use(idempotencyKey({ store, required: true }));
 *
 * @throws {TypeError} with everything that is wrong with the options
 */
export function idempotencyKey<Context extends KeyedKoaContext = KeyedKoaContext>(
  ...given: [options?: IdempotencyKeyOptions<Context>]
): (context: Context, next: () => Promise<unknown>) => Promise<unknown> {
  refuseUncalled("idempotencyKey", given, "app.use(idempotencyKey())");
  const rules = readIdempotencyOptions(given[0] ?? {});
  return async (context, next) => {
    const { req, res, originalUrl: target } = context;
    const { body: parsed } = context.request as { readonly body?: unknown };
    const goesOn = serveIdempotently(rules, { request: req, response: res, target, parsed, scoped: context });
    if (goesOn !== true && !(await goesOn)) {
      context.respond = false;
      return undefined;
    }
    // For a client that has gone away Koa writes nothing, or an end without the body; but that client will ask again.
    if (hasRun(req)) Object.defineProperty(context, "writable", { get: () => !hasEnded(res) });
    return next();
  };
}

function hasEnded(response: NodeResponse): boolean {
  return (response as { readonly writableEnded?: boolean }).writableEnded === true;
}
