/**
 * An origin that scheme, host and port identify.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-tuple
 */
export interface TupleOrigin {
  readonly kind: "tuple";
  /** Without colon, such as `https`. */
  readonly scheme: string;
  /** As `URL` gives it: lower-case ASCII, IPv6 addresses in brackets. */
  readonly host: string;
  /** `null` for the default port of the scheme. */
  readonly port: number | null;
}

/**
 * An origin that is the same as itself only, such as that of a sandboxed document or a `data:` URL. The object is its
 * identity.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque
 */
export interface OpaqueOrigin {
  readonly kind: "opaque";
}

/** An origin. @see https://html.spec.whatwg.org/multipage/browsers.html#concept-origin */
export type Origin = TupleOrigin | OpaqueOrigin;

/**
 * Creates an opaque origin that is the same as no other.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque
 */
export function createOpaqueOrigin(): OpaqueOrigin {
  return { kind: "opaque" };
}

/**
 * Returns the origin of a URL. Each call creates a new opaque origin for the schemes that have no tuple origin, among
 * them `file:`, of which the standard leaves the choice to the user agent.
 *
 * @see https://url.spec.whatwg.org/#concept-url-origin
 */
export function originOf(url: URL): Origin {
  switch (url.protocol) {
    case "ftp:":
    case "http:":
    case "https:":
    case "ws:":
    case "wss:":
      return {
        kind: "tuple",
        scheme: url.protocol.slice(0, -1),
        host: url.hostname,
        port: url.port === "" ? null : Number(url.port),
      };
    case "blob:": {
      // There is no blob URL store here, so the path is all that tells whose blob it is.
      if (!URL.canParse(url.pathname)) return createOpaqueOrigin();
      const pathUrl = new URL(url.pathname);
      return pathUrl.protocol === "http:" || pathUrl.protocol === "https:" ? originOf(pathUrl) : createOpaqueOrigin();
    }
    default:
      return createOpaqueOrigin();
  }
}

/**
 * Returns the origin as it stands in an `Origin` header; `null` for an opaque one.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
 */
export function serializeOrigin(origin: Origin): string {
  if (origin.kind === "opaque") return "null";
  const serialized = `${origin.scheme}://${origin.host}`;
  return origin.port === null ? serialized : `${serialized}:${origin.port}`;
}

/**
 * Reports whether two origins are the same.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#same-origin
 */
export function isSameOrigin(a: Origin, b: Origin): boolean {
  if (a === b) return true;
  if (a.kind === "opaque" || b.kind === "opaque") return false;
  return a.host === b.host && a.port === b.port && a.scheme === b.scheme;
}

const serializedOrigin = /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:]+\]|[^/?#@:[\]\\]+)(?::(0|[1-9][0-9]{0,4}))?$/;
const domain = /^(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*$/;
const serializedDomain = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** The special schemes (those whose hosts the URL standard parses as domains) with a tuple origin. */
const defaultPorts: ReadonlyMap<string, number> = new Map([
  ["ftp", 21],
  ["http", 80],
  ["https", 443],
  ["ws", 80],
  ["wss", 443],
]);

/**
 * Parses a serialized tuple origin; the inverse of {@link serializeOrigin}. `null` for everything that no tuple origin
 * is serialized to: a path or a slash, upper case, a default port, an IP address in another spelling, Unicode, `null`.
 *
 * Differs: the grammar of the `Origin` header knows no underscore and no dot at the end of a host. The URL standard
 * lets them through and browsers send them, so they are accepted here. Vice versa, what matches the grammar but is
 * refused by the URL standard is refused: ports over 65535, `http://1.2.3.4.5`.
 *
 * @see https://fetch.spec.whatwg.org/#http-origin
 */
export function parseOrigin(serialized: string): TupleOrigin | null {
  const match = serializedOrigin.exec(serialized);
  if (match === null) return null;
  const [, scheme = "", host = "", portDigits] = match;
  const port = portDigits === undefined ? null : Number(portDigits);
  if (port !== null && port > 65535) return null;
  const defaultPort = defaultPorts.get(scheme);
  if (defaultPort === undefined) {
    // Not special, such as a browser extension's scheme: `URL` knows no tuple origin, but the browser does.
    if (scheme === "file" || !(host.startsWith("[") ? isCanonicalHost(host) : serializedDomain.test(host))) return null;
  } else {
    if (port === defaultPort || !isCanonicalHost(host)) return null;
  }
  return { kind: "tuple", scheme, host, port };
}

/** Whether the URL standard's host parser and serializer give `host` back; `URL` is asked only when it has to be. */
function isCanonicalHost(host: string): boolean {
  if (domain.test(host) && !host.includes("xn--")) return true;
  const url = `http://${host}/`;
  return URL.canParse(url) && new URL(url).hostname === host;
}
