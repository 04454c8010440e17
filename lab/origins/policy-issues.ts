import { parsePolicy } from "@corsac/server";
import type { PolicyIssues } from "../situation/parse-situation.ts";

/** Judges the policy of a situation by the code that will run it. */
export const policyIssues: PolicyIssues = (policy) => {
  const parsed = parsePolicy(policy);
  if (parsed.ok) return [];
  return parsed.issues.map(({ path, message, suggestion }) => ({ path, message, suggestion }));
};
