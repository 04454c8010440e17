import type { DecidableRequest, Decision } from "../../decision/decision.ts";
import type { AsyncPolicy } from "../../policy/policy.ts";
import { warnStacked } from "../warn-stacked.ts";
import { editAtFlush, editNow, type Flush, flushOf } from "./edit-at-flush.ts";
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
  if (isClaimed(response, policy)) return true;
  const decision = policy.decide(request);
  return "then" in decision
    ? decision.then((late) => applyDecision(policy, late, response))
    : applyDecision(policy, decision, response);
}

/** Reports whether a policy is applied to the response already, and warns when it is another one. */
export function isClaimed(response: NodeResponse, policy: AsyncPolicy): boolean {
  for (let flush: Flush | undefined = flushOf(response); flush !== undefined; flush = flush.earlier) {
    if (flush.policy === null) continue;
    if (flush.policy !== policy) warnStacked();
    return true;
  }
  return false;
}

function applyDecision(policy: AsyncPolicy, decision: Decision, response: NodeResponse): boolean {
  if (decision.kind === "pass") {
    editAtFlush(response, decision.edits, policy, decision);
    return true;
  }
  // Somebody may have answered while the resolver was asked.
  if (!response.headersSent) {
    editNow(response, decision.edits);
    response.statusCode = decision.status;
    response.end();
  }
  return false;
}
