import { type EntityTag, isEntityTag } from "./entity-tag.ts";
import { parseHttpDate } from "./http-date.ts";
import { evaluatePreconditions, type HeaderOf } from "./preconditions.ts";

/**
 * Reports whether the client has what a handler answered with already, by the validators that the handler has set. It is
 * for resources without `validators`; only GET, HEAD and QUERY can be judged that late.
 *
 * @param now milliseconds since 1970
 */
export function isNotModified(
  method: string,
  request: HeaderOf,
  response: HeaderOf,
  status: number,
  now: number,
): boolean {
  if (status !== 200) return false;
  const etag = response("etag");
  const lastModified = response("last-modified");
  const modified = lastModified === null ? null : parseHttpDate(lastModified, now);
  const validators = {
    etag: etag !== null && isEntityTag(etag) ? (etag as EntityTag) : undefined,
    lastModified: modified === null ? undefined : new Date(modified),
  };
  const unmodified = new Set(["if-match", "if-unmodified-since"]);
  const late: HeaderOf = (name) => (unmodified.has(name) ? null : request(name));
  return evaluatePreconditions(method, late, validators, now) === "not-modified";
}

/** Reports whether a retrieval may turn out to be answered with 304. */
export function asksWhetherModified(method: string, headerOf: HeaderOf): boolean {
  if (method !== "GET" && method !== "HEAD" && method !== "QUERY") return false;
  return headerOf("if-none-match") !== null || headerOf("if-modified-since") !== null;
}
