import { isForbiddenMethod } from "../method/method.ts";
import type { RequestHeaderRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import { byteLowercase, isByteCaseInsensitiveMatch } from "./bytes.ts";
import { isClientHintValue } from "./client-hint.ts";
import { type HeaderList, sortAndCombine, splitHeaderValue } from "./header-list.ts";
import { mimeTypeEssence, parseMimeType } from "./mime-type.ts";
import { isRangeWithin64Bits, parseSingleRangeHeaderValue } from "./range.ts";

const forbiddenNames: ReadonlySet<string> = new Set([
  "accept-charset",
  "accept-encoding",
  "access-control-request-headers",
  "access-control-request-method",
  "connection",
  "content-length",
  "cookie",
  "cookie2",
  "date",
  "dnt",
  "expect",
  "host",
  "keep-alive",
  "origin",
  "referer",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);

/**
 * The names, in lower case, by which a request asks its server to take it for one with another method.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export const methodOverrideHeaderNames: ReadonlySet<string> = new Set([
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
]);

/**
 * Reports whether a script must not set a header of this name, whatever its value: it belongs to the user agent.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export function isForbiddenRequestHeaderName(name: string): boolean {
  const lowerName = byteLowercase(name);
  return forbiddenNames.has(lowerName) || lowerName.startsWith("proxy-") || lowerName.startsWith("sec-");
}

/**
 * Reports whether a script must not set the header: it belongs to the user agent, or it would smuggle in a forbidden
 * method.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export function isForbiddenRequestHeader(name: string, value: string): boolean {
  if (isForbiddenRequestHeaderName(name)) return true;
  return methodOverrideHeaderNames.has(byteLowercase(name)) && splitHeaderValue(value).some(isForbiddenMethod);
}

/**
 * Reports whether the byte keeps a header value from being CORS-safelisted.
 *
 * @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
 */
export function isCorsUnsafeRequestHeaderByte(byte: number): boolean {
  if (byte < 0x20) return byte !== 0x09;
  switch (byte) {
    case 0x22: // "
    case 0x28: // (
    case 0x29: // )
    case 0x3a: // :
    case 0x3c: // <
    case 0x3e: // >
    case 0x3f: // ?
    case 0x40: // @
    case 0x5b: // [
    case 0x5c: // \
    case 0x5d: // ]
    case 0x7b: // {
    case 0x7d: // }
    case 0x7f: // DEL
      return true;
    default:
      return false;
  }
}

function containsUnsafeByte(value: string, highBytesAreUnsafe: boolean): boolean {
  for (let i = 0; i < value.length; i++) {
    const byte = value.charCodeAt(i);
    if (isCorsUnsafeRequestHeaderByte(byte) || (highBytesAreUnsafe && byte >= 0x80)) return true;
  }
  return false;
}

/** The bytes that `Accept-Language` and `Content-Language` may have. */
const languageBytes = /^[0-9A-Za-z *,.;=-]*$/;

const safelistedEssences: ReadonlySet<string> = new Set([
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "text/plain",
]);

/**
 * Reports whether the header goes to another origin without being asked for in a CORS preflight.
 *
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
export function isCorsSafelistedRequestHeader(
  name: string,
  value: string,
  rules: RequestHeaderRules = standard.requestHeaders,
): boolean {
  return isSafelisted(byteLowercase(name), value, rules);
}

function isSafelisted(lowerName: string, value: string, rules: RequestHeaderRules): boolean {
  if (value.length > 128) return false;
  switch (lowerName) {
    case "accept":
      return !containsUnsafeByte(value, rules.highBytesAreUnsafe);
    case "accept-language":
    case "content-language":
      return languageBytes.test(value);
    case "content-type": {
      if (containsUnsafeByte(value, rules.highBytesAreUnsafe)) return false;
      if (rules.commaInContentTypeIsUnsafe && value.includes(",")) return false;
      // Not "extract a MIME type", which takes the last of several: a server may well look at the first.
      const mimeType = parseMimeType(value);
      return mimeType !== null && safelistedEssences.has(mimeTypeEssence(mimeType));
    }
    case "range": {
      const range = parseSingleRangeHeaderValue(value, false, { lenient: rules.lenientRange });
      if (range === null || range.start === null) return false;
      return !rules.limitsRangeTo64Bits || isRangeWithin64Bits(range);
    }
    default:
      if (rules.safelistsClientHints && isClientHintValue(lowerName, value)) return true;
      return rules.additionalSafelistedNames.includes(lowerName);
  }
}

/**
 * Returns the names of the headers that a CORS preflight has to ask for: lower case, sorted, each one once.
 *
 * @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 */
export function corsUnsafeRequestHeaderNames(
  headers: HeaderList,
  rules: RequestHeaderRules = standard.requestHeaders,
): string[] {
  const unsafeNames: string[] = [];
  const potentiallyUnsafeNames: string[] = [];
  let safelistValueSize = 0;
  for (const [name, value] of rules.judgesCombinedValues ? sortAndCombine(headers) : headers) {
    const lowerName = byteLowercase(name);
    if (isSafelisted(lowerName, value, rules)) {
      potentiallyUnsafeNames.push(lowerName);
      safelistValueSize += value.length;
    } else {
      unsafeNames.push(lowerName);
    }
  }
  if (rules.limitsTotalLength && safelistValueSize > 1024) unsafeNames.push(...potentiallyUnsafeNames);
  if (unsafeNames.length < 2) return unsafeNames;
  return (rules.repeatsUnsafeNames ? unsafeNames : [...new Set(unsafeNames)]).sort();
}

/**
 * Reports whether `name` is a CORS non-wildcard request-header name: one that `*` in
 * `Access-Control-Allow-Headers` never covers, so that a server has to name it.
 *
 * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
 */
export function isCorsNonWildcardRequestHeaderName(name: string): boolean {
  return isByteCaseInsensitiveMatch(name, "authorization");
}

/**
 * Reports whether `name` is a privileged no-CORS request-header name: one that the user agent's own features may set
 * in mode no-cors and that a script may not keep.
 *
 * @see https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name
 */
export function isPrivilegedNoCorsRequestHeaderName(name: string): boolean {
  return isByteCaseInsensitiveMatch(name, "range");
}

/**
 * Reports whether `name` is one of the header names that a script may set in mode no-cors.
 *
 * @see https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name
 */
export function isNoCorsSafelistedRequestHeaderName(name: string): boolean {
  switch (byteLowercase(name)) {
    case "accept":
    case "accept-language":
    case "content-language":
    case "content-type":
      return true;
    default:
      return false;
  }
}

/**
 * Reports whether a script may set the header in mode no-cors.
 *
 * @see https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
 */
export function isNoCorsSafelistedRequestHeader(
  name: string,
  value: string,
  rules: RequestHeaderRules = standard.requestHeaders,
): boolean {
  return isNoCorsSafelistedRequestHeaderName(name) && isCorsSafelistedRequestHeader(name, value, rules);
}

/**
 * The request-body-header names, lower case: what a redirect that drops the body drops with it.
 *
 * @see https://fetch.spec.whatwg.org/#request-body-header-name
 */
export const requestBodyHeaderNames: readonly string[] = [
  "content-encoding",
  "content-language",
  "content-location",
  "content-type",
];
