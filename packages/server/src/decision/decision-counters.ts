import type { OriginRefusal, PassDecision, PreflightDecision, RefuseDecision } from "./decision.ts";

/** How many decisions there were of each kind and for each reason. */
export interface DecisionCounters {
  readonly pass: Readonly<Record<PassDecision["reason"], number>>;
  readonly preflight: Readonly<Record<PreflightDecision["reason"], number>>;
  readonly refuse: Readonly<Record<RefuseDecision["reason"], number>>;
}

/** Counters that count. */
export type MutableDecisionCounters = {
  readonly [Kind in keyof DecisionCounters]: { -readonly [Reason in keyof DecisionCounters[Kind]]: number };
};

/** Starts all counters at 0. */
export function createDecisionCounters(): MutableDecisionCounters {
  const origin: Record<OriginRefusal, number> = {
    "origin-insecure": 0,
    "origin-malformed": 0,
    "origin-not-allowed": 0,
    "origin-null": 0,
    "resolver-answer-invalid": 0,
    "resolver-busy": 0,
    "resolver-failed": 0,
    "resolver-timeout": 0,
  };
  return {
    pass: { "no-origin": 0, allowed: 0, ...origin },
    preflight: { granted: 0 },
    refuse: { ...origin, "method-not-allowed": 0, "headers-not-allowed": 0 },
  };
}
