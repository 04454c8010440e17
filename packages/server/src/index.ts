export { mergeVary } from "./adapters/merge-vary.ts";
export type {
  DecidableRequest,
  Decision,
  DecisionReason,
  HeaderEdits,
  HeaderGetter,
  HeaderRecord,
  OriginRefusal,
  PassDecision,
  PreflightDecision,
  RefuseDecision,
} from "./decision/decision.ts";
export type { DecisionCounters } from "./decision/decision-counters.ts";
export type { Explanation } from "./decision/explanation.ts";
export { definePolicy, parsePolicy } from "./policy/define-policy.ts";
export { explainPolicy } from "./policy/explain-policy.ts";
export type {
  AsyncPolicy,
  ParsedPolicy,
  Policy,
  PolicyChannel,
  PolicyContext,
  PolicyEvent,
} from "./policy/policy.ts";
export { PolicyError } from "./policy/policy-error.ts";
export { type PolicyIssue, type PolicyIssueCode, policyIssueCodes } from "./policy/policy-issue.ts";
export type { DangerousOptions, PolicyJson, PolicyOptions } from "./policy/policy-options.ts";
export type { OriginResolver, ResolverOptions } from "./resolver/origin-resolver.ts";
