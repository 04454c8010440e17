import type { PassDecision, PreflightDecision, RefuseDecision } from "./decision.ts";

/** How many decisions there were of each kind and for each reason. */
export interface DecisionCounters {
  readonly pass: Readonly<Record<PassDecision["reason"], number>>;
  readonly preflight: Readonly<Record<PreflightDecision["reason"], number>>;
  readonly refuse: Readonly<Record<RefuseDecision["reason"], number>>;
}
