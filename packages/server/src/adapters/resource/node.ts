import { defineResource } from "../../resource/define-resource.ts";
import type { ProblemAnswer } from "../../resource/problem-details.ts";
import type { MethodHandlers, ResourceOptions } from "../../resource/resource-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import type { NodeResponse } from "../node-response/node-response.ts";
import { createNodeResourceServer } from "../node-response/serve-resource.ts";

/** Handles requests by one method, as listeners of `request` events do. */
export type NodeMethodHandler<Request extends NodeRequest, Response extends NodeResponse> = (
  request: Request,
  response: Response,
) => unknown;

/**
 * Makes a listener of handlers by method, with what HTTP wants besides: HEAD from GET, OPTIONS and 405 with `Allow`, 501
 * for unknown methods, and conditional requests.
 *
 * A handler's promise that rejects is the promise that the listener returns: nobody else handles errors here.
 *
 * @example
 * createServer(resource({ GET: (request, response) => response.end("Hello") }));
 *
 * @throws {TypeError} with everything that is wrong with the handlers and options
 */
export function resource<Request extends NodeRequest, Response extends NodeResponse>(
  handlers: MethodHandlers<NodeMethodHandler<Request, Response>>,
  options?: ResourceOptions<[Request, Response]>,
): (request: Request, response: Response) => unknown {
  const serve = createNodeResourceServer<[Request, Response]>(defineResource(handlers, options));
  return (request, response) => {
    const target = request.originalUrl ?? request.url ?? "/";
    const answer = (given: ProblemAnswer) => sendAnswer(response, given);
    return serve({
      request,
      response,
      given: [request, response],
      target,
      route: target.replace(/\?.*$/s, ""),
      answer,
    });
  };
}

/** Answers by Node's response. */
export function sendAnswer(response: NodeResponse, { status, headers, body }: ProblemAnswer): void {
  if (response.headersSent) return;
  for (const [name, value] of headers) response.setHeader(name, value);
  response.statusCode = status;
  if (body === "") response.end();
  else response.end(body);
}
