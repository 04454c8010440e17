import { parseOrigin } from "@corsac/protocol";

/**
 * One entry of a policy's origins: an origin, or with `*.` all subdomains of a host, or with `:*` all its ports.
 */
export interface OriginPattern {
  /** Without colon, such as `https`. */
  readonly scheme: string;
  /** Without `*.`; IPv6 addresses in brackets. */
  readonly host: string;
  /** Whether it stands for the hosts that end in `.` and `host` (one label or more before it), but not for `host`. */
  readonly subdomains: boolean;
  /** 1 to 65535; `null` for the default port of the scheme; `*` for all, the default port included. */
  readonly port: number | null | "*";
}

/** What keeps a string from being a pattern. */
export interface OriginPatternFault {
  readonly code:
    | "origin-invalid"
    | "origin-not-serialized"
    | "origin-scheme-missing"
    | "origin-scheme-unsupported"
    | "origin-too-long"
    | "origin-wildcard-misplaced";
  /** A clause about the string, such as `lacks scheme and ://`. */
  readonly message: string;
  /** The pattern that was meant; null when nobody can tell. */
  readonly suggestion: string | null;
}

/** What {@link parseOriginPattern} returns. */
export type OriginPatternParsing =
  | { readonly ok: true; readonly pattern: OriginPattern }
  | { readonly ok: false; readonly fault: OriginPatternFault };

/**
 * Characters in the longest origin there is: a scheme of 64, `://`, a host of 253, a colon and a port. Nothing longer
 * is looked at, neither in a policy nor in a request.
 */
export const maxOriginLength = 326;

/** scheme, `*.`, authority without a port wildcard, `:*`, the rest that has no place in an origin. */
const shape = /^([^:/?#]*):\/\/(\*\.)?([^/?#]*?)(:\*)?([/?#].*)?$/s;

const ipv4 = /^\d+\.\d+\.\d+\.\d+$/;

/** Schemes whose pages have no origin of that scheme: their `Origin` header says `null`, or they have no pages. */
const schemesWithoutOrigin: ReadonlyMap<string, string | null> = new Map([
  ["about", null],
  ["blob", null],
  ["data", null],
  ["file", null],
  ["filesystem", null],
  ["ftp", null],
  ["javascript", null],
  ["ws", "http"],
  ["wss", "https"],
]);

/**
 * Parses one entry of a policy's origins. An entry has to be written as browsers write origins, because the two are
 * compared as strings: lower case, Punycode, no default port, no slash.
 *
 * @see https://fetch.spec.whatwg.org/#http-origin
 */
export function parseOriginPattern(value: string): OriginPatternParsing {
  if (value.length > maxOriginLength) {
    return failure("origin-too-long", `has ${value.length} characters; no origin has more than ${maxOriginLength}`);
  }
  const match = shape.exec(value);
  if (match === null) return withoutScheme(value);
  const [, scheme = "", wildcard, authority = "", anyPort, rest] = match;

  const lowerScheme = scheme.toLowerCase();
  if (schemesWithoutOrigin.has(lowerScheme)) {
    const meant = schemesWithoutOrigin.get(lowerScheme);
    const suggestion = typeof meant === "string" ? canonical(value.replace(scheme, meant), value) : null;
    return failure("origin-scheme-unsupported", `names a scheme that no page's origin has: ${lowerScheme}`, suggestion);
  }
  if (authority.includes("*")) {
    return failure(
      "origin-wildcard-misplaced",
      "has a * elsewhere than in a *. before the host or in a :* after it; a part of a label cannot be left open",
    );
  }
  const origin = rest === undefined ? parseOrigin(`${scheme}://${authority}`) : null;
  // With a wildcard for the port there is no other port: the shape took the last colon.
  if (origin === null || origin.port === 0 || (anyPort !== undefined && origin.port !== null)) return misspelt(value);
  if (!isHostLengthFine(origin.host)) return failure("origin-invalid", "has a host longer than DNS allows");
  if (wildcard !== undefined && (origin.host.startsWith("[") || ipv4.test(origin.host))) {
    return failure("origin-wildcard-misplaced", "has a *. before an IP address, which has no subdomains");
  }
  return {
    ok: true,
    pattern: {
      scheme: origin.scheme,
      host: origin.host,
      subdomains: wildcard !== undefined,
      port: anyPort === undefined ? origin.port : "*",
    },
  };
}

/** Returns the string that parses to the pattern. */
export function serializeOriginPattern({ scheme, host, subdomains, port }: OriginPattern): string {
  return `${scheme}://${subdomains ? "*." : ""}${host}${port === null ? "" : `:${port}`}`;
}

function isHostLengthFine(host: string): boolean {
  return host.length <= 254 && host.split(".").every((label) => label.length <= 63 || label.startsWith("["));
}

function failure(
  code: OriginPatternFault["code"],
  message: string,
  suggestion: string | null = null,
): OriginPatternParsing {
  return { ok: false, fault: { code, message, suggestion } };
}

function withoutScheme(value: string): OriginPatternParsing {
  const isLocal = /^(?:\*\.)?(?:localhost|127\.|\[::1\])/i.test(value);
  // `https:example.com` and `https:/example.com` are URLs to browsers, but no origins.
  const rest = value.replace(/^(?:https?:)?\/*/i, "");
  const scheme = /^http:/i.test(value) || isLocal ? "http" : "https";
  return failure("origin-scheme-missing", "lacks scheme and ://", canonical(`${scheme}://${rest}`, value));
}

function misspelt(value: string): OriginPatternParsing {
  const suggestion = canonical(value, value);
  if (suggestion === null) return failure("origin-invalid", "is no origin that a browser can have");
  return failure("origin-not-serialized", "is not written as browsers write an origin", suggestion);
}

/** The pattern that the URL parser makes of `value`, wildcards kept; null if that is none either or was what they wrote. */
function canonical(value: string, written: string): string | null {
  const match = shape.exec(value.trim());
  if (match === null) return null;
  const [, scheme = "", wildcard = "", authority = "", anyPort = ""] = match;
  const url = `${scheme.toLowerCase()}://${authority}`;
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port } = new URL(url);
  const candidate = `${protocol}//${wildcard}${hostname}${anyPort || (port && `:${port}`)}`;
  return candidate !== written && parseOriginPattern(candidate).ok ? candidate : null;
}
