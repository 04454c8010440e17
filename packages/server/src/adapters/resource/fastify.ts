import { defineResource } from "../../resource/define-resource.ts";
import type { ProblemAnswer } from "../../resource/problem-details.ts";
import type { MethodHandlers, ResourceOptions } from "../../resource/resource-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import type { NodeResponse } from "../node-response/node-response.ts";
import { createNodeResourceServer } from "../node-response/serve-resource.ts";

/** What the adapter uses of Fastify's request. */
export interface RoutedFastifyRequest {
  readonly raw: NodeRequest;
  readonly originalUrl: string;
  readonly routeOptions: { readonly url?: string | undefined };
}

/** What the adapter uses of Fastify's reply. */
export interface AnsweringFastifyReply {
  readonly raw: NodeResponse;
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(payload?: unknown): unknown;
}

/** Handles requests by one method, as handlers of Fastify do. */
export type FastifyMethodHandler<Request extends RoutedFastifyRequest, Reply extends AnsweringFastifyReply> = (
  request: Request,
  reply: Reply,
) => unknown;

/**
 * Makes a handler of handlers by method, in Fastify 5, with what HTTP wants besides: HEAD from GET, OPTIONS and 405 with
 * `Allow`, 501 for unknown methods, and conditional requests.
 *
 * Fastify itself answers methods that it does not route with 404. `app.addHttpMethod("QUERY", { hasBody: true })` makes
 * it route another one.
 *
 * @example
 * app.all("/books/:title", resource({ GET: readBook, PUT: replaceBook, DELETE: removeBook }));
 *
 * @throws {TypeError} with everything that is wrong with the handlers and options
 */
export function resource<Request extends RoutedFastifyRequest, Reply extends AnsweringFastifyReply>(
  handlers: MethodHandlers<FastifyMethodHandler<Request, Reply>>,
  options?: ResourceOptions<[Request, Reply]>,
): (request: Request, reply: Reply) => unknown {
  const serve = createNodeResourceServer<[Request, Reply]>(defineResource(handlers, options));
  return (request, reply) => {
    const answer = ({ status, headers, body }: ProblemAnswer) => {
      for (const [name, value] of headers) reply.header(name, value);
      reply.code(status);
      return reply.send(body === "" ? undefined : body);
    };
    const target = request.originalUrl;
    const route = request.routeOptions.url ?? target.replace(/\?.*$/s, "");
    return serve({ request: request.raw, response: reply.raw, given: [request, reply], target, route, answer });
  };
}
