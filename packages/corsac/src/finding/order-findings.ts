import { byteLowercase, type Exchange } from "@corsac/protocol";
import type { FindingCode } from "./finding-code.ts";
import type { FindingDraft } from "./finding-draft.ts";

/** Earlier causes later: a finding of a later group may go away when an earlier one is mended. */
const causality: readonly (readonly (FindingCode | "…")[])[] = [
  ["network-error", "preflight-network-error", "bad-port", "mixed-content", "mode-same-origin", "no-cors-misuse"],
  ["cors-header-on-request", "method-case-mismatch"],
  ["preflight-redirected"],
  ["preflight-status-not-ok"],
  ["cors-header-misspelled"],
  ["origin-null", "allow-origin-missing", "allow-origin-invalid", "allow-origin-mismatch", "allow-origin-multiple"],
  ["allow-origin-wildcard-with-credentials"],
  ["allow-credentials-not-true"],
  ["allow-methods-unparsable", "allow-headers-unparsable"],
  ["method-not-allowed", "allow-methods-wildcard-with-credentials"],
  ["header-not-allowed", "allow-headers-wildcard-with-credentials", "authorization-not-covered-by-wildcard"],
  ["…"],
  ["header-not-exposed", "expose-headers-wildcard-with-credentials", "opaque-response"],
  ["vary-origin-missing", "cache-poisoned-allow-origin"],
  ["response-not-verified"],
];

const severities = ["error", "warning", "note"] as const;

/** Puts findings into causal order and says which ones go away with another. */
export function orderFindings(drafts: readonly FindingDraft[], exchanges: readonly Exchange[]): FindingDraft[] {
  const raised = drafts.map((each) => raiseMisspelling(each, drafts));
  const sorted = raised.sort((a, b) => rank(a) - rank(b));
  return sorted.map((each) => ({ ...each, followsFrom: followsFrom(each, sorted, exchanges) }));
}

function rank({ ahead, severity, code }: FindingDraft): number {
  const place = causality.findIndex((group) => group.includes(code));
  const group = place < 0 ? causality.findIndex((each) => each.includes("…")) : place;
  return (ahead ? 10_000 : 0) + severities.indexOf(severity) * 100 + group;
}

function followsFrom(
  each: FindingDraft,
  all: readonly FindingDraft[],
  exchanges: readonly Exchange[],
): FindingCode | null {
  if (each.exchange === null || each.code === "cors-header-on-request") return null;
  const sameAnswer = all.filter((other) => other.exchange === each.exchange && other.severity === "error");
  const misspelling = sameAnswer.find(
    (other) => other.code === "cors-header-misspelled" && isMissing(each, other.names[1] ?? ""),
  );
  if (misspelling !== undefined && misspelling !== each) return misspelling.code;
  const [first] = sameAnswer.filter(({ code }) => code !== "cors-header-on-request" && code !== "method-case-mismatch");
  if (first === undefined || first === each || each.severity !== "error") return null;
  if (first.stage === "preflight" && first.code.startsWith("preflight-")) return first.code;
  const saysNothing = first.problem?.code === "allow-origin-missing" && !hasCorsHeader(exchanges[each.exchange]);
  return saysNothing ? first.code : null;
}

// A misspelled header is the cause, and not only an oddity, when the header that it is meant to be is what is missing.
function raiseMisspelling(each: FindingDraft, all: readonly FindingDraft[]): FindingDraft {
  if (each.code !== "cors-header-misspelled") return each;
  const isCause = all.some((other) => other.exchange === each.exchange && isMissing(other, each.names[1] ?? ""));
  return isCause ? { ...each, severity: "error" } : each;
}

/** Whether a finding says that the header `name` is not there. */
function isMissing({ problem, code, evidence }: FindingDraft, name: string): boolean {
  if (code === "cors-header-misspelled") return false;
  switch (name) {
    case "Access-Control-Allow-Origin":
      return problem?.code === "allow-origin-missing";
    case "Access-Control-Allow-Credentials":
      return problem?.code === "allow-credentials-not-true" && problem.actual === null;
    case "Access-Control-Allow-Methods":
      return problem?.code === "method-not-allowed" && problem.allowed.length === 0;
    case "Access-Control-Allow-Headers":
      return problem?.code === "header-not-allowed" && problem.allowed.length === 0;
    case "Access-Control-Expose-Headers":
      return code === "header-not-exposed" && evidence.every(({ value }) => value === null);
    default:
      return false;
  }
}

function hasCorsHeader(exchange: Exchange | undefined): boolean {
  if (exchange?.response.kind !== "response") return false;
  return exchange.response.headers.some(([name]) => byteLowercase(name).startsWith("access-control-"));
}
