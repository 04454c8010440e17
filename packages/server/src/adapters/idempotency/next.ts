import type { IdempotencyKeyOptions } from "../../idempotency/idempotency-options.ts";
import { type IdempotentWrapper, idempotencyKey as idempotencyKeyOfFetch } from "./web.ts";

/**
 * Carries POST and PATCH requests with an `Idempotency-Key` out once, in route handlers of Next.js 15 and 16: a retry is
 * given the first response again. Functions that live for one request need a store that outlives them.
 *
 * @example
 * export const POST = idempotencyKey({ store })(order);
 *
 * @throws {TypeError} with everything that is wrong with the options
 */
export function idempotencyKey<Scoped extends Request = Request>(
  ...given: [options?: IdempotencyKeyOptions<Scoped>]
): IdempotentWrapper<Scoped> {
  return idempotencyKeyOfFetch(...given);
}
