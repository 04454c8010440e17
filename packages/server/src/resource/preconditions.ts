import { isSafeMethod } from "@corsac/protocol";
import { type EntityTag, matchesStrongly, matchesWeakly, parseEntityTags } from "./entity-tag.ts";
import { parseHttpDate } from "./http-date.ts";

/** What tells one state of a resource from another. */
export interface Validators {
  /** As in `ETag`, with its quotes. */
  readonly etag?: EntityTag | undefined;
  /** Its parts of a second do not count: HTTP has none. */
  readonly lastModified?: Date | undefined;
}

/** Asks for a header of the request by its name in lower case; null without one. */
export type HeaderOf = (name: string) => string | null;

/** What comes of the preconditions of a request. */
export type PreconditionResult = "failed" | "met" | "none" | "not-modified";

/**
 * Evaluates the preconditions of a request. Only GET and HEAD (and QUERY, whose answers are cacheable too) are answered
 * with "not modified"; for all other methods a matching `If-None-Match` is a failure.
 *
 * @param validators of the current representation; null when there is none
 * @param now milliseconds since 1970
 * @returns `none` when the request is unconditional; then nothing was compared
 * @see https://httpwg.org/specs/rfc9110.html#precedence
 */
export function evaluatePreconditions(
  method: string,
  headerOf: HeaderOf,
  validators: Validators | null,
  now: number,
): PreconditionResult {
  const isRetrieval = method === "GET" || method === "HEAD" || method === "QUERY";
  let result: PreconditionResult = "none";
  const ifMatch = headerOf("if-match");
  const ifUnmodifiedSince = headerOf("if-unmodified-since");
  if (ifMatch !== null) {
    if (!matchesAny(ifMatch, validators, matchesStrongly)) return "failed";
    result = "met";
  } else if (ifUnmodifiedSince !== null) {
    const since = parseHttpDate(ifUnmodifiedSince, now);
    if (since !== null) {
      // Without a date of change, nobody can tell that nothing has changed.
      const modified = secondsOf(validators);
      if (modified === null ? !isSafeMethod(method) : modified > since) return "failed";
      result = "met";
    }
  }
  const ifNoneMatch = headerOf("if-none-match");
  if (ifNoneMatch !== null) {
    if (matchesAny(ifNoneMatch, validators, matchesWeakly)) return isRetrieval ? "not-modified" : "failed";
    return "met";
  }
  const ifModifiedSince = isRetrieval ? headerOf("if-modified-since") : null;
  if (ifModifiedSince !== null) {
    const since = parseHttpDate(ifModifiedSince, now);
    const modified = secondsOf(validators);
    if (since === null || modified === null) return result;
    return modified <= since ? "not-modified" : "met";
  }
  return result;
}

/** Reports whether a request says by which state of the resource it is to be carried out. */
export function isConditional(headerOf: HeaderOf, now: number): boolean {
  const ifUnmodifiedSince = headerOf("if-unmodified-since");
  return (
    headerOf("if-match") !== null ||
    headerOf("if-none-match") !== null ||
    (ifUnmodifiedSince !== null && parseHttpDate(ifUnmodifiedSince, now) !== null)
  );
}

function matchesAny(value: string, validators: Validators | null, matches: typeof matchesStrongly): boolean {
  const tags = parseEntityTags(value);
  if (tags === "*") return validators !== null;
  const etag = validators?.etag;
  return etag !== undefined && (tags ?? []).some((tag) => matches(tag, etag));
}

function secondsOf(validators: Validators | null): number | null {
  const lastModified = validators?.lastModified;
  return lastModified === undefined ? null : Math.floor(lastModified.getTime() / 1000) * 1000;
}
