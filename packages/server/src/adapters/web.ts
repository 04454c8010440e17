import { type FetchWrapper, policyWrapper, protectionWrapper } from "./fetch-response/fetch-wrapper.ts";
import { internalServerError } from "./fetch-response/internal-server-error.ts";
import { type PolicyArgument, policyOf } from "./policy-argument.ts";
import { type ProtectionArgument, protectionOf } from "./protection-argument.ts";

export type { FetchHandler, FetchWrapper } from "./fetch-response/fetch-wrapper.ts";
export { idempotencyKey } from "./idempotency/web.ts";
export type { PolicyArgument } from "./policy-argument.ts";
export type { ProtectionArgument } from "./protection-argument.ts";
export { resource } from "./resource/web.ts";
export { safeMethods } from "./safe-methods/web.ts";

/**
 * Applies a policy to a handler of requests: answers preflights and edits the headers of every other response. What the
 * handler throws is logged and answered with 500, since a runtime's own answer would lack the headers.
 *
 * @example
 * export default { fetch: cors({ origins: ["https://app.example"] })(() => new Response("Hello")) };
 *
 * @throws {PolicyError} with everything that is wrong with the options
 */
export function cors(...given: [policy: PolicyArgument]): FetchWrapper {
  return policyWrapper(policyOf(given, "fetch: cors(policy)(handler)"), internalServerError);
}

/**
 * Refuses unsafe requests that pages of other origins make browsers send, since CORS lets them be sent.
 *
 * @example
 * export default { fetch: cors(policy)(crossOriginProtection(policy)(handler)) };
 *
 * @throws {CrossOriginProtectionError} with everything that is wrong with the options
 */
export function crossOriginProtection(...given: [policy?: ProtectionArgument]): FetchWrapper {
  return protectionWrapper(protectionOf(given, "fetch: crossOriginProtection()(handler)"));
}
