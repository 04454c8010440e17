import type { CorsPreflightCache, PreflightCacheKey } from "../cors/cors-preflight-cache.ts";
import { type PreflightReason, preflightReasons } from "../cors/preflight-reasons.ts";
import { type HeaderList, headersWithout } from "../header/header-list.ts";
import { isSameOrigin, originOf, serializeOrigin } from "../origin/origin.ts";
import { obtainSite, type RegistrableDomain, serializeSite } from "../origin/site.ts";
import type { Problem } from "../problem/problem.ts";
import type { Profile, RequestHeaderRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import type { ReferrerPolicy } from "../request/referrer.ts";
import { defaultReferrerPolicy } from "../request/referrer.ts";
import type { FetchRequest, RequestBody, ResponseTainting } from "../request/request.ts";
import { hasRedirectTaint } from "../request/request-origin.ts";
import type { Exchange } from "./exchange.ts";

/** What a fetch needs of the user agent. */
export interface FetchContext {
  readonly preflightCache: CorsPreflightCache;
  /** Finds the registrable domain of a host: whoever drives the fetch has the public suffix list. */
  readonly registrableDomain: RegistrableDomain;
  /** Whose rules to follow; the standard's when missing. */
  readonly profile?: Profile;
  /** The `User-Agent` value; none is added when missing. */
  readonly userAgent?: string;
  /** Whether a `blob:` URL is one that the page made: whoever drives the fetch has the store. By its path when missing. */
  readonly isOwnBlobUrl?: (url: URL) => boolean;
  /** Bytes of the keepalive bodies that the page has under way. */
  readonly inflightKeepaliveBytes?: number;
}

/** A fetch under way: what the standard keeps in the request, and the exchanges so far. */
export interface FetchState {
  readonly request: FetchRequest;
  readonly context: FetchContext;
  readonly profile: Profile;
  readonly exchanges: Exchange[];
  /** The headers that the script set, as this user agent sends them. */
  readonly originalHeaders: HeaderList;
  readonly originalMethod: string;
  /** Why the request as it was first made would need a preflight across origins. */
  readonly originalReasons: readonly PreflightReason[];
  readonly urlList: URL[];
  url: URL;
  method: string;
  headers: HeaderList;
  /** The header list that a preflight announces, and that its answer has to allow. */
  announced: HeaderList;
  body: RequestBody | null;
  responseTainting: ResponseTainting;
  redirectCount: number;
  referrer: URL | "client" | "no-referrer";
  /** The referrer of the first request; `null` until it has been determined. */
  firstReferrer: URL | "no-referrer" | null;
  referrerPolicy: ReferrerPolicy;
  /** What the page itself has against the latest redirect, where that is judged after a preflight. */
  pendingProblem: Problem | null;
  /** Whether any request of this fetch took the way over a CORS-preflight fetch. */
  wasPreflighted: boolean;
}

/** Where a fetch has led so far. */
export type FetchStep<T> = { readonly ok: false; readonly problem: Problem } | { readonly ok: true; readonly value: T };

/** Begins a fetch. */
export function startFetch(request: FetchRequest, context: FetchContext): FetchState {
  const profile = context.profile ?? standard;
  const headers = scriptHeaders(request.headers, profile.requestHeaders);
  const state: FetchState = {
    request,
    context,
    profile,
    exchanges: [],
    originalHeaders: headers,
    originalMethod: request.method,
    originalReasons: preflightReasons({ ...reasonInput(request, profile), headers }, profile.requestHeaders),
    urlList: [request.url],
    url: request.url,
    method: request.method,
    headers,
    announced: headers,
    body: request.body,
    responseTainting: "basic",
    redirectCount: 0,
    referrer: request.referrer,
    firstReferrer: null,
    referrerPolicy: request.referrerPolicy || (request.client?.referrerPolicy ?? defaultReferrerPolicy),
    pendingProblem: null,
    wasPreflighted: false,
  };
  return state;
}

function reasonInput({ method, unsafeRequest, useCorsPreflight, body }: FetchRequest, { preflight }: Profile) {
  const isUpload = body !== null || !preflight.uploadListenersNeedBody;
  return { method, unsafeRequest, useCorsPreflight: useCorsPreflight && isUpload };
}

/** Why the request as it is now needs a preflight across origins. */
export function currentReasons(state: FetchState): readonly PreflightReason[] {
  const { request, profile, redirectCount } = state;
  if (redirectCount === 0) return state.originalReasons;
  return preflightReasons(
    { ...reasonInput(request, profile), method: state.method, headers: state.headers },
    profile.requestHeaders,
  );
}

/** The request origin, serialized; `preflight` asks for the one that a CORS-preflight request carries. */
export function serializedOriginOf(state: FetchState, kind: "actual" | "preflight" = "actual"): string {
  const keepsPageOrigin = kind === "preflight" && state.profile.redirect.preflightKeepsPageOrigin;
  return !keepsPageOrigin && isTainted(state) ? "null" : serializeOrigin(state.request.origin);
}

/** Whether redirects have made the serialized request origin `null`. */
export function isTainted({ request, urlList, profile }: FetchState): boolean {
  return hasRedirectTaint({ origin: request.origin, mode: request.mode, urlList }, profile.origin);
}

/** Whether the request now goes to the origin that asks. */
export function isToOwnOrigin({ request, url, context }: FetchState): boolean {
  if (url.protocol === "blob:" && context.isOwnBlobUrl !== undefined) return context.isOwnBlobUrl(url);
  return isSameOrigin(originOf(url), request.origin);
}

/** Under what the CORS-preflight cache keeps results for the request as it is now. */
export function preflightCacheKey(state: FetchState): PreflightCacheKey {
  return {
    partition: networkPartitionKey(state),
    origin: serializedOriginOf(state, "preflight"),
    url: state.url.href,
    credentials: state.request.credentialsMode === "include",
  };
}

/**
 * Determines the network partition key: the site of the page in the address bar.
 *
 * Differs: all opaque sites, and requests without a page, have one key.
 *
 * @see https://fetch.spec.whatwg.org/#request-determine-the-network-partition-key
 */
export function networkPartitionKey({ request, context }: FetchState): string {
  const topLevel = request.client?.topLevelOrigin;
  if (topLevel === undefined || topLevel.kind === "opaque") return "";
  return serializeSite(obtainSite(topLevel, context.registrableDomain));
}

/** The script's headers as the user agent takes them over. */
function scriptHeaders(headers: HeaderList, rules: RequestHeaderRules): HeaderList {
  return rules.ignoresUserAgent ? headersWithout(headers, "user-agent") : headers;
}
