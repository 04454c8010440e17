import { type Exchange, getHeader, isOkStatus, type Problem, parseOrigin } from "@corsac/protocol";
import type { Evidence } from "../check/check-report.ts";
import { presentResponseHeader, requestHeader, responseHeader, statusEvidence } from "./evidence.ts";
import type { FindingCode } from "./finding-code.ts";
import { draft, type FindingDraft, type Scene } from "./finding-draft.ts";

const allowOrigin = "Access-Control-Allow-Origin";
const allowMethods = "Access-Control-Allow-Methods";
const allowHeaders = "Access-Control-Allow-Headers";

/**
 * Turns a problem of the standard into findings: with the place and the cause known, some have names of their own.
 *
 * @param index of the exchange at fault; `null` when nothing was sent
 */
export function refineProblem(problem: Problem, index: number | null, scene: Scene): FindingDraft[] {
  const exchange = index === null ? undefined : scene.exchanges[index];
  const base = { problem, exchange: index };
  if (exchange === undefined || index === null) return [draft(problem.code, "error", problem.stage, base)];
  if (problem.code === "header-not-allowed") return refineHeaders(problem, index, exchange);
  const code = refinedCode(problem, exchange, scene);
  const evidence = evidenceOf(problem, code, index, exchange);
  return [draft(code, "error", problem.stage, { ...base, evidence, names: namesOf(problem) })];
}

function refinedCode(problem: Problem, exchange: Exchange, { plan }: Scene): FindingCode {
  const isCorsCheck = problem.code.startsWith("allow-origin-") || problem.code === "allow-credentials-not-true";
  if (!isCorsCheck || problem.stage === "preflight") {
    return isNullOrigin(problem) && plan.origin === "null" ? "origin-null" : problem.code;
  }
  if (problem.stage === "redirect") return "redirect-response-blocked";
  const redirected = exchange.request.urlList.length > 1;
  const tainted = redirected && plan.origin !== "null" && getHeader(exchange.request.headers, "origin") === "null";
  if (problem.code === "allow-origin-mismatch" || problem.code === "allow-origin-invalid") {
    if (tainted) return "redirect-origin-tainted";
    if (plan.origin === "null") return "origin-null";
    if (problem.code === "allow-origin-mismatch" && isCached(exchange)) return "cache-poisoned-allow-origin";
  }
  if (problem.code === "allow-origin-missing") {
    if (redirected) return "redirect-target-blocked";
    if (problem.status >= 400) return "error-response-without-cors";
  }
  return problem.code;
}

function isNullOrigin({ code }: Problem): boolean {
  return code === "allow-origin-mismatch" || code === "allow-origin-invalid";
}

/** Whether a cache in front of the server answered. */
export function isCached({ response }: Exchange): boolean {
  if (response.kind === "network-error") return false;
  const age = getHeader(response.headers, "age");
  if (age !== null && Number(age) > 0) return true;
  return ["x-cache", "cf-cache-status", "x-cache-status", "x-proxy-cache", "x-vercel-cache", "cache-status"].some(
    (name) => /\bhit\b/i.test(getHeader(response.headers, name) ?? ""),
  );
}

// Browsers send names of response headers only because a script set them: a mistake of its own kind.
function refineHeaders(
  problem: Extract<Problem, { code: "header-not-allowed" }>,
  index: number,
  exchange: Exchange,
): FindingDraft[] {
  const mistaken = problem.names.filter((name) => name.startsWith("access-control-"));
  const rest = problem.names.filter((name) => !mistaken.includes(name));
  const found: FindingDraft[] = [];
  const asked = (names: readonly string[]) =>
    requestHeader(index, exchange, "Access-Control-Request-Headers", names.length === 1 ? (names[0] ?? null) : null);
  if (mistaken.length > 0) {
    const names = { names: mistaken, evidence: asked(mistaken) };
    const part = { ...problem, names: mistaken };
    found.push(draft("cors-header-on-request", "error", "preflight", { problem: part, exchange: index, ...names }));
  }
  if (rest.length > 0) {
    const evidence = [...asked(rest), ...responseHeader(index, exchange, allowHeaders)];
    const part = { ...problem, names: rest };
    found.push(
      draft("header-not-allowed", "error", "preflight", { problem: part, exchange: index, names: rest, evidence }),
    );
  }
  return found;
}

function namesOf(problem: Problem): readonly string[] {
  if ("names" in problem) return problem.names;
  if ("method" in problem) return [problem.method];
  return [];
}

function evidenceOf(problem: Problem, code: FindingCode, index: number, exchange: Exchange): Evidence[] {
  const status = () => statusEvidence(index, exchange);
  const header = (name: string, mark: string | null = null) => responseHeader(index, exchange, name, mark);
  const present = (...names: string[]) => names.flatMap((name) => presentResponseHeader(index, exchange, name));
  switch (problem.code) {
    case "allow-origin-missing": {
      const lines = [
        ...(isOkStatus(problem.status) ? [] : status()),
        ...header(allowOrigin),
        ...present("Location", "Server"),
      ];
      return code === "error-response-without-cors" ? [...lines, ...present("WWW-Authenticate", "Retry-After")] : lines;
    }
    case "allow-origin-mismatch":
    case "allow-origin-invalid":
      return [
        ...requestHeader(index, exchange, "Origin"),
        ...header(allowOrigin, difference(problem.actual, problem.expected)),
        ...(code === "cache-poisoned-allow-origin" ? present("Age", "X-Cache", "CF-Cache-Status", "Vary") : []),
      ];
    case "allow-origin-multiple":
      return [...header(allowOrigin), ...present("Server", "Via", "X-Powered-By")];
    case "allow-origin-wildcard-with-credentials":
      return header(allowOrigin);
    case "allow-credentials-not-true":
      return header("Access-Control-Allow-Credentials");
    case "preflight-status-not-ok":
      return [...status(), ...present("WWW-Authenticate", "Allow", "Server", "Via")];
    case "preflight-redirected":
      return [...status(), ...present("Location")];
    case "allow-methods-unparsable":
    case "method-not-allowed":
    case "method-case-mismatch":
    case "allow-methods-wildcard-with-credentials":
      return [
        ...requestHeader(index, exchange, "Access-Control-Request-Method"),
        ...header(allowMethods, problem.code === "allow-methods-unparsable" ? notTokens(problem.actual) : null),
      ];
    case "allow-headers-unparsable":
      return header(allowHeaders, notTokens(problem.actual));
    case "header-not-allowed":
    case "allow-headers-wildcard-with-credentials":
    case "authorization-not-covered-by-wildcard":
      return [...requestHeader(index, exchange, "Access-Control-Request-Headers"), ...header(allowHeaders)];
    case "redirect-mode-error":
    case "redirect-location-invalid":
    case "redirect-scheme":
    case "redirect-with-credentials-in-url":
    case "redirect-count":
    case "redirect-body-not-replayable":
    case "mode-same-origin":
    case "mixed-content":
    case "bad-port":
      return [...status(), ...present("Location")];
    case "corp-blocked":
      return header("Cross-Origin-Resource-Policy");
    case "nosniff-blocked":
      return [...header("Content-Type"), ...header("X-Content-Type-Options")];
    case "mime-type-blocked":
      return header("Content-Type");
    case "proxy-authentication-required":
      return status();
    // No header has a part in these.
    case "preflight-network-error":
    case "network-error":
    case "url-scheme-unsupported":
    case "url-unknown":
    case "no-cors-redirect-mode":
    case "integrity-mismatch":
    case "keepalive-body-too-large":
    case "only-if-cached-miss":
      return [];
  }
}

/** The part of an origin that differs from the expected one: what the eye is to be led to. */
function difference(actual: string, expected: string): string | null {
  if (actual.startsWith(expected) && actual.length > expected.length) return actual.slice(expected.length);
  const [a, b] = [parseOrigin(actual), parseOrigin(expected)];
  if (a === null || b === null) return null;
  const parts = [a.scheme !== b.scheme ? a.scheme : null, a.host !== b.host ? a.host : null];
  const port = a.port === b.port || a.port === null ? null : `:${a.port}`;
  const differing = [...parts, port].filter((part) => part !== null);
  return differing.length === 1 ? (differing[0] ?? null) : null;
}

function notTokens(value: string): string | null {
  const items = value.split(",").map((item) => item.trim());
  return items.find((item) => item !== "" && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(item)) ?? null;
}
