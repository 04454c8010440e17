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
 * When a handler's promise rejects, there is nobody else to answer: the error goes to the log, and the client gets 500,
 * or loses a response that was begun. What a handler throws at once, a server of Node does not catch either.
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
    const served = serve({
      request,
      response,
      given: [request, response],
      target,
      route: target.replace(/\?.*$/s, ""),
      answer,
    });
    return served instanceof Promise ? served.catch((thrown) => answerThrown(response, thrown)) : served;
  };
}

function answerThrown(response: NodeResponse, thrown: unknown): void {
  // biome-ignore lint/suspicious/noConsole: where Node itself would put it, before it ended the process.
  console.error(thrown);
  if (response.headersSent) {
    const { writableEnded } = response as { readonly writableEnded?: boolean };
    // A body that breaks off must not look complete.
    if (writableEnded !== true) (response as unknown as { destroy(): void }).destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  sendAnswer(response, { status: 500, headers: [["content-type", "text/plain"]], body: "Internal Server Error" });
}

/** Answers by Node's response. */
export function sendAnswer(response: NodeResponse, { status, headers, body }: ProblemAnswer): void {
  if (response.headersSent) return;
  for (const [name, value] of headers) response.setHeader(name, value);
  response.statusCode = status;
  if (body === "") response.end();
  else response.end(body);
}
