import type { Exchange, NetworkErrorReason } from "@corsac/protocol";
import type { FindingDraft, Scene } from "../finding/finding-draft.ts";
import { orderFindings } from "../finding/order-findings.ts";
import { recipeFor } from "../server/recipes.ts";
import { recognizeServer } from "../server/recognize-server.ts";
import type { ServerName } from "../server/server-name.ts";
import type { CheckOptions } from "./check-options.ts";
import { type CheckPlan, planCheck } from "./check-plan.ts";
import type { CheckReport, Verdict } from "./check-report.ts";
import { answersAtAll, type Conduct, conduct } from "./conduct.ts";
import { findFindings } from "./find-findings.ts";
import { maskHeaders, maskUrl } from "./mask.ts";
import { reportBrowsers } from "./report-browsers.ts";
import { reportExchange } from "./report-exchange.ts";
import { reportFinding } from "./report-finding.ts";
import { neededGrant, wantedAnswers } from "./wanted-answers.ts";

/**
 * Tells whether a browser would allow a request that a page of another origin makes, why not, and what to change: sends
 * what a browser would send and judges the answers by the same algorithms.
 *
 * @throws {CheckOptionsError} when the options make no sense; never because a request is blocked or a server is silent
 */
export async function check(options: CheckOptions): Promise<CheckReport> {
  const plan = planCheck(options);
  const conducted = isRefusedAtOnce(plan) ? null : await conduct(plan);
  const exchanges = conducted === null ? [] : allExchanges(conducted);
  const server = recognize(conducted);
  const scene: Scene = { plan, exchanges, server, refused: conducted?.refused ?? null };
  const drafts = orderFindings(findFindings(conducted, scene), exchanges);
  const verdict = await verdictOf(plan, conducted, drafts);
  const grant = verdict === "unreachable" ? null : neededGrant(plan, drafts);
  const response = conducted?.outcome?.kind === "response" ? conducted.outcome.response : null;
  const readable = response !== null && (response.type === "cors" || response.type === "basic");
  const { method, mode, credentials, redirect } = plan;
  return {
    schema: "corsac.check/1",
    verdict,
    readable,
    profile: plan.browser,
    request: {
      ...{ method, url: maskUrl(plan.url.href), origin: plan.origin, mode, credentials, redirect },
      headers: maskHeaders(plan.headers),
    },
    readableHeaders: readable && response !== null ? maskHeaders(response.headers) : null,
    exchanges: exchanges.map((exchange, index) =>
      reportExchange(exchange, index >= (conducted?.exchanges.length ?? 0)),
    ),
    findings: drafts.map((each) => reportFinding(each, scene)),
    browsers: reportBrowsers(plan, conducted, exchanges, verdict),
    wanted: grant === null ? [] : wantedAnswers(plan, grant),
    server,
    recipe: grant === null || server === null ? null : { server, ...recipeFor(server, grant) },
  };
}

// fetch() throws for these before there is anything to send.
function isRefusedAtOnce({ mode, method }: CheckPlan): boolean {
  return mode === "no-cors" && !["GET", "HEAD", "POST"].includes(method);
}

function allExchanges({ exchanges, ahead, others }: Conduct): Exchange[] {
  return [...exchanges, ...(ahead?.exchanges ?? []), ...others];
}

function recognize(conducted: Conduct | null): ServerName | null {
  // The answer at fault tells more than the others: a proxy may have made it.
  const atFault = [...(conducted?.exchanges ?? [])].reverse();
  const responses = [...atFault, ...(conducted?.ahead?.exchanges ?? [])].map(({ response }) => response);
  for (const response of responses) {
    const server = response.kind === "response" ? recognizeServer(response.headers) : null;
    if (server !== null) return server;
  }
  return null;
}

const notThere: readonly NetworkErrorReason[] = ["connection-refused", "dns", "timeout", "tls"];

async function verdictOf(
  plan: CheckPlan,
  conducted: Conduct | null,
  drafts: readonly FindingDraft[],
): Promise<Verdict> {
  const [first] = conducted?.exchanges ?? [];
  if (first?.response.kind === "network-error") {
    const { reason } = first.response;
    if (first.request.kind === "actual" || (notThere.includes(reason) && reason !== "timeout")) return "unreachable";
    return (await answersAtAll(plan)) ? "blocked" : "unreachable";
  }
  if (conducted === null || conducted.outcome?.kind === "network-error") return "blocked";
  if (drafts.some(({ severity, ahead }) => severity === "error" && !ahead)) return "blocked";
  return conducted.outcome === null ? "unknown" : "allowed";
}
