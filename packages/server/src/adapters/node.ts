import { nodePolicyOf } from "./node-policy.ts";
import { admit } from "./node-response/admit.ts";
import { createNodeMiddleware, type Gate, type NodeMiddleware } from "./node-response/node-middleware.ts";
import { type NodeRequest, protectedRequestOf } from "./node-response/node-request.ts";
import type { NodeResponse } from "./node-response/node-response.ts";
import { protect } from "./node-response/protect.ts";
import type { PolicyArgument } from "./policy-argument.ts";
import { type ProtectionArgument, protectionOf } from "./protection-argument.ts";

export { idempotencyKey } from "./idempotency/node.ts";
export type { NodeMiddleware } from "./node-response/node-middleware.ts";
export type { NodeRequest } from "./node-response/node-request.ts";
export type { NodeResponse } from "./node-response/node-response.ts";
export type { PolicyArgument } from "./policy-argument.ts";
export type { ProtectionArgument } from "./protection-argument.ts";
export { resource } from "./resource/node.ts";
export { safeMethods } from "./safe-methods/node.ts";

/** Stands before a listener, or among middleware. */
export interface NodeHandler {
  /** Wraps a listener for `request` events: it is called for the requests which are to reach the application. */
  <Request extends NodeRequest, Response extends NodeResponse>(
    listener: (request: Request, response: Response) => unknown,
  ): (request: Request, response: Response) => void;
  /** Is middleware: calls `next` for the requests which are to reach the application. */
  (...given: Parameters<NodeMiddleware>): void;
}

/**
 * Applies a policy to a server of `node:http`, `node:https` or `node:http2`: answers preflights and edits the headers of
 * every other response as they are sent.
 *
 * @example
 * createServer(cors({ origins: ["https://app.example"] })((request, response) => response.end("Hello")));
 *
 * @throws {PolicyError} with everything that is wrong with the options
 */
export function cors(...given: [policy: PolicyArgument]): NodeHandler {
  const policy = nodePolicyOf(given, "createServer(cors(policy)(listener))");
  return createHandler((request, response) => admit(policy, request, response));
}

/**
 * Refuses unsafe requests that pages of other origins make browsers send, since CORS lets them be sent.
 *
 * @example
 * createServer(crossOriginProtection()((request, response) => response.end("Hello")));
 *
 * @throws {CrossOriginProtectionError} with everything that is wrong with the options
 */
export function crossOriginProtection(...given: [policy?: ProtectionArgument]): NodeHandler {
  const protection = protectionOf(given, "createServer(crossOriginProtection()(listener))");
  return createHandler((request, response) =>
    protect(protection, protectedRequestOf(request, request.originalUrl), response),
  );
}

function createHandler(gate: Gate): NodeHandler {
  const middleware = createNodeMiddleware(gate);
  function handler(...given: [listener: Listener] | Parameters<NodeMiddleware>): unknown {
    if (given.length !== 1) return middleware(...given);
    const [listener] = given;
    return (request: NodeRequest, response: NodeResponse) => {
      middleware(request, response, (error) => {
        if (error !== undefined) throw error;
        listener(request, response);
      });
    };
  }
  return handler as NodeHandler;
}

type Listener = (request: NodeRequest, response: NodeResponse) => unknown;
