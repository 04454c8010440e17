import type { Header } from "../header/header-list.ts";
import { isSameOrigin, type Origin, originOf } from "../origin/origin.ts";
import { isSameSite, isSchemelesslySameSite, type RegistrableDomain } from "../origin/site.ts";
import { isPotentiallyTrustworthyUrl } from "../origin/trustworthy.ts";
import type { FetchMetadataRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import type { Client, CredentialsMode, Destination, InitiatorType, RequestMode } from "./request.ts";

/** What decides about a request's `Sec-Fetch-*` headers. */
export interface FetchMetadataRequest {
  readonly kind: "actual" | "preflight";
  readonly client: Client | null;
  readonly origin: Origin;
  /** Whether redirects have made the serialized request origin `null`. */
  readonly isTainted: boolean;
  readonly mode: RequestMode;
  readonly credentialsMode: CredentialsMode;
  readonly destination: Destination;
  readonly initiatorType: InitiatorType;
  readonly keepalive: boolean;
  readonly urlList: readonly URL[];
  readonly userActivation: boolean;
}

/** The value of `Sec-Fetch-Site`. */
export type FetchSite = "cross-site" | "none" | "same-origin" | "same-site";

/**
 * Determines the Fetch metadata headers of a request; none towards a URL that is not potentially trustworthy.
 *
 * @see https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request
 */
export function fetchMetadataHeaders(
  request: FetchMetadataRequest,
  registrableDomain: RegistrableDomain,
  rules: FetchMetadataRules = standard.fetchMetadata,
): Header[] {
  const { mode } = request;
  const url = currentUrl(request);
  if (!isPotentiallyTrustworthyUrl(url)) return [];
  if (rules.trailingDotIsUntrustworthy && url.protocol === "http:" && url.hostname.endsWith(".")) return [];
  if (mode === "websocket" && rules.webSocketDestination === null) return [];
  if (rules.omittedAfterCrossOriginRedirect && request.kind === "actual") {
    if (isAfterCrossOriginRedirect(mode, request.urlList)) return [];
  }
  const site = fetchSite(request, registrableDomain, rules);
  const headers: Header[] = [
    ["Sec-Fetch-Dest", fetchDestination(request, rules)],
    ["Sec-Fetch-Mode", mode],
    ["Sec-Fetch-Site", site],
  ];
  if (mode === "navigate" && request.userActivation) headers.push(["Sec-Fetch-User", "?1"]);
  return headers;
}

/**
 * Determines `Sec-Fetch-Site`: how the origin that asks relates to every URL of the request so far.
 *
 * @see https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site
 */
export function fetchSite(
  request: Pick<FetchMetadataRequest, "client" | "isTainted" | "kind" | "origin" | "urlList">,
  registrableDomain: RegistrableDomain,
  rules: FetchMetadataRules = standard.fetchMetadata,
): FetchSite {
  const { client, origin, kind } = request;
  if (client === null) return "none";
  const forgets = kind === "preflight" && rules.preflightForgetsRedirects;
  if (forgets && request.isTainted && rules.omittedAfterCrossOriginRedirect) return "cross-site";
  const urlList = forgets ? [currentUrl(request)] : request.urlList;
  const isSame = rules.schemeless ? isSchemelesslySameSite : isSameSite;
  let site: FetchSite = "same-origin";
  for (const url of urlList) {
    const target = originOf(url);
    if (isSameOrigin(origin, target)) continue;
    if (rules.ipv6AddressesAreNoSites && url.hostname.startsWith("[")) return "cross-site";
    if (!isSame(origin, target, registrableDomain)) return "cross-site";
    site = "same-site";
  }
  if (site === "same-site" && rules.httpRedirectIsCrossSite) {
    if (urlList.slice(0, -1).some((url) => url.protocol === "http:")) return "cross-site";
  }
  return site;
}

function currentUrl({ urlList }: Pick<FetchMetadataRequest, "urlList">): URL {
  return urlList[urlList.length - 1] as URL;
}

function fetchDestination({ destination, mode }: FetchMetadataRequest, rules: FetchMetadataRules): string {
  if (mode === "websocket") return rules.webSocketDestination ?? "";
  return destination === "" ? "empty" : destination;
}

/** Whether the last redirect of a request in cors mode led from one origin to another. */
export function isAfterCrossOriginRedirect(mode: RequestMode, urlList: readonly URL[]): boolean {
  const previous = urlList[urlList.length - 2];
  return mode === "cors" && previous !== undefined && previous.origin !== urlList[urlList.length - 1]?.origin;
}
