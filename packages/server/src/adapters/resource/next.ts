import { defineResource } from "../../resource/define-resource.ts";
import type { MethodHandlers, ResourceOptions } from "../../resource/resource-options.ts";
import { createFetchResourceServer } from "../fetch-response/serve-resource.ts";
import type { FetchMethodHandler } from "./web.ts";

/** The methods that Next.js routes. Others it answers with 400 or 405 itself. */
export type NextMethod = "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT";

const nextMethods: readonly NextMethod[] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/** One handler for each method that Next.js routes. */
export type NextResource<R extends Request, Rest extends readonly unknown[]> = Readonly<
  Record<NextMethod, (request: R, ...rest: Rest) => Promise<Response>>
>;

/**
 * Makes the handlers of a route from handlers by method, in Next.js 15 and 16, with what HTTP wants besides: HEAD from
 * GET, OPTIONS and 405 with `Allow`, and conditional requests. Export all of them: Next.js answers for those that are
 * not there, without `Allow`.
 *
 * @example
 * export const { GET, HEAD, PUT, POST, PATCH, DELETE, OPTIONS } = cors(policy).routes(resource({ GET: read, PUT: replace }));
 *
 * @throws {TypeError} with everything that is wrong with the handlers and options
 */
export function resource<R extends Request = Request, Rest extends readonly unknown[] = []>(
  handlers: MethodHandlers<FetchMethodHandler<R, Rest>>,
  options?: ResourceOptions<[R, ...Rest]>,
): NextResource<R, Rest> {
  const serve = createFetchResourceServer<[R, ...Rest]>(defineResource(handlers, options));
  const handler = (request: R, ...rest: Rest) => serve(request, [request, ...rest], null);
  return Object.fromEntries(nextMethods.map((method) => [method, handler])) as unknown as NextResource<R, Rest>;
}
