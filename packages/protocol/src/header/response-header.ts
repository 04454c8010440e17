import { byteLowercase, isByteCaseInsensitiveMatch } from "./bytes.ts";

/**
 * Reports whether `name` is a forbidden response-header name: one that no script ever sees.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-response-header-name
 */
export function isForbiddenResponseHeaderName(name: string): boolean {
  const lowerName = byteLowercase(name);
  return lowerName === "set-cookie" || lowerName === "set-cookie2";
}

const safelistedNames: ReadonlySet<string> = new Set([
  "cache-control",
  "content-language",
  "content-length",
  "content-type",
  "expires",
  "last-modified",
  "pragma",
]);

/**
 * Reports whether a script of another origin sees the response header: the safelist, and what the server exposes.
 *
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
 */
export function isCorsSafelistedResponseHeaderName(name: string, exposedNames: readonly string[]): boolean {
  if (safelistedNames.has(byteLowercase(name))) return true;
  return (
    exposedNames.some((exposed) => isByteCaseInsensitiveMatch(exposed, name)) && !isForbiddenResponseHeaderName(name)
  );
}
