import { defineResource } from "../../resource/define-resource.ts";
import type { ProblemAnswer } from "../../resource/problem-details.ts";
import type { MethodHandlers, ResourceOptions } from "../../resource/resource-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import type { NodeResponse } from "../node-response/node-response.ts";
import { createNodeResourceServer } from "../node-response/serve-resource.ts";
import { sendAnswer } from "./node.ts";

/** Goes on to the next handler of a route, or to the error handlers. */
export type ExpressNext = (error?: unknown) => void;

/** Handles requests by one method, as handlers of Express and Connect do. */
export type ExpressMethodHandler<Request extends NodeRequest, Response extends NodeResponse> = (
  request: Request,
  response: Response,
  next: ExpressNext,
) => unknown;

/** What the adapter uses of a request of Express. */
interface RoutedRequest extends NodeRequest {
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
}

/**
 * Makes a handler of handlers by method, in Express 4 and 5, with what HTTP wants besides: HEAD from GET, OPTIONS and 405
 * with `Allow`, 501 for unknown methods, and conditional requests. A rejected promise reaches the error handler in
 * Express 4 too.
 *
 * @example
 * app.all("/books/:title", resource({ GET: readBook, PUT: replaceBook, DELETE: removeBook }));
 *
 * @throws {TypeError} with everything that is wrong with the handlers and options
 */
export function resource<Request extends NodeRequest, Response extends NodeResponse>(
  handlers: MethodHandlers<ExpressMethodHandler<Request, Response>>,
  options?: ResourceOptions<[Request, Response, ExpressNext]>,
): (request: Request, response: Response, next: ExpressNext) => void {
  const serve = createNodeResourceServer<[Request, Response, ExpressNext]>(defineResource(handlers, options));
  return (request, response, next) => {
    const target = request.originalUrl ?? request.url ?? "/";
    const given: [Request, Response, ExpressNext] = [request, response, next];
    const answer = (answered: ProblemAnswer) => sendAnswer(response, answered);
    const served = serve({ request, response, given, target, route: routeOf(request, target), answer });
    if (served instanceof Promise) served.catch(next);
  };
}

function routeOf({ baseUrl = "", route }: RoutedRequest, target: string): string {
  return typeof route?.path === "string" ? `${baseUrl}${route.path}` : target.replace(/\?.*$/s, "");
}
