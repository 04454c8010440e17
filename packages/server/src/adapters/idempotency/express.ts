import { type IdempotencyKeyOptions, readIdempotencyOptions } from "../../idempotency/idempotency-options.ts";
import { createNodeMiddleware, type NodeMiddleware } from "../node-response/node-middleware.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import { serveIdempotently } from "../node-response/serve-idempotently.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/**
 * Carries POST and PATCH requests with an `Idempotency-Key` out once, in Express 4 and 5: a retry is given the first
 * response again. Use it after authentication, and before or after what parses bodies.
 *
 * @example
 * app.post("/orders", idempotencyKey({ store, required: true }), express.json(), order);
 *
 * @throws {TypeError} with everything that is wrong with the options
 */
export function idempotencyKey<Request extends NodeRequest = NodeRequest>(
  ...given: [options?: IdempotencyKeyOptions<Request>]
): NodeMiddleware {
  refuseUncalled("idempotencyKey", given, "app.use(idempotencyKey())");
  const rules = readIdempotencyOptions(given[0] ?? {});
  return createNodeMiddleware((request, response) => {
    const target = request.originalUrl ?? request.url ?? "/";
    const { body: parsed } = request as { readonly body?: unknown };
    return serveIdempotently(rules, { request, response, target, parsed, scoped: request as Request });
  });
}
