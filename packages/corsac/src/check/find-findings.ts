import {
  corsPreflightGrant,
  type Exchange,
  type FetchOutcome,
  failingProblems,
  isNoCorsSafelistedRequestHeader,
  profiles,
} from "@corsac/protocol";
import { draft, type FindingDraft, type Scene } from "../finding/finding-draft.ts";
import { isCached, refineProblem } from "../finding/refine-problem.ts";
import { cacheFindings, misspelledHeaders, responseFindings } from "../finding/response-findings.ts";
import type { CheckPlan } from "./check-plan.ts";
import type { Conduct } from "./conduct.ts";

/**
 * Lists everything there is to say about what was sent and what came of it, in no particular order.
 *
 * @param conducted `null` when `fetch()` itself refuses the request
 */
export function findFindings(conducted: Conduct | null, scene: Scene): FindingDraft[] {
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
