import { methodOverrideHeaderNames, parseMimeType, parseOrigin } from "@corsac/protocol";
import { maxOriginLength } from "../origin-set/origin-pattern.ts";
import type { PathMatcher } from "./path-pattern.ts";
import {
  isKnownTls,
  isWebSocketHandshake,
  type ProtectedRequest,
  rawPath,
  rawQuery,
  requestHeader,
  requestHost,
} from "./protected-request.ts";
import type { ProtectionRow, RefusalCode } from "./verdict.ts";

/** The options of a protection, checked and made fast. */
export interface ProtectionRules {
  /** Null when it is not set. */
  readonly publicOrigins: ReadonlySet<string> | null;
  readonly trustedOrigins: ReadonlySet<string>;
  /** Whether a policy can be asked for more trusted origins. */
  readonly hasPolicy: boolean;
  readonly isBypassed: PathMatcher;
  readonly isAlsoProtected: PathMatcher;
  readonly strict: boolean;
  readonly allowSameSite: boolean;
  readonly trustProxy: boolean;
  readonly methodOverride: boolean;
  readonly requireJsonContentType: boolean;
}

/** What the decision table says. */
export interface Judgement {
  readonly row: ProtectionRow;
  /** Null: the request may go on. */
  readonly code: RefusalCode | null;
}

/** The policy has to be asked whether it trusts this origin; judge again with the answer. */
export interface TrustQuestion {
  readonly ask: string;
}

/**
 * Judges where a request comes from, by the decision table of `docs/guides/cross-origin-protection.md`. No cookie, no
 * content type and no body makes a difference, except where an option asks for it.
 *
 * @param policyTrust whether the policy trusts the request's origin; undefined as long as it was not asked
 * @see https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
 */
export function judgeProvenance(
  request: ProtectedRequest,
  rules: ProtectionRules,
  policyTrust?: boolean,
): Judgement | TrustQuestion {
  const method = request.method ?? "GET";
  const isUnsafe = !isSafe(method) || (rules.methodOverride && isOverridden(request));
  const isRead = isProtectedRead(request, rules) && !isNavigation(request);
  if (!isUnsafe && !isRead && !isWebSocketHandshake(request)) return allow(1);

  const origin = requestHeader(request, "origin");
  const isTrusted = origin !== null && origin !== "null" && rules.trustedOrigins.has(origin);
  const trust = isTrusted || !canBeTrusted(origin) || !rules.hasPolicy ? isTrusted : policyTrust;
  const question = { ask: origin ?? "" };

  // This comes before what the browser says: after DNS rebinding it says `same-origin`.
  if (rules.publicOrigins !== null && origin !== null && origin !== "null" && !rules.publicOrigins.has(origin)) {
    if (trust === undefined) return question;
    if (!trust) return refuse(2, "not-this-application");
  }

  const isBypassed = rules.isBypassed(rawPath(request) ?? "");
  const isJsonDue = isUnsafe && !isBypassed && rules.requireJsonContentType;
  const allowed = (row: ProtectionRow) => (isJsonDue && !isJsonOrEmpty(request) ? refuse(10, "not-json") : allow(row));

  const site = requestHeader(request, "sec-fetch-site") ?? "";
  // `Origin` is not looked at: it may be `null` on a page without referrer, or unlike `Host` behind a proxy.
  if (site === "same-origin" || site === "none") return allowed(3);
  if (site !== "") {
    if (isBypassed || (site === "same-site" && rules.allowSameSite)) return allowed(4);
    if (trust === undefined) return question;
    return trust ? allowed(4) : refuse(4, "sec-fetch-site");
  }

  if (origin === null) {
    const isRefused = rules.strict && !isBypassed && requestHeader(request, "cookie") !== null;
    return isRefused ? refuse(5, "cookie-without-origin") : allowed(5);
  }

  const isHttp = isSerializedHttpOrigin(origin);
  if (isHttp && isOwnOrigin(origin, request, rules)) return allowed(7);
  if (isBypassed) return allowed(8);
  if (trust === undefined) return question;
  if (trust) return allowed(8);
  return origin === "null" || isHttp ? refuse(9, "cross-origin") : refuse(6, "malformed-origin");
}

function allow(row: ProtectionRow): Judgement {
  return { row, code: null };
}

function refuse(row: ProtectionRow, code: RefusalCode): Judgement {
  return { row, code };
}

/** Nobody trusts `null`, and nothing longer than an origin is looked up. */
function canBeTrusted(origin: string | null): origin is string {
  return origin !== null && origin !== "null" && origin.length <= maxOriginLength;
}

function isSerializedHttpOrigin(origin: string): boolean {
  const scheme = canBeTrusted(origin) ? parseOrigin(origin)?.scheme : undefined;
  return scheme === "http" || scheme === "https";
}

/** The safe methods that browsers send. TRACE, QUERY and what is written in lower case count as unsafe. */
function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/** Whether the application would take the request for one with an unsafe method. It never becomes a safe one. */
function isOverridden(request: ProtectedRequest): boolean {
  const named = [...methodOverrideHeaderNames]
    .map((name) => requestHeader(request, name))
    .filter((value) => value !== null);
  const query = rawQuery(request);
  if (query !== "") {
    for (const [name, value] of new URLSearchParams(query)) {
      if (name === "_method" || name.startsWith("_method[")) named.push(value);
    }
  }
  return named.some((method) => !isSafe(method.trim().toUpperCase()));
}

/** Reports whether the request only reads, but from a path of `alsoProtect`. */
export function isProtectedRead(request: ProtectedRequest, rules: ProtectionRules): boolean {
  const { method = "GET" } = request;
  return (method === "GET" || method === "HEAD") && rules.isAlsoProtected(rawPath(request) ?? "");
}

/** Whether the user follows a link: other pages may link to this application. */
function isNavigation(request: ProtectedRequest): boolean {
  return (
    requestHeader(request, "sec-fetch-mode") === "navigate" && requestHeader(request, "sec-fetch-dest") === "document"
  );
}

/** Row 7: whether the origin is this application's. */
function isOwnOrigin(origin: string, request: ProtectedRequest, rules: ProtectionRules): boolean {
  // Row 2 has refused all others, and behind a proxy nothing but this list knows the application's origin.
  if (rules.publicOrigins !== null) return rules.publicOrigins.has(origin);
  const [scheme = "", host] = origin.split("://");
  const { host: ownHost, isTls } = target(request, rules.trustProxy);
  // An https origin on a plain connection is normal: a proxy ended TLS.
  if (isTls && scheme !== "https") return false;
  return ownHost !== null && withoutDefaultPort(ownHost.toLowerCase(), scheme) === host;
}

function withoutDefaultPort(host: string, scheme: string): string {
  return host.replace(scheme === "https" ? /:443$/ : /:80$/, "");
}

/** Where the request was sent, as far as the server can know. */
export function target(
  request: ProtectedRequest,
  trustProxy: boolean,
): { readonly host: string | null; readonly isTls: boolean } {
  const forwardedHost = trustProxy ? singleValue(request, "x-forwarded-host") : null;
  const forwardedProto = trustProxy ? singleValue(request, "x-forwarded-proto") : null;
  return {
    host: forwardedHost ?? requestHost(request),
    isTls: forwardedProto === null ? isKnownTls(request) : forwardedProto.toLowerCase() === "https",
  };
}

/**
 * The header's value if it has a single one. A list shows that the proxy adds to what clients send instead of replacing
 * it, so that none of it can be believed.
 */
export function singleValue(request: ProtectedRequest, name: string): string | null {
  const value = requestHeader(request, name)?.trim() ?? "";
  return value === "" || value.includes(",") ? null : value;
}

/** Row 10: whether the body is declared as JSON, or there is none. */
function isJsonOrEmpty(request: ProtectedRequest): boolean {
  const contentType = requestHeader(request, "content-type");
  if (contentType === null) {
    const length = requestHeader(request, "content-length");
    return (length === null || length === "0") && requestHeader(request, "transfer-encoding") === null;
  }
  const type = parseMimeType(contentType);
  return type !== null && type.type === "application" && (type.subtype === "json" || type.subtype.endsWith("+json"));
}
