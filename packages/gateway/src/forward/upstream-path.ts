/**
 * Makes the function that turns a request target into the one for the upstream: the beginning `prefix` is replaced by
 * the path of the upstream's URL.
 *
 * @param prefix what of the path the upstream's path replaces; empty when it goes before the whole path
 */
export function createUpstreamPath(upstream: URL, prefix: string): (target: string) => string {
  const base = basePath(upstream);
  if (base === prefix) return (target) => target;
  return (target) => {
    const rest = target.slice(prefix.length);
    // The prefix alone is the upstream's path as it was written, slash or not.
    if (rest === "" || rest.startsWith("?")) return upstream.pathname + rest;
    return base + rest;
  };
}

/** The upstream's path without slash at the end. */
export function basePath({ pathname }: URL): string {
  return pathname.endsWith("/") ? pathname.slice(0, -1) : pathname;
}
