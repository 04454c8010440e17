import { type IdempotencyKeyOptions, readIdempotencyOptions } from "../../idempotency/idempotency-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import type { NodeResponse } from "../node-response/node-response.ts";
import { serveIdempotently } from "../node-response/serve-idempotently.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/** What the adapter uses of Fastify's request. */
export interface KeyedFastifyRequest {
  readonly raw: NodeRequest;
  readonly originalUrl: string;
}

type Hook = (
  request: KeyedFastifyRequest,
  reply: { readonly raw: NodeResponse },
  done: (error?: Error) => void,
) => void;

/** What the adapter uses of Fastify. */
export interface KeyedFastifyInstance {
  addHook(name: "onRequest", hook: Hook): unknown;
}

/**
 * Carries POST and PATCH requests with an `Idempotency-Key` out once, in Fastify 5 or a scope of it: a retry is given the
 * first response again. Register it after authentication.
 *
 * @example
 * app.register(idempotencyKey({ store, required: true }));
 *
 * @throws {TypeError} with everything that is wrong with the options
 */
export function idempotencyKey<Request extends KeyedFastifyRequest = KeyedFastifyRequest>(
  ...given: [options?: IdempotencyKeyOptions<Request>]
): (instance: KeyedFastifyInstance, options: unknown, done: (error?: Error) => void) => void {
  refuseUncalled("idempotencyKey", given, "app.register(idempotencyKey())");
  const rules = readIdempotencyOptions(given[0] ?? {});
  const plugin = (instance: KeyedFastifyInstance, _: unknown, registered: () => void) => {
    instance.addHook("onRequest", (request, reply, done) => {
      const { raw, originalUrl: target } = request;
      const keyed = { request: raw, response: reply.raw, target, parsed: undefined, scoped: request as Request };
      const goesOn = serveIdempotently(rules, keyed);
      if (goesOn === true) done();
      else if (goesOn !== false) {
        goesOn.then((late) => {
          if (late) done();
        }, done);
      }
    });
    registered();
  };
  return Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "@corsac/server",
  });
}
