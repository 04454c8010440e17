import type { OriginRefusal } from "../decision/decision.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { OriginResolver, ResolverOptions } from "./origin-resolver.ts";

/** `allowed`, or why not. */
export type OriginVerdict = "allowed" | OriginRefusal;

const defaults = { timeout: 2000, cacheSeconds: 60, cacheSize: 1000 } as const satisfies Required<ResolverOptions>;

/**
 * Wraps a resolver so that its question always has an answer: within the timeout, without an exception, once for all
 * requests that wait for the same origin, and from a cache when it was asked lately. No more questions are open at a
 * time than the cache has places; what is asked beyond is denied.
 *
 * Allowed and denied origins are kept apart: who sends origins that nobody heard of does not drive out the good ones.
 */
export function createAskResolver(
  resolver: OriginResolver,
  options: ResolverOptions = {},
): (origin: string) => OriginVerdict | Promise<OriginVerdict> {
  const { timeout, cacheSeconds, cacheSize } = { ...defaults, ...options };
  const allowed = new BoundedCache(cacheSize, cacheSeconds * 1000);
  const denied = new BoundedCache(cacheSize, cacheSeconds * 1000);
  const pending = new Map<string, Promise<OriginVerdict>>();

  function remember(origin: string, answer: unknown): OriginVerdict {
    if (answer === true) {
      denied.delete(origin);
      allowed.add(origin);
      return "allowed";
    }
    // An answer that makes no sense is worth another question.
    if (answer !== false) return "resolver-answer-invalid";
    allowed.delete(origin);
    denied.add(origin);
    return "origin-not-allowed";
  }

  function waitFor(origin: string, answer: PromiseLike<unknown>, controller: AbortController): Promise<OriginVerdict> {
    const promise = new Promise<OriginVerdict>((resolve) => {
      const settle = (verdict: OriginVerdict) => {
        clearTimeout(timer);
        if (pending.get(origin) === promise) pending.delete(origin);
        resolve(verdict);
      };
      const timer = setTimeout(() => {
        settle("resolver-timeout");
        controller.abort();
      }, timeout);
      // An answer that comes too late for this request is kept for the next, unless there is or will be a newer one.
      Promise.resolve(answer).then(
        (value) => {
          const asked = pending.get(origin);
          if (asked === promise || !(asked || allowed.has(origin) || denied.has(origin))) {
            settle(remember(origin, value));
          }
        },
        () => settle("resolver-failed"),
      );
    });
    pending.set(origin, promise);
    return promise;
  }

  return (origin) => {
    if (allowed.has(origin)) return "allowed";
    if (denied.has(origin)) return "origin-not-allowed";
    const waiting = pending.get(origin);
    if (waiting !== undefined) return waiting;
    if (pending.size >= cacheSize) return "resolver-busy";
    const controller = new AbortController();
    try {
      const answer: unknown = resolver(origin, { signal: controller.signal });
      return isPromiseLike(answer) ? waitFor(origin, answer, controller) : remember(origin, answer);
    } catch {
      return "resolver-failed";
    }
  };
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
