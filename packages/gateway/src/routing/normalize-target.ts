/** A dot segment as a server may understand it, and the backslash that some take for a slash. */
const suspicious = /\/\.|%2e|\\/i;

/**
 * Two dots that are a dot segment to servers which decode slashes first, or cut off what follows a semicolon: they would
 * leave the path that the route leads to.
 */
const ambiguous = /(?:\/|%2f|%5c)(?:\.|%2e){2}(?:\/|%2f|%5c|;|$)/i;

/**
 * Returns a request target with its dot segments resolved as the URL standard resolves them, so that `/public/../admin`
 * is not routed as `/public/*` and read as `/admin` by the upstream. Null if the target is no path, or
 * one that servers resolve differently.
 *
 * @see https://url.spec.whatwg.org/#path-state
 */
export function normalizeTarget(target: string): string | null {
  if (!target.startsWith("/")) return target === "*" ? target : null;
  if (target.includes("#")) return null;
  const path = pathOf(target);
  if (!suspicious.test(path) && !path.includes("..")) return target;
  // A host before it, so that a path which begins with two slashes is not taken for one.
  if (!URL.canParse(`http://target${path}`)) return null;
  const normalized = new URL(`http://target${path}`).pathname;
  return ambiguous.test(normalized) ? null : normalized + target.slice(path.length);
}

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf("?");
  return query === -1 ? target : target.slice(0, query);
}
