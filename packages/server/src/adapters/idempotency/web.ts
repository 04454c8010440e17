import { type IdempotencyKeyOptions, readIdempotencyOptions } from "../../idempotency/idempotency-options.ts";
import { readCopy, serveIdempotently } from "../fetch-response/serve-idempotently.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/** Stands before a handler of requests. */
export type IdempotentWrapper<Scoped extends Request> = <R extends Scoped, Rest extends readonly unknown[]>(
  handler: (request: R, ...rest: Rest) => Response | PromiseLike<Response>,
) => (request: R, ...rest: Rest) => Promise<Response>;

/**
 * Carries POST and PATCH requests with an `Idempotency-Key` out once: a retry is given the first response again. Use it
 * inside of `cors` and of authentication.
 *
 * @example
 * export default { fetch: cors(policy)(idempotencyKey({ store })(handler)) };
 *
 * @throws {TypeError} with everything that is wrong with the options
 */
export function idempotencyKey<Scoped extends Request = Request>(
  ...given: [options?: IdempotencyKeyOptions<Scoped>]
): IdempotentWrapper<Scoped> {
  refuseUncalled("idempotencyKey", given, "fetch: idempotencyKey()(handler)");
  const rules = readIdempotencyOptions(given[0] ?? {});
  return (handler) =>
    async (request, ...rest) =>
      serveIdempotently(
        rules,
        request,
        request,
        (limit) => readCopy(request, limit),
        () => handler(request, ...rest),
      );
}
