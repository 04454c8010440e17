import { nodePolicyOf } from "./node-policy.ts";
import { admit } from "./node-response/admit.ts";
import { createNodeMiddleware, type NodeMiddleware } from "./node-response/node-middleware.ts";
import { protectedRequestOf } from "./node-response/node-request.ts";
import { protect } from "./node-response/protect.ts";
import type { PolicyArgument } from "./policy-argument.ts";
import { type ProtectionArgument, protectionOf } from "./protection-argument.ts";

export { idempotencyKey } from "./idempotency/express.ts";
export type { NodeMiddleware } from "./node-response/node-middleware.ts";
export type { PolicyArgument } from "./policy-argument.ts";
export type { ProtectionArgument } from "./protection-argument.ts";
export { resource } from "./resource/express.ts";
export { safeMethods } from "./safe-methods/express.ts";

/**
 * Applies a policy to an application or to a part of it, in Express 4 and 5 and in Connect: answers preflights and edits
 * the headers of every other response as they are sent. Use it before anything that answers, such as authentication, and
 * for whole paths: `app.get(path, cors(policy))` would see no preflight. Of two policies for one request the first decides.
 *
 * @example
 * app.use("/api", cors({ origins: ["https://app.example"] }), api);
 * app.use("/partners", cors({ origins: ["https://partner.example"] }), partners);
 *
 * @throws {PolicyError} with everything that is wrong with the options
 */
export function cors(...given: [policy: PolicyArgument]): NodeMiddleware {
  const policy = nodePolicyOf(given, "app.use(cors(policy))");
  return createNodeMiddleware((request, response) => admit(policy, request, response));
}

/**
 * Refuses unsafe requests that pages of other origins make browsers send, since CORS lets them be sent. Use it after
 * `cors` and before anything that reads bodies.
 *
 * @example
 * app.use(cors(policy), crossOriginProtection(policy));
 *
 * @throws {CrossOriginProtectionError} with everything that is wrong with the options
 */
export function crossOriginProtection(...given: [policy?: ProtectionArgument]): NodeMiddleware {
  const protection = protectionOf(given, "app.use(crossOriginProtection())");
  return createNodeMiddleware((request, response) =>
    protect(protection, protectedRequestOf(request, request.originalUrl), response),
  );
}
