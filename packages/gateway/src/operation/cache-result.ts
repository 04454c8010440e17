import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";

/** Why caches forward; an upstream may write what it likes, which must not become names of counters. */
const reasons = ["bypass", "method", "uri-miss", "vary-miss", "miss", "request", "stale", "partial"] as const;

/**
 * What the gateway's own cache did, from the last member of `Cache-Status`: `hit`, `collapsed` with another request, or
 * why it forwarded, such as `uri-miss`. Null when there was no cache.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9211
 */
export function cacheResult(headers: HeaderFields): string | null {
  const own = fieldValue(headers, "cache-status")?.split(",").at(-1)?.trim();
  if (own?.startsWith("corsac;") !== true) return null;
  if (/; hit(?:;|$)/.test(own)) return /; detail=/.test(own) ? "hit-stale" : "hit";
  if (/; collapsed(?:;|$)/.test(own)) return "collapsed";
  return reasons.find((reason) => own.includes(`; fwd=${reason}`)) ?? null;
}
