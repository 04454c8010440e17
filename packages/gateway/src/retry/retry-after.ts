/**
 * Returns how many seconds a `Retry-After` field asks to wait, given as a number or as a date; null when it says neither.
 *
 * @param now milliseconds since 1970
 * @see https://httpwg.org/specs/rfc9110.html#field.retry-after
 */
export function parseRetryAfter(value: string, now: number): number | null {
  if (/^\d+$/.test(value)) return Number(value);
  if (!value.endsWith(" GMT")) return null;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, (date - now) / 1000);
}
