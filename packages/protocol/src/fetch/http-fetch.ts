import { corsCheck, isCorsCheckProblem } from "../cors/cors-check.ts";
import { corsPreflightGrant, corsPreflightProblems } from "../cors/cors-preflight.ts";
import type { PreflightReason } from "../cors/preflight-reasons.ts";
import { getHeader } from "../header/header-list.ts";
import { corsUnsafeRequestHeaderNames } from "../header/request-header.ts";
import { isCorsSafelistedMethod } from "../method/method.ts";
import { isSafeMethod } from "../method/method-semantics.ts";
import { isSameOrigin, originOf } from "../origin/origin.ts";
import { isSchemelesslySameSite } from "../origin/site.ts";
import type { Problem, ProblemCode } from "../problem/problem.ts";
import { httpRedirect, isRedirect } from "../request/redirect.ts";
import { parseReferrerPolicy } from "../request/referrer.ts";
import { crossOriginResourcePolicyCheck } from "../response/cross-origin-resource-policy.ts";
import type { InternalResponse } from "../response/filtered-response.ts";
import { receivedHeaders } from "../response/received-headers.ts";
import type { NetworkRequest, NetworkResponse } from "./exchange.ts";
import {
  currentReasons,
  type FetchState,
  type FetchStep,
  isToOwnOrigin,
  preflightCacheKey,
  serializedOriginOf,
} from "./fetch-state.ts";
import { includesCredentials, isConditional, networkRequest, preflightRequest } from "./http-network-or-cache-fetch.ts";

/** Where an HTTP fetch ends: at a response, at a redirect not to be followed, or at the next URL (which is in the state). */
export type HttpFetchResult =
  | { readonly kind: "opaque-redirect" | "response"; readonly response: InternalResponse }
  | { readonly kind: "redirected" };

/** A fetch that yields what goes on the wire and is fed what comes back. */
export type FetchSteps<T> = Generator<NetworkRequest, FetchStep<T>, NetworkResponse>;

type ReceivedResponse = Extract<NetworkResponse, { readonly kind: "response" }>;

function failure(problem: Problem): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem };
}

/**
 * Performs an HTTP fetch up to the next redirect.
 *
 * @see https://fetch.spec.whatwg.org/#http-fetch
 */
export function* httpFetch(state: FetchState, makeCorsPreflight: boolean): FetchSteps<HttpFetchResult> {
  let reasons: readonly PreflightReason[] = [];
  let preflight: NetworkRequest["preflight"] = "not-needed";
  if (makeCorsPreflight) {
    reasons = preflightReasonsNow(state);
    preflight = isPreflightCached(state) ? "cached" : "sent";
    if (preflight === "sent") {
      const problem = yield* corsPreflightFetch(state, reasons);
      if (problem !== null) return failure(problem);
    }
  }
  if (state.pendingProblem !== null) return failure(state.pendingProblem);
  const received = yield* exchange(state, networkRequest(state, reasons, preflight));
  if (received.kind === "network-error") {
    const { reason, message } = received;
    // Such a request never reaches the network.
    if (state.request.cacheMode === "only-if-cached") {
      return failure({ code: "only-if-cached-miss", stage: "request", url: state.url.href });
    }
    return failure({ code: "network-error", stage: "response", reason, message });
  }
  const { redirect } = state.profile;
  const redirects = isRedirect(received, redirect);
  const stage = redirects ? "redirect" : "response";
  if (received.status === 407 && !state.profile.response.proxyAuthenticationReadable) {
    return failure({ code: "proxy-authentication-required", stage, status: received.status });
  }
  if (state.responseTainting === "cors") {
    const { credentialsMode } = state.request;
    const check = corsCheck({ serializedOrigin: serializedOriginOf(state), credentialsMode }, received, stage);
    if (!check.ok) return check;
  }
  const policyProblem = resourcePolicyProblem(state, received, stage);
  if (policyProblem !== null) return failure(policyProblem);
  const response = internalResponse(state, received);
  return redirects ? redirectStep(state, response) : { ok: true, value: { kind: "response", response } };
}

function redirectStep(state: FetchState, response: InternalResponse): FetchStep<HttpFetchResult> {
  const { request } = state;
  const rules = state.profile.redirect;
  if (request.redirectMode === "error") {
    if (rules.errorModeNeedsLocation && getHeader(response.headers, "location") === null) {
      return { ok: true, value: { kind: "response", response } };
    }
    return failure({ code: "redirect-mode-error", stage: "redirect", status: response.status });
  }
  if (request.redirectMode === "manual") {
    return { ok: true, value: { kind: "opaque-redirect", response } };
  }
  const { mode, origin } = request;
  const result = httpRedirect({ ...state, mode, origin }, response, rules);
  if (result.kind === "problem") return failure(result.problem);
  if (result.kind === "response") return { ok: true, value: { kind: "response", response } };
  if (isCheckedAsInclude(state)) {
    const serializedOrigin = serializedOriginOf(state);
    const check = corsCheck({ serializedOrigin, credentialsMode: "include" }, response, "redirect");
    if (!check.ok) {
      if (!rules.judgesAfterPreflight) return check;
      state.pendingProblem = check.problem;
    }
  }
  const { url, method, headers, announced, body } = result.redirection;
  state.redirectCount += 1;
  state.url = url;
  state.urlList.push(url);
  state.method = method;
  state.headers = headers;
  state.announced = announced;
  state.body = body;
  state.referrerPolicy = parseReferrerPolicy(response.headers) || state.referrerPolicy;
  return { ok: true, value: { kind: "redirected" } };
}

/** Yields a request and records the exchange. 421 is answered by asking once more, over another connection. */
function* exchange(
  state: FetchState,
  request: NetworkRequest,
): Generator<NetworkRequest, NetworkResponse, NetworkResponse> {
  let response = readable(yield request, state);
  state.exchanges.push({ request, response });
  for (let tries = 1; tries < triesFor(request, state) && isDropped(response); tries += 1) {
    response = readable(yield request, state);
    state.exchanges.push({ request, response });
  }
  const isReplayable = request.body === null || request.body.replayable;
  if (response.kind === "response" && response.status === 421 && isReplayable) {
    const again = { ...request, newConnection: true };
    response = readable(yield again, state);
    state.exchanges.push({ request: again, response });
  }
  return response;
}

/** How often a request is made when the connection closes instead of an answer. */
function triesFor({ method }: NetworkRequest, { profile }: FetchState): number {
  return isSafeMethod(method) ? profile.response.triesWhenDropped : 1;
}

function isDropped(response: NetworkResponse): boolean {
  return response.kind === "network-error" && response.reason === "connection-closed";
}

function readable(response: NetworkResponse, { profile }: FetchState): NetworkResponse {
  if (response.kind === "network-error") return response;
  const headers = receivedHeaders(response.headers, profile.response);
  return headers === response.headers ? response : { ...response, headers };
}

function preflightReasonsNow(state: FetchState): readonly PreflightReason[] {
  const reasons = currentReasons(state);
  return reasons.length === 0 ? state.originalReasons : reasons;
}

function bypassesPreflightCache({ request, headers, profile: { preflight } }: FetchState): boolean {
  if (preflight.bypassedByCacheModes.includes(request.cacheMode)) return true;
  return preflight.bypassedByConditionalHeaders && isConditional(headers);
}

function isPreflightCached(state: FetchState): boolean {
  const { method, request, profile, context } = state;
  const rules = profile.preflight;
  if (bypassesPreflightCache(state)) return false;
  const key = preflightCacheKey(state);
  const cache = context.preflightCache;
  const names = corsUnsafeRequestHeaderNames(state.announced, profile.requestHeaders);
  const methodNeedsEntry = !isCorsSafelistedMethod(method) || request.useCorsPreflight;
  if (methodNeedsEntry && !cache.matchesMethod(key, method, rules)) return false;
  if (!names.every((name) => cache.matchesHeaderName(key, name, rules))) return false;
  // Only where a preflight is sent although nothing needs it any more (redirect.onceCorsPreflightedAlways).
  return methodNeedsEntry || names.length > 0 || cache.entriesFor(key).length > 0;
}

/**
 * Performs a CORS-preflight fetch; `null` when it succeeds.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
function* corsPreflightFetch(
  state: FetchState,
  reasons: readonly PreflightReason[],
): Generator<NetworkRequest, Problem | null, NetworkResponse> {
  const { profile, request } = state;
  const headers = state.announced;
  const response = yield* exchange(state, preflightRequest(state, reasons, headers));
  if (response.kind === "network-error") {
    const { reason, message } = response;
    return { code: "preflight-network-error", stage: "preflight", reason, message };
  }
  const preflighted = {
    ...{ method: state.method, headers, useCorsPreflight: request.useCorsPreflight },
    serializedOrigin: serializedOriginOf(state, "preflight"),
    credentialsMode: request.credentialsMode,
  };
  const passesCorsCheck = profile.redirect.preflightKeepsPageOrigin && isToOwnOrigin(state);
  const problem = corsPreflightProblems(preflighted, response, profile).find(
    (found) => !passesCorsCheck || !isCorsCheckProblem(found),
  );
  const isGranted = problem === undefined || (profile.preflight.storesWhatRefuses && refusals.has(problem.code));
  if (isGranted && isPreflightStored(state)) {
    const grant = corsPreflightGrant(preflighted, response.headers, profile.preflight);
    state.context.preflightCache.store(preflightCacheKey(state), grant, profile.preflight);
  }
  return problem ?? null;
}

/** What a preflight that was answered in order may have refused. */
const refusals: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "method-not-allowed",
  "method-case-mismatch",
  "allow-methods-wildcard-with-credentials",
  "header-not-allowed",
  "allow-headers-wildcard-with-credentials",
  "authorization-not-covered-by-wildcard",
]);

function isPreflightStored(state: FetchState): boolean {
  const rules = state.profile.preflight;
  if (rules.unstoredWithCacheModes.includes(state.request.cacheMode)) return false;
  const isOpaque = state.request.origin.kind === "opaque";
  if (!rules.cachesIpv6Hosts && state.url.hostname.startsWith("[") && !isOpaque) return false;
  if (serializedOriginOf(state, "preflight") !== "null") return true;
  if (!rules.cachesOpaqueOrigins) return false;
  return rules.cachesTaintedOrigins || isOpaque;
}

function isCheckedAsInclude({ request, urlList, profile, responseTainting }: FetchState): boolean {
  if (!profile.redirect.sameOriginCredentialsCheckedAsInclude || responseTainting !== "cors") return false;
  return request.credentialsMode === "same-origin" && isSameOrigin(originOf(urlList[0] as URL), request.origin);
}

function resourcePolicyProblem(
  state: FetchState,
  response: ReceivedResponse,
  stage: "redirect" | "response",
): Problem | null {
  if (state.responseTainting !== "opaque") return null;
  const { request, url, context, profile } = state;
  const { client, origin } = request;
  const result = crossOriginResourcePolicyCheck(
    {
      ...{ origin, url, headers: response.headers },
      embedderPolicy: client?.embedderPolicy ?? "unsafe-none",
      includesCredentials: includesCredentials(state),
      addressIsNoSite: profile.response.addressIsNoSite,
    },
    context.registrableDomain,
  );
  if (result.ok) return null;
  const { policy, byEmbedderPolicy } = result;
  if (
    policy === "same-site" &&
    profile.response.opaqueInitiatorPassesSameSiteCorp &&
    origin.kind === "opaque" &&
    client
  ) {
    if (isSchemelesslySameSite(client.topLevelOrigin, originOf(url), context.registrableDomain)) return null;
  }
  return { code: "corp-blocked", stage, policy, byEmbedderPolicy };
}

/** A response as it came, for the request as it is now. */
export function internalResponse(state: FetchState, received: ReceivedResponse): InternalResponse {
  const { status, statusText, headers, body, fromCache = false } = received;
  return { status, statusText, headers, body, urlList: [...state.urlList], fromCache };
}
