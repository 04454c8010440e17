import type { ProtectionVerdict } from "../cross-origin-protection/index.ts";
import type { Decision } from "../decision/decision.ts";
import { claim } from "./fetch-response/claim.ts";
import { editResponse, preflightResponse } from "./fetch-response/edit-response.ts";
import { internalServerError } from "./fetch-response/internal-server-error.ts";
import { refusedResponse } from "./fetch-response/refused-response.ts";
import { type PolicyArgument, policyOf } from "./policy-argument.ts";
import { type ProtectionArgument, protectionOf } from "./protection-argument.ts";

export { idempotencyKey } from "./idempotency/web.ts";
export type { PolicyArgument } from "./policy-argument.ts";
export type { ProtectionArgument } from "./protection-argument.ts";
export { resource } from "./resource/web.ts";
export { safeMethods } from "./safe-methods/web.ts";

/** Answers requests, as Bun, Deno, workers and service workers have it. What comes after the request is passed on. */
export type FetchHandler<R extends Request = Request, Rest extends readonly unknown[] = readonly never[]> = (
  request: R,
  ...rest: Rest
) => Response | PromiseLike<Response>;

/** Stands before a handler. */
export type FetchWrapper = <R extends Request, Rest extends readonly unknown[]>(
  handler: FetchHandler<R, Rest>,
) => (request: R, ...rest: Rest) => Promise<Response>;

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
  const policy = policyOf(given, "fetch: cors(policy)(handler)");
  return (handler) =>
    async (request, ...rest) => {
      if (!claim(request, policy)) return handler(request, ...rest);
      const deciding: Decision | Promise<Decision> = policy.decide(request);
      const decision = "then" in deciding ? await deciding : deciding;
      if (decision.kind !== "pass") return preflightResponse(decision.status, decision.edits);
      let response: Response;
      try {
        response = await handler(request, ...rest);
      } catch (thrown) {
        response = internalServerError(thrown);
      }
      return editResponse(response, decision.edits);
    };
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
  const protection = protectionOf(given, "fetch: crossOriginProtection()(handler)");
  return (handler) =>
    async (request, ...rest) => {
      const verdict: ProtectionVerdict = await protection.check(request);
      if (!verdict.ok) return refusedResponse(verdict);
      const response = await handler(request, ...rest);
      return verdict.vary.length === 0 ? response : editResponse(response, { set: [], remove: [], vary: verdict.vary });
    };
}
