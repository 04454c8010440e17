import type { DecidableRequest, Decision } from "../../decision/decision.ts";
import type { AsyncPolicy } from "../../policy/policy.ts";
import { warnStacked } from "../warn-stacked.ts";
import { appliedPolicyOf, applyAtFlush, endWith } from "./edit-at-flush.ts";
import type { NodeResponse } from "./node-response.ts";

/**
 * Applies a policy to a request and its response.
 *
 * @returns whether the application is to go on; a promise only while a resolver is being asked. Otherwise the request
 * was a preflight, and is answered.
 */
export function admit(
  policy: AsyncPolicy,
  request: DecidableRequest,
  response: NodeResponse,
): boolean | Promise<boolean> {
  const first = appliedPolicyOf(response);
  if (first !== null) {
    if (first.policy !== policy) warnStacked();
    return true;
  }
  const decision = policy.decide(request);
  return "then" in decision
    ? decision.then((late) => applyDecision(policy, late, response))
    : applyDecision(policy, decision, response);
}

function applyDecision(policy: AsyncPolicy, decision: Decision, response: NodeResponse): boolean {
  if (decision.kind === "pass") {
    applyAtFlush(response, policy, decision);
    return true;
  }
  // Somebody may have answered while the resolver was asked.
  if (response.headersSent) applyAtFlush(response, policy, decision);
  else endWith(response, policy, decision);
  return false;
}
