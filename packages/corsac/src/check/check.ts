import {
  type BrowserName,
  consoleMessages,
  corsPreflightGrant,
  type Exchange,
  type FetchOutcome,
  failingProblems,
  isNoCorsSafelistedRequestHeader,
  type NetworkErrorReason,
  type PreflightReason,
  type Problem,
  problemInfo,
  profiles,
} from "@corsac/protocol";
import { explain } from "../explain/explain.ts";
import { findingInfo } from "../finding/finding-code.ts";
import { draft, type FindingDraft, type Scene } from "../finding/finding-draft.ts";
import { orderFindings } from "../finding/order-findings.ts";
import { isCached, refineProblem } from "../finding/refine-problem.ts";
import { cacheFindings, misspelledHeaders, responseFindings } from "../finding/response-findings.ts";
import { recipeFor } from "../server/recipes.ts";
import { recognizeServer } from "../server/recognize-server.ts";
import type { CheckOptions } from "./check-options.ts";
import { type CheckPlan, planCheck } from "./check-plan.ts";
import type { BrowserReport, CheckReport, Finding, ReportedExchange, Verdict } from "./check-report.ts";
import { answersAtAll, type Conduct, conduct } from "./conduct.ts";
import { maskHeader, maskHeaders, maskProblem, maskUrl, maskUserInfo } from "./mask.ts";
import { replay } from "./replay.ts";
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
  const scene: Scene = { plan, exchanges, server };
  const drafts = orderFindings(findDrafts(conducted, scene), exchanges);
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
    findings: drafts.map((each) => toFinding(each, scene)),
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

function recognize(conducted: Conduct | null) {
  // The answer at fault tells more than the others: a proxy may have made it.
  const responses = [...(conducted?.exchanges ?? [])].reverse().map(({ response }) => response);
  for (const response of responses) {
    const server = response.kind === "response" ? recognizeServer(response.headers) : null;
    if (server !== null) return server;
  }
  return null;
}

function findDrafts(conducted: Conduct | null, scene: Scene): FindingDraft[] {
  const { plan } = scene;
  if (conducted === null) return [draft("no-cors-misuse", "error", "request", { names: [plan.method] })];
  const { outcome, exchanges, ahead, others, unsent } = conducted;
  const last = exchanges.length - 1;
  return [
    ...droppedHeaders(plan),
    ...outcomeDrafts(outcome, conducted, last, scene),
    ...(ahead === null ? [] : aheadDrafts(ahead, conducted, scene)),
    ...[...exchanges.keys()].flatMap((index) => misspelledHeaders(index, exchanges[index] as Exchange)),
    ...keptPreflights(exchanges),
    ...(unsent === null
      ? []
      : [draft("response-not-verified", "warning", "response", { exchange: last < 0 ? null : last })]),
    ...varying(exchanges, others, ahead, scene),
  ];
}

function droppedHeaders({ mode, headers }: CheckPlan): FindingDraft[] {
  if (mode !== "no-cors") return [];
  const names = headers.filter(([name, value]) => !isNoCorsSafelistedRequestHeader(name, value)).map(([name]) => name);
  return names.length === 0 ? [] : [draft("no-cors-misuse", "warning", "request", { names })];
}

function outcomeDrafts(outcome: FetchOutcome | null, { request }: Conduct, last: number, scene: Scene): FindingDraft[] {
  if (outcome === null) return [];
  if (outcome.kind === "response") return responseFindings(outcome.response, last, scene);
  const { problem, exchanges } = outcome;
  const problems = failingProblems({ request, problem, exchanges }, profiles[scene.plan.browser]);
  return problems.flatMap((each) => refineProblem(each, last < 0 ? null : last, scene));
}

function aheadDrafts(ahead: FetchOutcome, conducted: Conduct, scene: Scene): FindingDraft[] {
  const index = conducted.exchanges.length + ahead.exchanges.length - 1;
  return outcomeDrafts(ahead, conducted, index, scene).map((each) => ({ ...each, ahead: true }));
}

/** Seconds above which a kept preflight keeps people from seeing what they change. */
const longMaxAge = 600;

function keptPreflights(exchanges: readonly Exchange[]): FindingDraft[] {
  return exchanges.flatMap(({ request, response }, index) => {
    if (request.kind !== "preflight" || response.kind !== "response" || exchanges[index + 1] === undefined) return [];
    const { maxAge } = corsPreflightGrant(
      { serializedOrigin: "", credentialsMode: "omit", method: "GET", headers: [], useCorsPreflight: false },
      response.headers,
      { ...profiles.standard.preflight, maxAgeLimit: Number.POSITIVE_INFINITY },
    );
    if (maxAge === null || maxAge <= longMaxAge) return [];
    const evidence = [
      {
        exchange: index,
        side: "response" as const,
        header: "Access-Control-Max-Age",
        value: String(maxAge),
        mark: null,
      },
    ];
    return [
      draft("preflight-cached-stale", "note", "preflight", { exchange: index, evidence, names: [String(maxAge)] }),
    ];
  });
}

function varying(
  exchanges: readonly Exchange[],
  others: readonly Exchange[],
  ahead: FetchOutcome | null,
  scene: Scene,
): FindingDraft[] {
  const own = exchanges.findIndex(({ request }) => request.kind === "actual");
  if (own < 0 || others.length === 0 || isCached(exchanges[own] as Exchange)) return [];
  const first = exchanges.length + (ahead?.exchanges.length ?? 0);
  return cacheFindings(
    [own, ...others.keys()].map((key, at) => (at === 0 ? own : first + key)),
    scene,
  );
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

function reportExchange({ request, response }: Exchange, probe: boolean): ReportedExchange {
  const sent = response.sentHeaders ?? request.headers;
  const base = {
    step:
      request.kind === "preflight"
        ? ("preflight" as const)
        : request.urlList.length > 1
          ? ("redirect" as const)
          : ("request" as const),
    probe,
    because: reasonsText(request.preflightReasons),
    request: { method: request.method, url: maskUrl(request.url.href), headers: maskHeaders(sent) },
  };
  if (response.kind === "network-error") {
    const { kind, reason, message } = response;
    return { ...base, response: { kind, reason, message } };
  }
  const { kind, status, statusText, headers } = response;
  return { ...base, response: { kind, status, statusText, headers: maskHeaders(headers) } };
}

function reasonsText(reasons: readonly PreflightReason[]): string[] {
  const names = reasons.flatMap((reason) => (reason.kind === "header" ? [reason.name] : []));
  const headers = names.length === 0 ? [] : [`header${names.length > 1 ? "s" : ""} ${names.join(", ")}`];
  return [...reasons.flatMap((reason) => (reason.kind === "method" ? [`method ${reason.method}`] : [])), ...headers];
}

function toFinding(each: FindingDraft, scene: Scene): Finding {
  const { code, severity, stage, exchange, followsFrom, ahead } = each;
  const { title, spec, docs } = findingInfo[code];
  const { cause, changes } = explain(each, scene);
  const evidence = each.evidence.map(({ value, ...rest }) => ({
    ...rest,
    value: value === null || rest.header === null ? value : maskHeader(rest.header, value),
  }));
  const words = {
    cause: maskUserInfo(cause.trim()),
    changes: changes.map(({ on, text }) => ({ on, text: maskUserInfo(text.trim()) })),
  };
  const problem = each.problem === null ? null : maskProblem(each.problem);
  return { code, severity, stage, exchange, followsFrom, ahead, title, problem, evidence, spec, docs, ...words };
}

const browserNames: readonly BrowserName[] = ["chromium", "firefox", "webkit"];

function reportBrowsers(
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
