import {
  type BrowserName,
  consoleMessages,
  type Exchange,
  type FetchOutcome,
  type Problem,
  problemInfo,
  profiles,
} from "@corsac/protocol";
import type { CheckPlan } from "./check-plan.ts";
import type { BrowserReport, CheckReport, Verdict } from "./check-report.ts";
import type { Conduct } from "./conduct.ts";
import { maskUrl, maskUserInfo } from "./mask.ts";
import { replay } from "./replay.ts";

const browserNames: readonly BrowserName[] = ["chromium", "firefox", "webkit"];

/**
 * Tells what each browser makes of the same answers, by its own rules, and what it prints.
 *
 * @param known every answer there is, probes included
 */
export function reportBrowsers(
  plan: CheckPlan,
  conducted: Conduct | null,
  known: readonly Exchange[],
  verdict: Verdict,
): CheckReport["browsers"] {
  const report = (browser: BrowserName): BrowserReport => {
    if (conducted === null) return { verdict: "blocked", differs: null, messages: [] };
    const outcome = replay(conducted.request, profiles[browser], known);
    if (outcome === null) {
      const differs = verdict === "unknown" ? null : "Would have sent other requests; not verified.";
      return { verdict: "unknown", differs, messages: [] };
    }
    const problem = outcome.kind === "network-error" ? outcome.problem : null;
    const messages = consoleMessages({ request: conducted.request, problem, exchanges: outcome.exchanges }, browser);
    const own = verdictIn(problem, conducted, verdict);
    return {
      verdict: own,
      differs: own === verdict ? null : difference(conducted, outcome),
      messages: messages.map(({ code, text }) => ({ code, text: maskText(text, plan) })),
    };
  };
  const [chromium, firefox, webkit] = browserNames.map(report) as [BrowserReport, BrowserReport, BrowserReport];
  return { chromium, firefox, webkit };
}

// A response that lacks what the script wants to read is the same to all; so is a server that is not there.
function verdictIn(problem: Problem | null, { outcome }: Conduct, verdict: Verdict): Verdict {
  if (problem === null) return outcome?.kind === "response" ? verdict : "allowed";
  return verdict === "unreachable" ? verdict : "blocked";
}

function difference({ outcome }: Conduct, own: FetchOutcome): string {
  if (own.kind === "network-error") return `Refuses it: ${problemInfo[own.problem.code].title}.`;
  if (outcome?.kind !== "network-error") return "Allows it.";
  return `Allows it, although ${problemInfo[outcome.problem.code].title}.`;
}

// The browsers' words have the URL in them, and it may have a token in it.
function maskText(text: string, { url }: CheckPlan): string {
  return maskUserInfo(text.replaceAll(url.href, maskUrl(url.href)));
}
