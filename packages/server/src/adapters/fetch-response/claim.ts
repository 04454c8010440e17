import type { AsyncPolicy } from "../../policy/policy.ts";
import { warnStacked } from "../warn-stacked.ts";

const policyKey = Symbol.for("corsac.policy");

/**
 * Reports whether a policy may decide about a request, which only the first one may; warns when another one was first.
 */
export function claim(request: Request, policy: AsyncPolicy): boolean {
  const claimed = request as Request & { [policyKey]?: AsyncPolicy };
  const first = claimed[policyKey];
  if (first === undefined) {
    claimed[policyKey] = policy;
    return true;
  }
  if (first !== policy) warnStacked();
  return false;
}
