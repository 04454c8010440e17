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
 * @param base the URL that answered; its fragment passes on to a location without one.
 * @see https://fetch.spec.whatwg.org/#concept-response-location-url
 */
export function extractLocation(
  headers: HeaderList,
  base: URL,
  rules: RedirectRules = standard.redirect,
): Location | null {
  const values = headers.filter(([name]) => name.toLowerCase() === "location").map(([, value]) => value);
  const [value] = values;
  if (value === undefined) return null;
  if (value === "" && values.length === 1 && rules.emptyLocation !== "itself") {
    return rules.emptyLocation === "none" ? null : { value, url: null };
  }
  if (values.length > 1 && rules.severalLocations !== "joined") {
    const areOne = rules.severalLocations === "failure-unless-equal" && values.every((other) => other === value);
    if (!areOne) return { value: values.join(", "), url: null };
  }
  const joined = rules.severalLocations === "joined" ? values.join(", ") : value;
  return { value: joined, url: locationUrl(joined, base, rules) };
}

function locationUrl(value: string, base: URL, rules: RedirectRules): URL | null {
  const decoded = decodeLocation(value, rules);
  const withoutFragment = new URL(base.href);
  withoutFragment.hash = "";
  try {
    const url = new URL(decoded, withoutFragment);
    if (!url.href.includes("#") && base.hash !== "") url.hash = base.hash;
    return url;
  } catch {
    return null;
  }
}

function decodeLocation(value: string, { locationDecoding }: RedirectRules): string {
  switch (locationDecoding) {
    case "isomorphic":
      return value;
    case "bytes":
      return value.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
    case "repaired": {
      const bytes = Uint8Array.from(value, (byte) => byte.charCodeAt(0));
      return String.fromCharCode(...new TextEncoder().encode(new TextDecoder().decode(bytes)));
    }
  }
}
