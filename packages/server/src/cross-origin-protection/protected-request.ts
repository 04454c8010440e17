import type { HeaderGetter, HeaderRecord } from "../decision/decision.ts";

/** What cross-origin protection looks at in a request. It reads no body. */
export interface ProtectedRequest {
  /** As on the wire; upper and lower case differ. Default `GET`. */
  readonly method?: string | undefined;
  readonly headers: HeaderRecord | HeaderGetter;
  /**
   * The request target as on the wire (`/books?page=2`): nothing decoded, no prefix taken off by a router. Where a
   * runtime offers no such thing, the absolute URL. Without it nothing is bypassed.
   */
  readonly url?: string | undefined;
  /** True if this server itself ended TLS. False or absent: nobody knows, a proxy may have ended it. */
  readonly isTls?: boolean | undefined;
}

/**
 * Returns the value of a request header, repeated lines joined as by Fetch; null without one.
 *
 * @param name in lower case
 */
export function requestHeader({ headers }: Pick<ProtectedRequest, "headers">, name: string): string | null {
  if (isHeaderGetter(headers)) return headers.get(name) ?? null;
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
}

function isHeaderGetter(headers: HeaderRecord | HeaderGetter): headers is HeaderGetter {
  return typeof headers.get === "function";
}

const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;

/**
 * Returns the path of the request target as it stands there, without its query; null if there is none.
 *
 * @see https://httpwg.org/specs/rfc9112.html#request.target
 */
export function rawPath({ url }: Pick<ProtectedRequest, "url">): string | null {
  if (url === undefined) return null;
  const path = url.replace(absoluteForm, "").replace(/\?.*$/s, "");
  return path.startsWith("/") ? path : null;
}

/** Returns the query of the request target as it stands there, without `?`; empty if there is none. */
export function rawQuery({ url }: Pick<ProtectedRequest, "url">): string {
  return url === undefined || !url.includes("?") ? "" : url.slice(url.indexOf("?") + 1);
}

/**
 * Returns the host that the request was sent to, as the request says: HTTP/2's `:authority`, `Host`, or the authority
 * of the absolute URL. Null if it says nothing.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.host
 */
export function requestHost(request: ProtectedRequest): string | null {
  // `Headers` objects throw at names of pseudo-headers.
  const authority = isHeaderGetter(request.headers) ? null : requestHeader(request, ":authority");
  return authority ?? requestHeader(request, "host") ?? absoluteForm.exec(request.url ?? "")?.[1] ?? null;
}

/** Reports whether the request is TLS for sure: its server ended it, or its absolute URL says so. */
export function isKnownTls({ isTls, url }: ProtectedRequest): boolean {
  return isTls === true || /^https:/i.test(url ?? "");
}

/**
 * Reports whether the request asks for a WebSocket. (Over HTTP/2 that is a CONNECT request, which is unsafe anyway.)
 * Scripts cannot set `Upgrade`, so that nothing else of a browser looks like one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.1
 */
export function isWebSocketHandshake(request: ProtectedRequest): boolean {
  const upgrade = (request.method ?? "GET") === "GET" ? requestHeader(request, "upgrade") : null;
  return upgrade !== null && /(?:^|,)[ \t]*websocket[ \t]*(?:,|\/|$)/i.test(upgrade);
}
