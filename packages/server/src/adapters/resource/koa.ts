import { defineResource } from "../../resource/define-resource.ts";
import type { ProblemAnswer } from "../../resource/problem-details.ts";
import type { MethodHandlers, ResourceOptions } from "../../resource/resource-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import type { NodeResponse } from "../node-response/node-response.ts";
import { createNodeResourceServer } from "../node-response/serve-resource.ts";

/** What the adapter uses of Koa's context. */
export interface AnsweringKoaContext {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  readonly originalUrl: string;
  status: number;
  body: unknown;
  set(name: string, value: string): unknown;
}

/** Goes on to the middleware that comes after. */
export type KoaNext = () => Promise<unknown>;

/** Handles requests by one method, as middleware of Koa does. */
export type KoaMethodHandler<Context extends AnsweringKoaContext> = (context: Context, next: KoaNext) => unknown;

/**
 * Makes middleware of handlers by method, in Koa 2 and 3, with what HTTP wants besides: HEAD from GET, OPTIONS and 405
 * with `Allow`, 501 for unknown methods, and conditional requests. Use it with all methods of a path; routers call that
 * `all`.
 *
 * @example
 * router.all("/books/:title", resource({ GET: readBook, PUT: replaceBook, DELETE: removeBook }));
 *
 * @throws {TypeError} with everything that is wrong with the handlers and options
 */
export function resource<Context extends AnsweringKoaContext>(
  handlers: MethodHandlers<KoaMethodHandler<Context>>,
  options?: ResourceOptions<[Context, KoaNext]>,
): (context: Context, next: KoaNext) => Promise<unknown> {
  const serve = createNodeResourceServer<[Context, KoaNext]>(defineResource(handlers, options));
  return async (context, next) => {
    const answer = ({ status, headers, body }: ProblemAnswer) => {
      context.status = status;
      context.body = body === "" ? null : body;
      // Koa sets 204 for an empty body, and a type for a text.
      context.status = status;
      for (const [name, value] of headers) context.set(name, value);
    };
    const { req, res, originalUrl } = context;
    const { _matchedRoute: matched } = context as { _matchedRoute?: unknown };
    const route = typeof matched === "string" ? matched : originalUrl.replace(/\?.*$/s, "");
    return serve({ request: req, response: res, given: [context, next], target: originalUrl, route, answer });
  };
}
