import type { Cookie as ToughCookie } from "tough-cookie";
import type { SameSiteAttribute } from "./cookie.ts";
import { toughCookie } from "./tough-cookie.ts";

/** A `Set-Cookie` value, taken apart and not yet judged. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** Lower case, without a leading dot; null when missing or empty. */
  readonly domain: string | null;
  /** Null when missing or not absolute: the default path applies. */
  readonly path: string | null;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly partitioned: boolean;
  readonly sameSite: SameSiteAttribute;
  /** When it ends, in milliseconds since the epoch of `now`; null with the session. */
  readonly expires: number | null;
}

const maxNameAndValueLength = 4096;
const maxAttributeValueLength = 1024;
const maxLifetime = 400 * 24 * 60 * 60 * 1000;

/**
 * Parses a `Set-Cookie` value as browsers do. `line` is an isomorphic-decoded byte sequence and `now` the time in
 * milliseconds since 1970. Returns the reason when the line has to be ignored as a whole.
 *
 * tough-cookie reads the attributes and the dates. Name and value are cut out here, because its trimming takes the byte
 * 0xA0, half of many a UTF-8 letter, for white space.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-set-cookie-header-field-2
 */
export function parseSetCookie(line: string, now: number): SetCookie | "syntax" | "too-large" {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the rule is about
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(line)) return "syntax";
  const end = line.indexOf(";");
  const pair = end === -1 ? line : line.slice(0, end);
  const equals = pair.indexOf("=");
  const name = equals === -1 ? "" : trimWhitespace(pair.slice(0, equals));
  const value = trimWhitespace(pair.slice(equals + 1));
  if (name === "" && value === "") return "syntax";
  if (name.length + value.length > maxNameAndValueLength) return "too-large";
  const attributes = toughCookie().Cookie.parse(`a=b${end === -1 ? "" : withoutLongAttributes(line.slice(end))}`);
  if (attributes === undefined) return "syntax";
  return {
    name,
    value,
    domain: attributes.domain,
    path: attributes.path,
    secure: attributes.secure,
    httpOnly: attributes.httpOnly,
    partitioned: attributes.extensions?.some(isPartitioned) ?? false,
    sameSite: sameSiteOf(attributes.sameSite),
    expires: expiryOf(attributes, now),
  };
}

function trimWhitespace(text: string): string {
  return text.replace(/^[\t ]+|[\t ]+$/g, "");
}

function withoutLongAttributes(attributes: string): string {
  if (attributes.length <= maxAttributeValueLength) return attributes;
  const isShort = (attribute: string) => attribute.length - attribute.indexOf("=") - 1 <= maxAttributeValueLength;
  return attributes.split(";").filter(isShort).join(";");
}

function isPartitioned(attribute: string): boolean {
  return /^partitioned[\t ]*(?:=|$)/i.test(attribute);
}

function sameSiteOf(value: string | undefined): SameSiteAttribute {
  return value === "lax" || value === "none" || value === "strict" ? value : "unset";
}

/** `Max-Age` goes before `Expires`; neither reaches further than 400 days. */
function expiryOf({ maxAge, expires }: ToughCookie, now: number): number | null {
  if (maxAge === "-Infinity") return 0;
  if (maxAge === "Infinity") return now + maxLifetime;
  if (typeof maxAge === "number") return maxAge <= 0 ? 0 : now + Math.min(maxAge * 1000, maxLifetime);
  if (expires instanceof Date) return Math.min(expires.getTime(), now + maxLifetime);
  return null;
}
