import { byteLowercase } from "../header/bytes.ts";
import { isDeviceHintName } from "../header/client-hint.ts";
import { containsHeader, type HeaderList, headersWithout } from "../header/header-list.ts";
import { isCorsNonWildcardRequestHeaderName, requestBodyHeaderNames } from "../header/request-header.ts";
import { isSameOrigin, type Origin, originOf } from "../origin/origin.ts";
import type { Problem } from "../problem/problem.ts";
import type { RedirectRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import { isRedirectStatus } from "../response/status.ts";
import { extractLocation } from "./location.ts";
import type { RequestBody, RequestMode, ResponseTainting } from "./request.ts";

/** The request that a response may redirect. */
export interface RedirectableRequest {
  readonly method: string;
  /** The method before redirects changed it. */
  readonly originalMethod: string;
  readonly headers: HeaderList;
  /** The headers before redirects took any away. */
  readonly originalHeaders: HeaderList;
  readonly body: RequestBody | null;
  readonly mode: RequestMode;
  readonly origin: Origin;
  readonly responseTainting: ResponseTainting;
  readonly redirectCount: number;
  readonly url: URL;
}

/** What a redirect changes in a request. */
export interface Redirection {
  readonly url: URL;
  readonly method: string;
  readonly headers: HeaderList;
  /** The headers that a preflight of the redirected request announces. */
  readonly announced: HeaderList;
  readonly body: RequestBody | null;
}

/** The response stays as it is, the fetch fails, or the request goes on elsewhere. */
export type RedirectResult =
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "redirect"; readonly redirection: Redirection }
  | { readonly kind: "response" };

/** How many redirects a fetch follows. */
export const redirectLimit = 20;

/**
 * Performs what an HTTP-redirect fetch decides about a request before it is fetched again.
 *
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export function httpRedirect(
  request: RedirectableRequest,
  response: { readonly status: number; readonly headers: HeaderList },
  rules: RedirectRules = standard.redirect,
): RedirectResult {
  const { status } = response;
  const location = extractLocation(response.headers, request.url, rules);
  if (location === null) return { kind: "response" };
  if (location.url === null) return refuse({ code: "redirect-location-invalid", stage, location: location.value });
  const { url } = location;
  if (!isHttpScheme(url)) return refuse({ code: "redirect-scheme", stage, location: url.href });
  const limit = request.mode === "navigate" ? rules.navigationLimit : redirectLimit;
  if (request.redirectCount >= limit) return refuse({ code: "redirect-count", stage, limit });
  if (includesCredentials(url) && isUserInfoRefused(request, url, rules)) {
    return refuse({ code: "redirect-with-credentials-in-url", stage, location: url.href });
  }
  if (status !== 303 && request.body !== null && !request.body.replayable) {
    return refuse({ code: "redirect-body-not-replayable", stage, status });
  }
  return { kind: "redirect", redirection: redirection(request, status, url, rules) };
}

const stage = "redirect";

function refuse(problem: Problem): RedirectResult {
  return { kind: "problem", problem };
}

/**
 * Reports whether a response redirects.
 *
 * @see https://fetch.spec.whatwg.org/#redirect-status
 */
export function isRedirect(
  { status, headers }: { readonly status: number; readonly headers: HeaderList },
  rules: RedirectRules = standard.redirect,
): boolean {
  if (isRedirectStatus(status)) return true;
  return rules.followsUnassignedStatuses && status > 308 && status < 400 && containsHeader(headers, "location");
}

/** Reports whether a URL has an HTTP(S) scheme. @see https://fetch.spec.whatwg.org/#http-scheme */
export function isHttpScheme(url: URL): boolean {
  return url.protocol === "http:" || url.protocol === "https:";
}

function includesCredentials(url: URL): boolean {
  return url.username !== "" || url.password !== "";
}

function isUserInfoRefused(request: RedirectableRequest, url: URL, rules: RedirectRules): boolean {
  if (rules.refusesUserInfoAlways || request.responseTainting === "cors") return true;
  return request.mode === "cors" && !isSameOrigin(request.origin, originOf(url));
}

function redirection(request: RedirectableRequest, status: number, url: URL, rules: RedirectRules): Redirection {
  const crossesOrigins = !isSameOrigin(originOf(request.url), originOf(url));
  const isRewritten = rewritesMethod(request.method, status);
  const losesBody = isRewritten || (rules.deleteBecomesGetCrossOrigin && crossesOrigins && request.method === "DELETE");
  const isCors =
    request.mode === "cors" && (request.responseTainting === "cors" || !isSameOrigin(request.origin, originOf(url)));
  let headers = request.headers;
  if (isRewritten) headers = headersWithout(headers, ...requestBodyHeaderNames);
  else if (bodyHeadersReturn(request, status, isCors, rules)) {
    headers = restored(headers, request.originalHeaders, isRequestBodyHeaderName);
  }
  if (crossesOrigins) headers = withoutAuthorization(headers);
  else if (rules.authorizationReturns) {
    headers = restored(headers, request.originalHeaders, isCorsNonWildcardRequestHeaderName);
  }
  if (rules.removesClientHints && !isSameOrigin(request.origin, originOf(url))) {
    headers = headers.filter(([name]) => !isDeviceHintName(byteLowercase(name)));
  }
  let announced = rules.preflightNamesRemovedHeaders === "none" ? headers : request.originalHeaders;
  if (rules.preflightNamesRemovedHeaders === "earlier") {
    if (isRewritten) announced = headersWithout(announced, ...requestBodyHeaderNames);
    if (crossesOrigins) announced = withoutAuthorization(announced);
  }
  const method = losesBody ? "GET" : request.method;
  return { url, method, headers, announced, body: losesBody ? null : request.body };
}

function bodyHeadersReturn(
  request: RedirectableRequest,
  status: number,
  isCors: boolean,
  rules: RedirectRules,
): boolean {
  if (rules.bodyHeadersReturn === "next-redirect") return isCors;
  return rules.bodyHeadersReturn === "unless-rewriting" && !rewritesMethod(request.originalMethod, status);
}

function withoutAuthorization(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => !isCorsNonWildcardRequestHeaderName(name));
}

function rewritesMethod(method: string, status: number): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return method === "POST" && (status === 301 || status === 302);
}

function isRequestBodyHeaderName(name: string): boolean {
  return requestBodyHeaderNames.includes(byteLowercase(name));
}

function restored(current: HeaderList, original: HeaderList, isRestored: (name: string) => boolean): HeaderList {
  const removed = original.filter(([name]) => isRestored(name));
  if (removed.length === 0 || current.some(([name]) => isRestored(name))) return current;
  return [...current, ...removed];
}
