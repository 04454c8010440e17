const weekday = "(?:mon|tue|wed|thu|fri|sat|sun)";
const month = "(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";
const time = "(?<time>\\d\\d:\\d\\d:\\d\\d)";
const forms = [
  new RegExp(`^${weekday}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} gmt$`, "i"),
  new RegExp(`^${weekday}[a-z]*, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} gmt$`, "i"),
  new RegExp(`^${weekday} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`, "i"),
];

/**
 * Parses a date as a cache does: in any of the three forms that HTTP has had and, unlike elsewhere in HTTP, without
 * regard to case; in milliseconds since 1970, null when it is none.
 *
 * @param now milliseconds since 1970; a year of two digits is not further than fifty years ahead of it
 * @see https://httpwg.org/specs/rfc9111.html#expiration.model
 */
export function parseCacheDate(value: string, now: number): number | null {
  for (const form of forms) {
    const groups = form.exec(value)?.groups;
    if (groups === undefined) continue;
    const date = Date.parse(`${groups.day} ${groups.month} ${fullYear(groups.year ?? "", now)} ${groups.time} GMT`);
    return Number.isNaN(date) ? null : date;
  }
  return null;
}

function fullYear(digits: string, now: number): string {
  if (digits.length === 4) return digits;
  const current = new Date(now).getUTCFullYear();
  const year = current - (current % 100) + Number(digits);
  return String(year > current + 50 ? year - 100 : year);
}
