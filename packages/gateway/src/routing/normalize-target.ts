/** A dot segment as a server may understand it, and the backslash that some take for a slash. */
const suspicious = /\/\.|%2e|\\/i;

/**
 * Returns a request target with its dot segments resolved as the URL standard resolves them, so that `/public/../admin`
 * is not routed as `/public/*` and read as `/admin` by the upstream. Null if the target is no path.
 *
 * @see https://url.spec.whatwg.org/#path-state
 */
export function normalizeTarget(target: string): string | null {
  if (!target.startsWith("/")) return target === "*" ? target : null;
  if (target.includes("#")) return null;
  const path = pathOf(target);
  if (!suspicious.test(path)) return target;
  // A host before it, so that a path which begins with two slashes is not taken for one.
  if (!URL.canParse(`http://target${path}`)) return null;
  return new URL(`http://target${path}`).pathname + target.slice(path.length);
}

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf("?");
  return query === -1 ? target : target.slice(0, query);
}
