import { fieldValue } from "../exchange/header-fields.ts";
import { dateOf, type ReceivedHead } from "./age.ts";
import { parseCacheDate } from "./cache-date.ts";
import { type CacheDirectives, deltaSeconds } from "./cache-directives.ts";

/** Where a freshness lifetime comes from. */
export type LifetimeSource = "s-maxage" | "max-age" | "expires" | "heuristic" | "none";

/** For how long a response is fresh, in seconds since it was made, and what says so. */
export interface FreshnessLifetime {
  readonly seconds: number;
  readonly source: LifetimeSource;
}

/** A status that may be cached without a word about it. @see https://httpwg.org/specs/rfc9110.html#overview.of.status.codes */
const heuristicallyCacheable: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);
/** Nobody expects to see yesterday's answer where nothing was said. */
const maxHeuristic = 86_400;

/**
 * Returns the freshness lifetime for a shared cache. What is malformed makes the response stale.
 *
 * @param directives those of `Cache-Control`, or of the field targeted at caches like this one
 * @param targeted whether the latter; `Expires` then says nothing
 * @see https://httpwg.org/specs/rfc9111.html#calculating.freshness.lifetime
 */
export function freshnessLifetime(
  head: ReceivedHead,
  directives: CacheDirectives,
  targeted: boolean,
): FreshnessLifetime {
  for (const source of ["s-maxage", "max-age"] as const) {
    const seconds = deltaSeconds(directives, source);
    if (seconds !== null) return { seconds: seconds === "invalid" ? 0 : seconds, source };
  }
  const expires = targeted ? null : fieldValue(head.headers, "expires");
  if (expires !== null) {
    const date = parseCacheDate(expires, head.responseTime);
    return { seconds: date === null ? 0 : Math.max(0, (date - dateOf(head)) / 1000), source: "expires" };
  }
  if (isHeuristicallyCacheable(head.status, directives)) {
    const lastModified = parseCacheDate(fieldValue(head.headers, "last-modified") ?? "", head.responseTime);
    if (lastModified !== null) {
      const seconds = Math.min((dateOf(head) - lastModified) / 10_000, maxHeuristic);
      if (seconds > 0) return { seconds, source: "heuristic" };
    }
  }
  return { seconds: 0, source: "none" };
}

/**
 * Reports whether a response may be stored although nothing in it says for how long.
 *
 * @see https://httpwg.org/specs/rfc9111.html#heuristic.freshness
 */
export function isHeuristicallyCacheable(status: number, directives: CacheDirectives): boolean {
  return heuristicallyCacheable.has(status) || directives.has("public");
}
