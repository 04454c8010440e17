import type { FetchOutcome, FetchRequest } from "@corsac/protocol";
import type { Scene } from "../finding/finding-draft.ts";
import { orderFindings } from "../finding/order-findings.ts";
import type { Grant } from "../server/recipes.ts";
import { recognizeServer } from "../server/recognize-server.ts";
import type { CheckOptions } from "./check-options.ts";
import { planCheck } from "./check-plan.ts";
import type { CheckReport, Finding, WantedAnswer } from "./check-report.ts";
import type { Conduct } from "./conduct.ts";
import { findFindings } from "./find-findings.ts";
import { reportBrowsers } from "./report-browsers.ts";
import { reportFinding } from "./report-finding.ts";
import { neededGrant, wantedAnswers } from "./wanted-answers.ts";

/** A fetch that somebody else made. */
export interface MadeFetch {
  readonly request: FetchRequest;
  readonly outcome: FetchOutcome;
}

/** What there is to say about a fetch. */
export interface Diagnosis {
  readonly verdict: "allowed" | "blocked";
  /** Causes first. */
  readonly findings: readonly Finding[];
  readonly browsers: CheckReport["browsers"];
  /** The answers that would make a browser allow it; empty when it does, or when no answer can. */
  readonly wanted: readonly WantedAnswer[];
  /** What the server would have to allow; `null` when that is not the matter. */
  readonly grant: Grant | null;
}

/**
 * Tells of a fetch that has been made already what `check` tells of one that it makes itself: why it is blocked, what to
 * change, and what each browser makes of the same answers. Sends nothing.
 *
 * @param made `null` for one that `fetch()` itself refuses
 * @param options describe the same fetch
 * @throws {CheckOptionsError} when the options make no sense
 */
export function diagnose(made: MadeFetch | null, options: CheckOptions): Diagnosis {
  const plan = planCheck(options);
  const conducted = made === null ? null : conductOf(made);
  const exchanges = conducted?.exchanges ?? [];
  const last = exchanges.at(-1)?.response;
  const server = last?.kind === "response" ? recognizeServer(last.headers) : null;
  const scene: Scene = { plan, exchanges, server, refused: null };
  const drafts = orderFindings(findFindings(conducted, scene), exchanges);
  const hasFailed = made === null || made.outcome.kind === "network-error";
  const isBlocked = hasFailed || drafts.some(({ severity }) => severity === "error");
  const verdict = isBlocked ? "blocked" : "allowed";
  const grant = neededGrant(plan, drafts);
  return {
    verdict,
    findings: drafts.map((each) => reportFinding(each, scene)),
    browsers: reportBrowsers(plan, conducted, exchanges, verdict),
    wanted: grant === null ? [] : wantedAnswers(plan, grant),
    grant,
  };
}

function conductOf({ request, outcome }: MadeFetch): Conduct {
  const { exchanges } = outcome;
  return { request, outcome, exchanges, unsent: null, ahead: null, refused: null, others: [] };
}
