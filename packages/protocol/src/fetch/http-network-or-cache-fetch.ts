import { corsPreflightHeaders } from "../cors/cors-preflight.ts";
import type { PreflightReason } from "../cors/preflight-reasons.ts";
import { byteLowercase, isomorphicDecode } from "../header/bytes.ts";
import { containsHeader, type Header, type HeaderList } from "../header/header-list.ts";
import { canonicalRange } from "../header/range.ts";
import { originOf } from "../origin/origin.ts";
import { isSchemelesslySameSite } from "../origin/site.ts";
import type { DefaultHeaderRules, RequestHeaderRules } from "../profile/profile.ts";
import { fetchMetadataHeaders, isAfterCrossOriginRedirect } from "../request/fetch-metadata.ts";
import { determineReferrer, type ReferrerPolicy, stripUrlForReferrer } from "../request/referrer.ts";
import type { CacheMode, Destination, FetchRequest } from "../request/request.ts";
import { requestOriginHeader } from "../request/request-origin.ts";
import { storageAccess } from "../request/storage-access.ts";
import type { NetworkRequest } from "./exchange.ts";
import { type FetchState, isTainted, isToOwnOrigin, serializedOriginOf } from "./fetch-state.ts";

/**
 * Builds the request that goes on the wire: everything in HTTP-network-or-cache fetch that does not depend on stored
 * cookies, authentication entries and responses.
 *
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
export function networkRequest(
  state: FetchState,
  reasons: readonly PreflightReason[],
  preflight: NetworkRequest["preflight"],
): NetworkRequest {
  const { request } = state;
  const cacheMode = effectiveCacheMode(request.cacheMode, state.headers);
  const headers = wireHeaders(state.headers, state.profile.requestHeaders);
  const add = adder(headers);
  addAccept(state, headers);
  if (request.mode !== "websocket") addReferrer(state.referrer, headers);
  addRequestContext(state, "actual", headers);
  addCacheHeaders(state, cacheMode, headers);
  if (containsHeader(state.headers, "range")) add("Accept-Encoding", "identity");
  if (request.mode === "websocket") add("Sec-WebSocket-Extensions", state.profile.defaultHeaders.webSocketExtensions);
  return {
    ...shared(state, reasons),
    kind: "actual",
    method: state.method,
    headers,
    body: state.body,
    includeCredentials: includesCredentials(state),
    credentialsMode: request.credentialsMode,
    cacheMode,
    mode: request.mode,
    responseTainting: state.responseTainting,
    preflight,
  };
}

/**
 * Reports whether cookies and authentication entries go along with the request as it is now.
 *
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch (steps 8.3 and 8.4)
 */
export function includesCredentials(state: FetchState): boolean {
  const { request, responseTainting } = state;
  if (request.mode === "no-cors" && request.client?.embedderPolicy === "credentialless") {
    // Differs: the text says "is not" where it means that no redirect has tainted the request.
    if (!isToOwnOrigin(state) || isTainted(state)) return false;
  }
  if (request.credentialsMode === "same-origin") return responseTainting === "basic";
  return request.credentialsMode === "include";
}

/**
 * Builds the CORS-preflight request for the request as it is now.
 *
 * @param headers the header list whose CORS-unsafe request-header names it announces.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function preflightRequest(
  state: FetchState,
  reasons: readonly PreflightReason[],
  announcedHeaders: HeaderList,
): NetworkRequest {
  const { request, profile } = state;
  const headers: Header[] = corsPreflightHeaders(
    { method: state.method, headers: announcedHeaders },
    profile.requestHeaders,
  );
  const first = state.firstReferrer;
  addReferrer(profile.referrer.preflightKeepsFirst && first !== null ? first : state.referrer, headers);
  addRequestContext(state, "preflight", headers);
  if (profile.defaultHeaders.preflightCarriesCacheHeaders) {
    addCacheHeaders(state, effectiveCacheMode(request.cacheMode, state.headers), headers);
  }
  return {
    ...shared(state, reasons),
    kind: "preflight",
    method: "OPTIONS",
    headers,
    body: null,
    includeCredentials: false,
    credentialsMode: request.credentialsMode,
    cacheMode: "no-store",
    mode: "cors",
    responseTainting: "cors",
    preflight: "not-needed",
  };
}

function shared({ request, url, urlList }: FetchState, preflightReasons: readonly PreflightReason[]) {
  const { destination, initiatorType, origin, client } = request;
  return { url, urlList: [...urlList], destination, initiatorType, origin, client, preflightReasons };
}

function adder(headers: Header[]): (name: string, value: string) => void {
  return (name, value) => {
    if (!containsHeader(headers, name)) headers.push([name, value]);
  };
}

function addReferrer(referrer: FetchState["referrer"], headers: Header[]): void {
  if (referrer instanceof URL) headers.push(["Referer", referrer.href]);
}

/** Who asks, in which context: `Origin`, `Sec-Fetch-*`, `User-Agent`, `Accept-Language`. */
function addRequestContext(state: FetchState, kind: "actual" | "preflight", headers: Header[]): void {
  const { request, urlList, context, profile } = state;
  const { client, origin, credentialsMode, destination, initiatorType, keepalive, userActivation } = request;
  const serializedOrigin = serializedOriginOf(state, kind);
  const mode = kind === "preflight" ? "cors" : request.mode;
  const metadata = {
    ...{ kind, client, origin, mode, credentialsMode, destination, initiatorType, keepalive, urlList, userActivation },
    isTainted: isTainted(state),
  };
  const access = storageAccess(metadata, context.registrableDomain, profile);
  const value =
    kind === "preflight"
      ? serializedOrigin
      : requestOriginHeader(
          {
            ...{ serializedOrigin, origin, urlList, client, destination, initiatorType, headers, mode },
            method: state.method,
            originalMethod: request.method,
            referrerPolicy: state.referrerPolicy,
            responseTainting: state.responseTainting,
            storageAccess: access,
          },
          profile.origin,
        );
  if (value !== null) headers.push(["Origin", value]);
  headers.push(...fetchMetadataHeaders(metadata, context.registrableDomain, profile.fetchMetadata));
  if (access !== null) headers.push(["Sec-Fetch-Storage-Access", access]);
  const add = adder(headers);
  if (context.userAgent !== undefined) add("User-Agent", context.userAgent);
  add("Accept-Language", profile.defaultHeaders.acceptLanguage);
}

/** @see https://fetch.spec.whatwg.org/#fetching (the step of "fetch" that adds `Accept`) */
function addAccept({ request, profile }: FetchState, headers: Header[]): void {
  if (!containsHeader(headers, "accept"))
    headers.push(["Accept", acceptValue(request.destination, profile.defaultHeaders)]);
}

function acceptValue(destination: Destination, { accept }: DefaultHeaderRules): string {
  switch (destination) {
    case "document":
    case "frame":
    case "iframe":
      return accept.document;
    case "image":
      return accept.image;
    case "style":
      return accept.style;
    default:
      return "*/*";
  }
}

const conditionalNames = ["if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range"] as const;

/** Whether a script has made the request conditional itself. */
export function isConditional(headers: HeaderList): boolean {
  return conditionalNames.some((name) => containsHeader(headers, name));
}

function effectiveCacheMode(cacheMode: CacheMode, headers: HeaderList): CacheMode {
  return cacheMode === "default" && headers.length > 0 && isConditional(headers) ? "no-store" : cacheMode;
}

function addCacheHeaders({ request, urlList, profile }: FetchState, mode: CacheMode, headers: Header[]): void {
  const rules = profile.defaultHeaders;
  const add = adder(headers);
  if (rules.cacheHeadersLostByCrossOriginRedirect && isAfterCrossOriginRedirect(request.mode, urlList)) {
    if (isEventSource(request)) add("Cache-Control", "no-cache");
    return;
  }
  const isBeacon = request.initiatorType === "beacon" && rules.beaconsRevalidate;
  const isPostNavigation = request.mode === "navigate" && request.method === "POST" && rules.postNavigationsRevalidate;
  const isConditionalByScript = request.cacheMode === "default" && mode === "no-store";
  if (
    mode === "no-cache" ||
    isBeacon ||
    isPostNavigation ||
    (isConditionalByScript && rules.conditionalRequestsRevalidate)
  ) {
    add("Cache-Control", "max-age=0");
  } else if (mode === "no-store" || mode === "reload") {
    add("Pragma", "no-cache");
    add("Cache-Control", "no-cache");
  }
}

/**
 * The script's headers as the user agent writes them: one line for each name, its values joined, as in every browser,
 * and what a profile drops or rewrites after the headers have been judged.
 */
function wireHeaders(headers: HeaderList, rules: RequestHeaderRules): Header[] {
  const lines = new Map<string, [name: string, value: string]>();
  for (const [name, value] of headers) {
    const lower = byteLowercase(name);
    const earlier = lines.get(lower);
    if (earlier === undefined) {
      const range = rules.canonicalizesRange && lower === "range" ? canonicalRange(value) : null;
      lines.set(lower, [name, range ?? (rules.sendsHighBytesAsUtf8 ? toUtf8Bytes(value) : value)]);
    } else if (lower !== "content-type" || !rules.sendsFirstContentTypeOnly) {
      const parts = [earlier[1], rules.sendsHighBytesAsUtf8 ? toUtf8Bytes(value) : value];
      earlier[1] = (rules.joinsWithoutEmptyValues ? parts.filter((part) => part !== "") : parts).join(", ");
    }
  }
  return [...lines.values()];
}

function toUtf8Bytes(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  return isomorphicDecode(new TextEncoder().encode(value));
}

/**
 * Determines a request's referrer for its next hop, as main fetch asks: `no-referrer` when nothing is told.
 *
 * @see https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
 */
export function nextReferrer(state: FetchState): URL | "no-referrer" {
  const source = referrerSource(state);
  if (source === "no-referrer") return "no-referrer";
  const loopbackIsTrustworthy = !state.profile.referrer.loopbackIsDowngrade;
  const policy = effectiveReferrerPolicy(state);
  const target = state.url;
  return determineReferrer({ referrerSource: source, policy, target, loopbackIsTrustworthy }) ?? "no-referrer";
}

/** Whether an `EventSource` asks: the standard gives it no initiator type of its own, and nothing else here shares it. */
function isEventSource({ initiatorType, mode }: FetchRequest): boolean {
  return initiatorType === "other" && mode === "cors";
}

function referrerSource({ request, referrer, profile }: FetchState): URL | "no-referrer" {
  if (referrer !== "client") return referrer;
  const { client } = request;
  if (client === null) return "no-referrer";
  if (client.origin.kind !== "opaque" || profile.referrer.opaqueDocument === "url") return client.creationUrl;
  const isElement = request.destination !== "" || request.initiatorType === "beacon" || isEventSource(request);
  if (profile.referrer.opaqueDocument === "none" || !isElement) return "no-referrer";
  return stripUrlForReferrer(client.creationUrl, true) ?? "no-referrer";
}

function effectiveReferrerPolicy({ request, referrerPolicy, url, profile, context }: FetchState): ReferrerPolicy {
  if (!profile.referrer.trimsCrossSite || !laxReferrerPolicies.has(referrerPolicy)) return referrerPolicy;
  const isOwnSite = isSchemelesslySameSite(request.origin, originOf(url), context.registrableDomain);
  return isOwnSite ? referrerPolicy : "strict-origin-when-cross-origin";
}

const laxReferrerPolicies: ReadonlySet<ReferrerPolicy> = new Set([
  "no-referrer-when-downgrade",
  "origin-when-cross-origin",
  "unsafe-url",
]);
