import { parseSingleRangeHeaderValue } from "@corsac/protocol";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { StoredResponse } from "./cache-store.ts";

/** A part of some content: the first byte and the one after the last. */
export interface StoredRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the part of a stored whole that a GET asks for; null when it is to get the whole, since it asks for that, for
 * several parts, in another unit, or for a part of something else (`If-Range`).
 *
 * @see https://httpwg.org/specs/rfc9110.html#range.requests
 */
export function storedRange(request: HeaderFields, stored: StoredResponse): StoredRange | "unsatisfiable" | null {
  const value = fieldValue(request, "range");
  if (value === null || stored.status !== 200 || !meetsIfRange(fieldValue(request, "if-range"), stored)) return null;
  const range = parseSingleRangeHeaderValue(value, true);
  if (range === null) return null;
  const length = stored.body.byteLength;
  const [first, last] = [range.start, range.end].map((position) => (position === null ? null : Number(position)));
  if (first == null) {
    const suffix = Math.min(last ?? 0, length);
    return suffix === 0 ? "unsatisfiable" : { start: length - suffix, end: length };
  }
  if (first >= length) return "unsatisfiable";
  return { start: first, end: Math.min((last ?? length) + 1, length) };
}

/** Only what is the same to the byte can be continued. @see https://httpwg.org/specs/rfc9110.html#field.if-range */
function meetsIfRange(ifRange: string | null, { headers }: StoredResponse): boolean {
  if (ifRange === null) return true;
  if (ifRange.includes('"')) return !ifRange.startsWith("W/") && ifRange.trim() === fieldValue(headers, "etag");
  return ifRange.trim() === fieldValue(headers, "last-modified");
}
