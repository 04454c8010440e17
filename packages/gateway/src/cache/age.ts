import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import { parseCacheDate } from "./cache-date.ts";

/** A response as far as its use in a cache is decided by: its head, and when it was asked for and came. */
export interface ReceivedHead {
  readonly status: number;
  readonly headers: HeaderFields;
  /** Milliseconds since 1970. */
  readonly requestTime: number;
  readonly responseTime: number;
}

/**
 * Returns the value of `Age` in seconds: of several the first, and 0 for what is no number.
 *
 * @see https://httpwg.org/specs/rfc9111.html#field.age
 */
export function ageValue(headers: HeaderFields): number {
  const value = fieldValue(headers, "age");
  if (value === null) return 0;
  const [first = ""] = value.split(",", 1);
  return /^\d+$/.test(first.trim()) ? Number(first) : 0;
}

/** When the origin made the response, in milliseconds since 1970: by `Date`, or else when it came. */
export function dateOf({ headers, responseTime }: ReceivedHead): number {
  const date = fieldValue(headers, "date");
  return (date === null ? null : parseCacheDate(date, responseTime)) ?? responseTime;
}

/**
 * Returns how old a response was when it came, in seconds: the greater of what its clock and what the caches on its way
 * say, and the latter include all the time that the request took.
 *
 * @see https://httpwg.org/specs/rfc9111.html#age.calculations
 */
export function initialAge(head: ReceivedHead): number {
  const apparentAge = Math.max(0, (head.responseTime - dateOf(head)) / 1000);
  const correctedAge = ageValue(head.headers) + Math.max(0, (head.responseTime - head.requestTime) / 1000);
  // A date is in whole seconds, and so a response is up to a second younger than it looks.
  return Math.max(apparentAge < 1 ? 0 : apparentAge, correctedAge);
}
