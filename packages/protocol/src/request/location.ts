import { isByteCaseInsensitiveMatch, isomorphicDecode } from "../header/bytes.ts";
import type { HeaderList } from "../header/header-list.ts";
import type { RedirectRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";

/** A `Location` header; its URL is `null` when it cannot be parsed. */
export interface Location {
  readonly value: string;
  readonly url: URL | null;
}

/**
 * Extracts a response's location URL; `null` when there is no `Location` header.
 *
 * Differs: a value is parsed as a URL whatever it is. By the text, one that does not match the grammar of `Location`
 * (a space, a byte from 0x80) would be a failure, but browsers redirect.
 *
 * @param base the URL that answered; its fragment passes on to a location without one.
 * @see https://fetch.spec.whatwg.org/#concept-response-location-url
 */
export function extractLocation(
  headers: HeaderList,
  base: URL,
  rules: RedirectRules = standard.redirect,
): Location | null {
  const values = headers.filter(([name]) => isByteCaseInsensitiveMatch(name, "location")).map(([, value]) => value);
  const [value] = values;
  if (value === undefined) return null;
  if (value === "" && values.length === 1 && rules.emptyLocation !== "itself") {
    return rules.emptyLocation === "none" ? null : { value, url: null };
  }
  const isOne =
    values.length === 1 || (rules.severalLocations !== "failure" && values.every((other) => other === value));
  if (isOne) return { value, url: locationUrl(value, base, rules) };
  const joined = values.join(", ");
  return {
    value: joined,
    url: rules.severalLocations === "joined-unless-equal" ? locationUrl(joined, base, rules) : null,
  };
}

function locationUrl(value: string, base: URL, rules: RedirectRules): URL | null {
  const decoded = decodeLocation(value, rules);
  if (!URL.canParse(decoded, base)) return null;
  const url = new URL(decoded, base);
  const fragment = base.href.indexOf("#");
  if (fragment !== -1 && !url.href.includes("#")) url.hash = base.href.slice(fragment);
  return url;
}

function decodeLocation(value: string, { locationDecoding }: RedirectRules): string {
  switch (locationDecoding) {
    case "isomorphic":
      return value;
    case "bytes":
      return value.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
    case "repaired": {
      const bytes = Uint8Array.from(value, (byte) => byte.charCodeAt(0));
      return isomorphicDecode(new TextEncoder().encode(new TextDecoder().decode(bytes)));
    }
  }
}
