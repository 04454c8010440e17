import type { NodeRequest } from "./node-request.ts";
import type { NodeResponse } from "./node-response.ts";

/** Middleware as Connect and Express have it. */
export type NodeMiddleware = (request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void) => void;

/** Judges a request: whether the application is to go on, or has been spared an answer. */
export type Gate = (request: NodeRequest, response: NodeResponse) => boolean | Promise<boolean>;

/** Makes middleware of a gate. What goes wrong on the way reaches the error handler; nothing waits for ever. */
export function createNodeMiddleware(gate: Gate): NodeMiddleware {
  return (request, response, next) => {
    const goesOn = gate(request, response);
    if (goesOn === true) next();
    else if (goesOn !== false) {
      goesOn.then((late) => {
        if (late) next();
      }, next);
    }
  };
}
