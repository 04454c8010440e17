import { corsUnsafeRequestHeaderNames, isCorsSafelistedMethod, preflightReasons } from "@corsac/protocol";
import type { FindingCode } from "../finding/finding-code.ts";
import type { FindingDraft } from "../finding/finding-draft.ts";
import type { Grant } from "../server/recipes.ts";
import type { CheckPlan } from "./check-plan.ts";
import type { ReportedHeader, WantedAnswer } from "./check-report.ts";

/** Findings that the right headers on the answers of the same URL put right. */
const mendedByHeaders: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "allow-credentials-not-true",
  "allow-headers-unparsable",
  "allow-headers-wildcard-with-credentials",
  "allow-methods-unparsable",
  "allow-methods-wildcard-with-credentials",
  "allow-origin-invalid",
  "allow-origin-mismatch",
  "allow-origin-missing",
  "allow-origin-multiple",
  "allow-origin-wildcard-with-credentials",
  "authorization-not-covered-by-wildcard",
  "cache-poisoned-allow-origin",
  "cors-header-misspelled",
  "error-response-without-cors",
  "expose-headers-wildcard-with-credentials",
  "header-not-allowed",
  "header-not-exposed",
  "method-not-allowed",
  "opaque-response",
  "preflight-redirected",
  "preflight-status-not-ok",
]);

/** What the server would have to allow for the plan to succeed; `null` when headers do not help. */
export function neededGrant(plan: CheckPlan, drafts: readonly FindingDraft[]): Grant | null {
  const isMended = drafts.some(
    ({ code, severity, ahead }) => severity !== "note" && !ahead && mendedByHeaders.has(code),
  );
  if (!isMended || plan.origin === "null") return null;
  const mistaken = (name: string) => name.startsWith("access-control-");
  const exposed = drafts.filter(
    ({ code, severity }) =>
      severity !== "note" && (code === "header-not-exposed" || code === "expose-headers-wildcard-with-credentials"),
  );
  return {
    origin: plan.origin,
    methods: isCorsSafelistedMethod(plan.method) ? ["GET", "HEAD", "POST"] : [plan.method.toUpperCase()],
    headerNames: corsUnsafeRequestHeaderNames(plan.headers)
      .filter((name) => !mistaken(name))
      .map(titleCase),
    credentials: plan.credentials === "include",
    exposed: withoutRepeats([...exposed.flatMap(({ names }) => names), ...plan.readHeaders.map(titleCase)]),
    path: plan.url.pathname,
  };
}

/** The answers that a browser accepts, header by header. */
export function wantedAnswers(plan: CheckPlan, { origin, headerNames, credentials, exposed }: Grant): WantedAnswer[] {
  const common: ReportedHeader[] = [
    { name: "Access-Control-Allow-Origin", value: origin },
    ...(credentials ? [{ name: "Access-Control-Allow-Credentials", value: "true" }] : []),
    { name: "Vary", value: "Origin" },
  ];
  const method = isCorsSafelistedMethod(plan.method) ? null : plan.method.toUpperCase();
  const preflight: WantedAnswer = {
    to: "OPTIONS",
    status: "204",
    headers: [
      ...common,
      ...(method === null ? [] : [{ name: "Access-Control-Allow-Methods", value: method }]),
      ...(headerNames.length === 0 ? [] : [{ name: "Access-Control-Allow-Headers", value: headerNames.join(", ") }]),
    ],
  };
  const exposes = exposed.length === 0 ? [] : [{ name: "Access-Control-Expose-Headers", value: exposed.join(", ") }];
  const actual: WantedAnswer = {
    to: plan.method.toUpperCase(),
    status: "any status",
    headers: [...common, ...exposes],
  };
  return needsPreflight(plan, headerNames) ? [preflight, actual] : [actual];
}

function needsPreflight({ method, headers }: CheckPlan, headerNames: readonly string[]): boolean {
  const reasons = preflightReasons({ method, headers, unsafeRequest: true, useCorsPreflight: false });
  return reasons.some((reason) => reason.kind !== "header" || headerNames.some((name) => sameName(name, reason.name)));
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function withoutRepeats(names: readonly string[]): string[] {
  return names.filter((name, index) => names.findIndex((other) => sameName(other, name)) === index);
}

// As people write them; a server compares without case.
function titleCase(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
