import { extractMimeType, mimeTypeEssence } from "../header/mime-type.ts";
import type { Problem } from "../problem/problem.ts";
import { isHttpScheme } from "../request/redirect.ts";
import type { FetchRequest, RequestMode } from "../request/request.ts";
import {
  type FilteredResponse,
  filterResponse,
  type InternalResponse,
  opaqueRedirectFilteredResponse,
} from "../response/filtered-response.ts";
import { shouldBlockDueToMimeType } from "../response/mime-blocking.ts";
import { shouldBlockDueToNosniff } from "../response/nosniff.ts";
import { isNullBodyStatus } from "../response/status.ts";
import type { Exchange, NetworkRequest, NetworkResponse } from "./exchange.ts";
import {
  currentReasons,
  type FetchContext,
  type FetchState,
  type FetchStep,
  isToOwnOrigin,
  preflightCacheKey,
  startFetch,
} from "./fetch-state.ts";
import { type FetchSteps, type HttpFetchResult, httpFetch } from "./http-fetch.ts";
import { nextReferrer } from "./http-network-or-cache-fetch.ts";
import { shouldBlockMixedContent } from "./mixed-content.ts";
import { isBadPort } from "./port-blocking.ts";
import { schemeFetch } from "./scheme-fetch.ts";

/** What a fetch comes to: what the script may see, or the reason it is never told. With everything that was on the wire. */
export type FetchOutcome =
  | { readonly kind: "network-error"; readonly problem: Problem; readonly exchanges: readonly Exchange[] }
  | { readonly kind: "response"; readonly response: FilteredResponse; readonly exchanges: readonly Exchange[] };

/** Bytes that the bodies of a page's keepalive requests may have together. */
export const keepaliveLimit = 65536;

/**
 * Performs a main fetch without doing any I/O: it yields each request that goes on the wire, is fed the response, and
 * returns the outcome. Integrity metadata is left to whoever reads the body; service workers, Content Security Policy
 * and HSTS are not part of it.
 *
 * @see https://fetch.spec.whatwg.org/#main-fetch
 */
export function* mainFetch(
  request: FetchRequest,
  context: FetchContext,
): Generator<NetworkRequest, FetchOutcome, NetworkResponse> {
  const state = startFetch(request, context);
  const { exchanges } = state;
  let result: FetchStep<HttpFetchResult>;
  do {
    result = yield* nextHop(state);
  } while (result.ok && result.value.kind === "redirected");
  if (!result.ok) {
    clearPreflightCache(state, result.problem);
    return { kind: "network-error", problem: result.problem, exchanges };
  }
  // The loop ends at a response.
  const value = result.value as Exclude<HttpFetchResult, { readonly kind: "redirected" }>;
  const hasBody = mayHaveBody(state, value.response);
  const internal = hasBody ? value.response : { ...value.response, body: null };
  const response =
    value.kind === "opaque-redirect"
      ? opaqueRedirectFilteredResponse(internal)
      : filterResponse(internal, state.responseTainting, request.credentialsMode);
  const isReadable = hasBody && (response.type === "basic" || response.type === "cors");
  const problem = responseProblem(request, internal, isReadable);
  if (problem !== null) return { kind: "network-error", problem, exchanges };
  return { kind: "response", response, exchanges };
}

function* nextHop(state: FetchState): FetchSteps<HttpFetchResult> {
  const { request, url } = state;
  const blocked = requestProblem(state);
  if (blocked !== null) {
    const isLate = blocked.code === "mixed-content" && state.profile.redirect.judgesAfterPreflight;
    if (!isLate || state.redirectCount === 0 || request.mode !== "cors") return { ok: false, problem: blocked };
    state.pendingProblem ??= blocked;
  }
  state.referrer = nextReferrer(state);
  state.firstReferrer ??= state.referrer;
  const isHome = isToOwnOrigin(state) && state.responseTainting === "basic";
  if (isHome || url.protocol === "data:" || isUntainted(request.mode)) {
    state.responseTainting = "basic";
    return yield* schemeFetch(state);
  }
  if (request.mode === "same-origin") {
    return fail({ code: "mode-same-origin", stage: stageOf(state), url: url.href });
  }
  if (request.mode === "no-cors") {
    if (request.redirectMode !== "follow") {
      return fail({ code: "no-cors-redirect-mode", stage: stageOf(state), redirectMode: request.redirectMode });
    }
    state.responseTainting = "opaque";
    return yield* schemeFetch(state);
  }
  if (!isHttpScheme(url)) {
    return fail({ code: "url-scheme-unsupported", stage: stageOf(state), scheme: url.protocol.slice(0, -1) });
  }
  state.responseTainting = "cors";
  const makeCorsPreflight = needsPreflight(state);
  if (makeCorsPreflight) state.wasPreflighted = true;
  return yield* httpFetch(state, makeCorsPreflight);
}

function fail(problem: Problem): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem };
}

function stageOf({ redirectCount }: FetchState): "redirect" | "request" {
  return redirectCount === 0 ? "request" : "redirect";
}

function isUntainted(mode: RequestMode): boolean {
  return mode === "navigate" || mode === "websocket";
}

function needsPreflight(state: FetchState): boolean {
  if (currentReasons(state).length > 0) return true;
  return (
    state.profile.redirect.onceCorsPreflightedAlways && state.redirectCount > 0 && state.originalReasons.length > 0
  );
}

function requestProblem(state: FetchState): Problem | null {
  const { request, url, profile, context } = state;
  const stage = stageOf(state);
  if (isBadPort(url)) return { code: "bad-port", stage, port: Number(url.port) };
  const { client, destination } = request;
  if (client !== null) {
    const { topLevelOrigin, origin: clientOrigin } = client;
    const { loopbackIsTrustworthy } = profile.response;
    const isMixed = shouldBlockMixedContent({ url, clientOrigin, topLevelOrigin, destination, loopbackIsTrustworthy });
    if (isMixed) return { code: "mixed-content", stage, url: url.href };
  }
  // Differs: judged before a preflight, as in every browser, and not after it.
  const length = state.body?.length ?? 0;
  if (request.keepalive && length > 0 && length + (context.inflightKeepaliveBytes ?? 0) > keepaliveLimit) {
    return { code: "keepalive-body-too-large", stage, limit: keepaliveLimit };
  }
  return null;
}

/** Checks that follow once a response is there to be shown. */
function responseProblem(
  { destination, integrity }: FetchRequest,
  { headers }: InternalResponse,
  isReadable: boolean,
): Problem | null {
  if (shouldBlockDueToMimeType(headers, destination)) {
    return { code: "mime-type-blocked", stage: "response", mimeType: essenceOf(headers) ?? "" };
  }
  if (shouldBlockDueToNosniff(headers, destination)) {
    return { code: "nosniff-blocked", stage: "response", mimeType: essenceOf(headers) };
  }
  // A body that is not there matches no integrity metadata.
  if (integrity !== "" && !isReadable) return { code: "integrity-mismatch", stage: "response", integrity };
  return null;
}

function essenceOf(headers: InternalResponse["headers"]): string | null {
  const mimeType = extractMimeType(headers);
  return mimeType === null ? null : mimeTypeEssence(mimeType);
}

function mayHaveBody({ method }: FetchState, { status }: InternalResponse): boolean {
  return method !== "HEAD" && method !== "CONNECT" && !isNullBodyStatus(status);
}

function clearPreflightCache(state: FetchState, problem: Problem): void {
  const { clearedBy, redirectModeErrorClears } = state.profile.preflight;
  if (clearedBy === "nothing") return;
  if (problem.code === "redirect-mode-error" && !redirectModeErrorClears) return;
  if (state.wasPreflighted || (clearedBy === "any-cors-failure" && state.responseTainting === "cors")) {
    state.context.preflightCache.clear(preflightCacheKey(state));
  }
}
