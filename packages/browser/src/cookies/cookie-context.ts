import {
  type Client,
  type CookieRules,
  isPotentiallyTrustworthyUrl,
  isSafeMethod,
  isSameSite,
  isSchemelesslySameSite,
  type NetworkRequest,
  type Origin,
  obtainSite,
  originOf,
  serializeSite,
} from "@corsac/protocol";
import { registrableDomain } from "../site.ts";

/** Everything about a request, or about a script's access, that decides which cookies take part. */
export interface CookieContext {
  readonly host: string;
  readonly path: string;
  /** Whether `Secure` cookies take part. */
  readonly secure: boolean;
  /** Whether `HttpOnly` cookies take part: false for scripts. */
  readonly http: boolean;
  /** Which cookies may be sent: all, all but Strict ones, likewise but by an unsafe method, or neither Strict nor Lax ones. */
  readonly sameSite: "cross-site" | "lax" | "lax-unsafe" | "strict";
  /** Whether the document in the address bar, or one between, belongs to another site than the target. */
  readonly thirdParty: boolean;
  /** The partition of cookies that are confined to one. */
  readonly partition: string;
}

type CookieRequest = Pick<NetworkRequest, "client" | "destination" | "method" | "mode" | "origin" | "url" | "urlList">;

/**
 * Determines what decides about the cookies of a request.
 *
 * Differs: the Fetch standard's "determine the same-site mode" does not compare a subresource's URL with who asks;
 * here "site for cookies" does, as RFC 6265bis and every browser have it.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-same-site-and-cross-site-re
 */
export function cookieContext(request: CookieRequest, rules: CookieRules): CookieContext {
  const { client, method, mode, url } = request;
  const target = siteOrigin(url);
  const isTopLevel = client === null || (mode === "navigate" && request.destination === "document");
  const thirdParty = !isTopLevel && isThirdParty(client, target, rules);
  const isForeign = thirdParty || (isTopLevel && isForeignNavigation(request, target, rules));
  let sameSite: CookieContext["sameSite"] = "strict";
  if ((isForeign && !isBelowTopLevel(request, rules)) || isForeignRedirect(request, target, rules)) {
    if (!isTopLevel) sameSite = "cross-site";
    else sameSite = isSafeMethod(method) ? "lax" : "lax-unsafe";
  }
  const topLevelOrigin = isTopLevel ? target : client.topLevelOrigin;
  return {
    ...urlContext(url, rules),
    http: true,
    sameSite,
    thirdParty,
    partition: partitionOf(topLevelOrigin, thirdParty),
  };
}

/** Determines what decides about `document.cookie` in the document of `client`, whose URL is `url`. */
export function documentCookieContext(client: Client, url: URL, rules: CookieRules): CookieContext {
  const thirdParty = isThirdParty(client, siteOrigin(url), rules);
  return {
    ...urlContext(url, rules),
    http: false,
    sameSite: thirdParty ? "cross-site" : "strict",
    thirdParty,
    partition: partitionOf(client.topLevelOrigin, thirdParty),
  };
}

function urlContext(url: URL, rules: CookieRules): Pick<CookieContext, "host" | "path" | "secure"> {
  return { host: url.hostname, path: url.pathname, secure: isPotentiallyTrustworthyUrl(url, rules.secureOnLoopback) };
}

function isThirdParty(client: Client, target: Origin, rules: CookieRules): boolean {
  if (!isSame(client.topLevelOrigin, target, rules)) return true;
  return !rules.judgesTopLevelHostOnly && hasForeignAncestor(client, rules);
}

/**
 * Reports whether the document, or one above it, belongs to another site than the address bar: the site for cookies is
 * empty then. An opaque origin, such as a sandboxed frame's, belongs to no site.
 */
function hasForeignAncestor(client: Client, rules: CookieRules): boolean {
  const { embedderOrigin, hasCrossSiteAncestor, origin, topLevelOrigin } = client;
  if (embedderOrigin === null) return false;
  if (!isSame(origin, topLevelOrigin, rules) || !isSame(embedderOrigin, topLevelOrigin, rules)) return true;
  // The flag knows schemes. Where they do not count, it says nothing new about documents that differ in them alone.
  const differsInScheme =
    !isSameSite(origin, topLevelOrigin, registrableDomain) ||
    !isSameSite(embedderOrigin, topLevelOrigin, registrableDomain);
  return hasCrossSiteAncestor && !differsInScheme;
}

function isForeignNavigation({ client, origin }: CookieRequest, target: Origin, rules: CookieRules): boolean {
  if (client === null) return false;
  return !isSame(rules.judgesTopLevelHostOnly ? client.topLevelOrigin : origin, target, rules);
}

function isForeignRedirect({ urlList }: CookieRequest, target: Origin, rules: CookieRules): boolean {
  return rules.redirectChainCounts && urlList.some((url) => !isSame(siteOrigin(url), target, rules));
}

function isBelowTopLevel({ client, url, urlList }: CookieRequest, rules: CookieRules): boolean {
  if (!rules.subdomainsAreSameSite || urlList.length > 1 || client?.topLevelOrigin.kind !== "tuple") return false;
  const { host } = client.topLevelOrigin;
  return url.hostname.endsWith(`.${registrableDomain(host) ?? host}`);
}

function isSame(a: Origin, b: Origin, rules: CookieRules): boolean {
  return rules.schemefulSameSite
    ? isSameSite(a, b, registrableDomain)
    : isSchemelesslySameSite(a, b, registrableDomain);
}

/** Differs: a WebSocket URL counts as the http URL of its handshake, or no page would be same site with its sockets. */
function siteOrigin(url: URL): Origin {
  if (url.protocol !== "ws:" && url.protocol !== "wss:") return originOf(url);
  return originOf(new URL(url.href.replace(/^ws/, "http")));
}

/** Differs: all pages with opaque origins share a partition; each has its own in browsers. */
function partitionOf(topLevelOrigin: Origin, thirdParty: boolean): string {
  const site = serializeSite(obtainSite(topLevelOrigin, registrableDomain));
  return thirdParty ? `${site} third-party` : site;
}
