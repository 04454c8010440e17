import { basePath, createUpstreamPath } from "../forward/upstream-path.ts";

/** How the paths of a route and those of its upstream correspond. */
export interface PathMapping {
  readonly upstream: URL;
  /** The part of a request's path which the path of `upstream` replaces; empty when it is put before the whole path. */
  readonly prefix: string;
}

/** The URL at the upstream for a request's target. */
export function upstreamUrl({ upstream, prefix }: PathMapping, target: string): URL {
  return new URL(upstream.origin + createUpstreamPath(upstream, prefix)(target));
}

/**
 * The path of the gateway by which a path of the upstream is reached; null when there is none.
 *
 * @param path begins with `/`, without query
 */
export function gatewayPath({ upstream, prefix }: PathMapping, path: string): string | null {
  const base = basePath(upstream);
  if (path !== base && !path.startsWith(`${base}/`)) return null;
  const mapped = prefix + path.slice(base.length);
  if (mapped === "") return "/";
  // Two slashes in front would be read as the beginning of a host.
  return mapped.startsWith("//") ? `/.${mapped}` : mapped;
}
