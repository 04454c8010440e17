import { type CacheDirectives, deltaSeconds } from "./cache-directives.ts";
import type { ResponseFacts } from "./response-facts.ts";

/**
 * Whether a stored response that was selected may be used: as it is (`fresh`, or stale as the client allows,
 * `max-stale`), at once but with a validation behind (`stale-while-revalidate`), or only after one (all others).
 */
export type Reuse =
  | "fresh"
  | "max-stale"
  | "stale-while-revalidate"
  | "stale"
  | "response-no-cache"
  | "request-no-cache"
  | "request-max-age"
  | "request-min-fresh";

/**
 * Decides whether a stored response may answer without asking the upstream.
 *
 * @param request the directives of the request; null when it has none
 * @param now milliseconds since 1970
 * @see https://httpwg.org/specs/rfc9111.html#constructing.responses.from.caches
 */
export function decideReuse(facts: ResponseFacts, request: CacheDirectives | null, now: number): Reuse {
  if (facts.noCache) return "response-no-cache";
  if (request !== null) {
    if (request.has("no-cache")) return "request-no-cache";
    const maxAge = deltaSeconds(request, "max-age");
    const age = (now - facts.bornAt) / 1000;
    if (maxAge === "invalid" || (maxAge !== null && age > maxAge)) return "request-max-age";
    const minFresh = deltaSeconds(request, "min-fresh");
    if (minFresh === "invalid" || (minFresh !== null && facts.freshUntil - now < minFresh * 1000)) {
      return "request-min-fresh";
    }
  }
  if (now < facts.freshUntil) return "fresh";
  if (request !== null && !facts.mustRevalidate && allowsStale(request, now - facts.freshUntil)) return "max-stale";
  return now < facts.staleWhileRevalidateUntil ? "stale-while-revalidate" : "stale";
}

/** Reports whether the response may be used in the place of an error. @see https://www.rfc-editor.org/rfc/rfc5861#section-4 */
export function mayServeIfError(facts: ResponseFacts, request: CacheDirectives | null, now: number): boolean {
  if (facts.noCache || request?.has("no-cache") === true) return false;
  if (now < Math.max(facts.freshUntil, facts.staleIfErrorUntil)) return true;
  const seconds = request === null || facts.mustRevalidate ? null : deltaSeconds(request, "stale-if-error");
  return typeof seconds === "number" && now < facts.freshUntil + seconds * 1000;
}

/** @param staleness milliseconds. @see https://httpwg.org/specs/rfc9111.html#cache-request-directive.max-stale */
function allowsStale(request: CacheDirectives, staleness: number): boolean {
  if (request.get("max-stale") === null) return true;
  const maxStale = deltaSeconds(request, "max-stale");
  return typeof maxStale === "number" && staleness <= maxStale * 1000;
}
