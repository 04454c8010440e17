import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import { dateOf } from "./age.ts";
import { parseCacheDate } from "./cache-date.ts";
import type { StoredResponse } from "./cache-store.ts";

const tags = /(?:W\/)?"[^"]*"/g;
const conditionalFields = [
  "if-none-match",
  "if-modified-since",
  "if-match",
  "if-unmodified-since",
  "if-range",
] as const;
/** What describes the content that a 304 has not. */
const contentFields: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-range",
  "content-type",
]);

/** Reports whether the request has preconditions that only the origin can judge. @see https://httpwg.org/specs/rfc9111.html#validation.received */
export function isForOrigin(request: HeaderFields): boolean {
  return "if-match" in request || "if-unmodified-since" in request;
}

/** Reports whether the request is one that a cache could answer with 304. */
export function isConditional(request: HeaderFields): boolean {
  return "if-none-match" in request || "if-modified-since" in request;
}

/** Returns the fields without preconditions and without `Range`: a request for the whole in any case. */
export function withoutConditions(request: HeaderFields): HeaderFields {
  const headers = { ...request };
  for (const name of conditionalFields) delete headers[name];
  delete headers.range;
  return headers;
}

/**
 * Reports whether what the client has is what is stored, so that it is told so with a 304. `If-None-Match` precedes
 * `If-Modified-Since`; a response without `Last-Modified` counts as changed when it was made.
 *
 * @param now milliseconds since 1970
 * @see https://httpwg.org/specs/rfc9111.html#validation.received
 */
export function isNotModified(request: HeaderFields, stored: StoredResponse, now: number): boolean {
  if (stored.status < 200 || stored.status > 299) return false;
  const ifNoneMatch = fieldValue(request, "if-none-match");
  if (ifNoneMatch !== null) {
    if (ifNoneMatch.trim() === "*") return true;
    const etag = fieldValue(stored.headers, "etag");
    return etag !== null && entityTags(ifNoneMatch).some((tag) => withoutWeakness(tag) === withoutWeakness(etag));
  }
  const since = parseCacheDate(fieldValue(request, "if-modified-since") ?? "", now);
  if (since === null) return false;
  return (parseCacheDate(fieldValue(stored.headers, "last-modified") ?? "", now) ?? dateOf(stored)) <= since;
}

/** Returns the fields of the 304 that stands for a stored response. @see https://httpwg.org/specs/rfc9110.html#status.304 */
export function notModifiedHeaders(headers: HeaderFields): HeaderFields {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !contentFields.has(name)));
}

/** The entity tags in a list, with their quotes; what is none is left out. */
export function entityTags(value: string): readonly string[] {
  return value.match(tags) ?? [];
}

function withoutWeakness(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}
