import { byteLowercase } from "../header/bytes.ts";
import { extractHeaderListValues, extractMaxAge } from "../header/extract-header-list-values.ts";
import { getHeader, type Header, type HeaderList } from "../header/header-list.ts";
import { corsUnsafeRequestHeaderNames, isCorsNonWildcardRequestHeaderName } from "../header/request-header.ts";
import { isCorsSafelistedMethod } from "../method/method.ts";
import type { Problem } from "../problem/problem.ts";
import type { PreflightRules, RequestHeaderRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import { isOkStatus, isRedirectStatus } from "../response/status.ts";
import { type CorsCheckRequest, type CorsCheckResponse, corsCheckProblems } from "./cors-check.ts";

/** The request that a CORS-preflight request announces. */
export interface PreflightedRequest extends CorsCheckRequest {
  readonly method: string;
  readonly headers: HeaderList;
  readonly useCorsPreflight: boolean;
}

/** What a CORS-preflight response grants, ready for the CORS-preflight cache. */
export interface PreflightGrant {
  readonly methods: readonly string[];
  readonly headerNames: readonly string[];
  /** Seconds; `null` when the result is not to be cached. */
  readonly maxAge: number | null;
}

/** The rules of a profile that a CORS-preflight fetch depends on. */
export interface PreflightProfile {
  readonly requestHeaders: RequestHeaderRules;
  readonly preflight: PreflightRules;
}

/**
 * Builds the headers which make a CORS-preflight request of an `OPTIONS` request (steps 2 to 5).
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function corsPreflightHeaders(
  request: Pick<PreflightedRequest, "headers" | "method">,
  rules?: RequestHeaderRules,
): Header[] {
  const headers: Header[] = [
    ["Accept", "*/*"],
    ["Access-Control-Request-Method", request.method],
  ];
  const names = corsUnsafeRequestHeaderNames(request.headers, rules);
  if (names.length > 0) headers.push(["Access-Control-Request-Headers", names.join(",")]);
  return headers;
}

/**
 * Lists everything that a CORS-preflight fetch has against a response, in the order in which the standard looks
 * (step 7). The fetch itself fails at the first; empty exactly when the request that was announced may be sent.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function corsPreflightProblems(
  request: PreflightedRequest,
  response: CorsCheckResponse,
  profile: PreflightProfile = standard,
): Problem[] {
  const problems = corsCheckProblems(request, response, "preflight");
  const { status, headers } = response;
  if (isRedirectStatus(status)) {
    problems.push({
      code: "preflight-redirected",
      stage: "preflight",
      status,
      location: getHeader(headers, "location"),
    });
  } else if (!isOkStatus(status)) {
    problems.push({ code: "preflight-status-not-ok", stage: "preflight", status });
  }
  const methods = extractHeaderListValues("access-control-allow-methods", headers);
  const names = extractHeaderListValues("access-control-allow-headers", headers);
  if (methods === "failure") {
    const actual = getHeader(headers, "access-control-allow-methods") ?? "";
    problems.push({ code: "allow-methods-unparsable", stage: "preflight", actual });
  }
  if (names === "failure") {
    const actual = getHeader(headers, "access-control-allow-headers") ?? "";
    problems.push({ code: "allow-headers-unparsable", stage: "preflight", actual });
  }
  if (methods !== "failure") {
    // 7.4
    problems.push(...methodProblems(request, methods ?? impliedMethods(request, profile.preflight)));
  }
  if (names !== "failure") problems.push(...headerProblems(request, names ?? [], profile));
  return problems;
}

/** The methods that an answer without `Access-Control-Allow-Methods` allows. */
function impliedMethods({ useCorsPreflight, method }: PreflightedRequest, rules: PreflightRules): readonly string[] {
  return useCorsPreflight && rules.uploadListenersAllowMethod ? [method] : [];
}

function* methodProblems(request: PreflightedRequest, allowed: readonly string[]): Generator<Problem> {
  const { method } = request;
  if (isCorsSafelistedMethod(method) || allowed.includes(method)) return;
  const wildcard = allowed.includes("*");
  if (wildcard && request.credentialsMode !== "include") return;
  if (allowed.some((item) => item.toUpperCase() === method.toUpperCase())) {
    yield { code: "method-case-mismatch", stage: "preflight", method, allowed };
  } else if (wildcard) {
    yield { code: "allow-methods-wildcard-with-credentials", stage: "preflight", method };
  } else {
    yield { code: "method-not-allowed", stage: "preflight", method, allowed };
  }
}

function* headerProblems(
  request: PreflightedRequest,
  allowed: readonly string[],
  profile: PreflightProfile,
): Generator<Problem> {
  const listed = new Set(allowed.map(byteLowercase));
  const missing = [...new Set(corsUnsafeRequestHeaderNames(request.headers, profile.requestHeaders))].filter(
    (name) => !listed.has(name),
  );
  if (missing.length === 0) return;
  if (!listed.has("*")) {
    yield { code: "header-not-allowed", stage: "preflight", names: missing, allowed };
  } else if (request.credentialsMode === "include") {
    yield { code: "allow-headers-wildcard-with-credentials", stage: "preflight", names: missing };
  } else if (!profile.preflight.wildcardCoversAuthorization) {
    const names = missing.filter(isCorsNonWildcardRequestHeaderName);
    if (names.length > 0) yield { code: "authorization-not-covered-by-wildcard", stage: "preflight", names };
  }
}

/**
 * Reads what a CORS-preflight response without problems grants (steps 7.1 to 7.10).
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function corsPreflightGrant(
  request: PreflightedRequest,
  headers: HeaderList,
  rules: PreflightRules = standard.preflight,
): PreflightGrant {
  const methods = extractHeaderListValues("access-control-allow-methods", headers);
  const headerNames = extractHeaderListValues("access-control-allow-headers", headers);
  return {
    methods: methods === "failure" ? [] : (methods ?? impliedMethods(request, rules)),
    headerNames: headerNames === "failure" ? [] : (headerNames ?? []),
    maxAge: grantedMaxAge(headers, rules),
  };
}

function grantedMaxAge(headers: HeaderList, rules: PreflightRules): number | null {
  const maxAge = extractMaxAge(headers, rules);
  if (maxAge === "failure" && rules.malformedMaxAge === "uncached") return null;
  const seconds = maxAge === "failure" || maxAge === null ? defaultMaxAge : maxAge;
  return Math.min(seconds, rules.maxAgeLimit);
}

/** Seconds for which a CORS-preflight response without a usable `Access-Control-Max-Age` is kept. */
export const defaultMaxAge = 5;
