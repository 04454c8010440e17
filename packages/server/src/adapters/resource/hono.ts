import { defineResource } from "../../resource/define-resource.ts";
import type { MethodHandlers, ResourceOptions } from "../../resource/resource-options.ts";
import { createFetchResourceServer } from "../fetch-response/serve-resource.ts";

/** What the adapter uses of Hono's context. */
export interface RoutedHonoContext {
  readonly req: { readonly raw: Request; readonly routePath: string };
}

/** Goes on to the handler that comes after. */
export type HonoNext = () => Promise<void>;

/** Handles requests by one method, as handlers of Hono do. */
export type HonoMethodHandler<Context extends RoutedHonoContext> = (
  context: Context,
  next: HonoNext,
) => Response | PromiseLike<Response>;

/**
 * Makes a handler of handlers by method, in Hono 4, with what HTTP wants besides: HEAD from GET, OPTIONS and 405 with
 * `Allow`, 501 for unknown methods, and conditional requests.
 *
 * @example
 * app.all("/books/:title", resource({ GET: readBook, PUT: replaceBook, DELETE: removeBook }));
 *
 * @throws {TypeError} with everything that is wrong with the handlers and options
 */
export function resource<Context extends RoutedHonoContext>(
  handlers: MethodHandlers<HonoMethodHandler<Context>>,
  options?: ResourceOptions<[Context, HonoNext]>,
): (context: Context, next: HonoNext) => Promise<Response> {
  const serve = createFetchResourceServer<[Context, HonoNext]>(defineResource(handlers, options));
  return (context, next) => serve(context.req.raw, [context, next], context.req.routePath);
}
