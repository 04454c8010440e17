import { defineResource } from "../../resource/define-resource.ts";
import type { MethodHandlers, ResourceOptions } from "../../resource/resource-options.ts";
import { createFetchResourceServer } from "../fetch-response/serve-resource.ts";

/** Handles requests by one method, as Bun, Deno and workers have it. */
export type FetchMethodHandler<R extends Request, Rest extends readonly unknown[]> = (
  request: R,
  ...rest: Rest
) => Response | PromiseLike<Response>;

/**
 * Makes a handler of handlers by method, with what HTTP wants besides: HEAD from GET, OPTIONS and 405 with `Allow`, 501
 * for unknown methods, and conditional requests.
 *
 * @example
 * export default { fetch: cors(policy)(resource({ GET: () => new Response("Hello") })) };
 *
 * @throws {TypeError} with everything that is wrong with the handlers and options
 */
export function resource<R extends Request = Request, Rest extends readonly unknown[] = []>(
  handlers: MethodHandlers<FetchMethodHandler<R, Rest>>,
  options?: ResourceOptions<[R, ...Rest]>,
): (request: R, ...rest: Rest) => Promise<Response> {
  const serve = createFetchResourceServer<[R, ...Rest]>(defineResource(handlers, options));
  return (request, ...rest) => serve(request, [request, ...rest], null);
}
