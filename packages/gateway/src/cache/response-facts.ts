import { initialAge, type ReceivedHead } from "./age.ts";
import { type CacheDirectives, cacheDirectivesOf, deltaSeconds, namedFields } from "./cache-directives.ts";
import { freshnessLifetime, type LifetimeSource } from "./freshness-lifetime.ts";
import { targetedCacheDirectives } from "./targeted-cache-control.ts";

/** What the head of a response says about its use in a shared cache, read once. All times in milliseconds since 1970. */
export interface ResponseFacts {
  readonly directives: CacheDirectives;
  readonly lifetimeSource: LifetimeSource;
  /** When its age was zero. */
  readonly bornAt: number;
  /** It is fresh before this time. */
  readonly freshUntil: number;
  /** It may be served while it is validated in the background, before this time. */
  readonly staleWhileRevalidateUntil: number;
  /** It may be served instead of an error, before this time. */
  readonly staleIfErrorUntil: number;
  /** Never to be used without validation, not even while it is fresh. */
  readonly noCache: boolean;
  /** Never to be used stale. */
  readonly mustRevalidate: boolean;
}

const known = new WeakMap<ReceivedHead, ResponseFacts>();

/**
 * Returns what the head of a response says about its use in a shared cache. It is remembered with the head, which must
 * not change afterwards.
 *
 * `s-maxage` forbids stale use as `proxy-revalidate` does, and so `stale-while-revalidate` beside it has no effect.
 *
 * @see https://httpwg.org/specs/rfc9111.html#expiration.model
 * @see https://www.rfc-editor.org/rfc/rfc5861#section-3
 */
export function responseFacts(head: ReceivedHead): ResponseFacts {
  const before = known.get(head);
  if (before !== undefined) return before;
  const targeted = targetedCacheDirectives(head.headers);
  const directives = targeted ?? cacheDirectivesOf(head.headers);
  const lifetime = freshnessLifetime(head, directives, targeted !== null);
  const bornAt = head.responseTime - initialAge(head) * 1000;
  const freshUntil = bornAt + lifetime.seconds * 1000;
  const noCache = namedFields(directives, "no-cache") === null;
  const mustRevalidate =
    directives.has("must-revalidate") || directives.has("proxy-revalidate") || directives.has("s-maxage");
  const staleUntil = (name: string) => {
    const seconds = deltaSeconds(directives, name);
    return noCache || mustRevalidate || typeof seconds !== "number" ? 0 : freshUntil + seconds * 1000;
  };
  const facts: ResponseFacts = {
    directives,
    lifetimeSource: lifetime.source,
    bornAt,
    freshUntil,
    staleWhileRevalidateUntil: staleUntil("stale-while-revalidate"),
    staleIfErrorUntil: staleUntil("stale-if-error"),
    noCache,
    mustRevalidate,
  };
  known.set(head, facts);
  return facts;
}

/** Has a response that says the same as another head not read again. */
export function inheritFacts(from: ReceivedHead, to: ReceivedHead): void {
  const facts = known.get(from);
  if (facts !== undefined) known.set(to, facts);
}
