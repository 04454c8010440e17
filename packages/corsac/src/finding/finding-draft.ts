import type { Exchange, Problem, ProblemStage } from "@corsac/protocol";
import type { CheckPlan } from "../check/check-plan.ts";
import type { Evidence, Finding } from "../check/check-report.ts";
import type { RefusedParts } from "../check/narrow-refusal.ts";
import type { ServerName } from "../server/server-name.ts";
import type { FindingCode } from "./finding-code.ts";

/** A finding before it is put into words. */
export interface FindingDraft {
  readonly code: FindingCode;
  readonly severity: Finding["severity"];
  readonly stage: ProblemStage;
  readonly exchange: number | null;
  readonly problem: Problem | null;
  /** Names or values that the finding is about. */
  readonly names: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly followsFrom: FindingCode | null;
  readonly ahead: boolean;
}

/** What everything about a check is known from. */
export interface Scene {
  readonly plan: CheckPlan;
  /** All exchanges in wire order, probes behind what a browser sends. */
  readonly exchanges: readonly Exchange[];
  readonly server: ServerName | null;
  /** What the server refuses of a preflight that it answered with 403; `null` when that is not known. */
  readonly refused: RefusedParts | null;
}

/** Makes a draft; what is not said is empty. */
export function draft(
  code: FindingCode,
  severity: Finding["severity"],
  stage: ProblemStage,
  rest: Partial<Omit<FindingDraft, "code" | "severity" | "stage">> = {},
): FindingDraft {
  return {
    ...{
      code,
      severity,
      stage,
      exchange: null,
      problem: null,
      names: [],
      evidence: [],
      followsFrom: null,
      ahead: false,
    },
    ...rest,
  };
}
