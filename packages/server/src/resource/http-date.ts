const days = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const longDays = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)";
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const month = `(?<month>${months.join("|")})`;
const time = "(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})";
const forms = [
  new RegExp(`^${days}, (?<day>\\d{2}) ${month} (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(`^${longDays}, (?<day>\\d{2})-${month}-(?<year>\\d{2}) ${time} GMT$`),
  new RegExp(`^${days} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
];

/**
 * Parses a date in any of the three forms that HTTP has had, in milliseconds since 1970; null when it is none. A year of
 * two digits is not further than fifty years ahead.
 *
 * @param now milliseconds since 1970
 * @see https://httpwg.org/specs/rfc9110.html#http.date
 */
export function parseHttpDate(value: string, now: number): number | null {
  for (const form of forms) {
    const groups = form.exec(value)?.groups;
    if (groups === undefined) continue;
    const { year = "", month: name = "", day = "", hour = "", minute = "", second = "" } = groups;
    const parts = [fullYear(year, now), months.indexOf(name), Number(day), Number(hour), Number(minute)] as const;
    // A leap second is the one after.
    const parsed = Date.UTC(...parts, Number(second));
    const isReal =
      new Date(Date.UTC(parts[0], parts[1], parts[2])).getUTCDate() === parts[2] &&
      parts[3] < 24 &&
      parts[4] < 60 &&
      Number(second) <= 60;
    return isReal ? parsed : null;
  }
  return null;
}

/** Writes a date as HTTP has it, in whole seconds. @see https://httpwg.org/specs/rfc9110.html#http.date */
export function serializeHttpDate(date: Date): string {
  return date.toUTCString();
}

function fullYear(digits: string, now: number): number {
  if (digits.length === 4) return Number(digits);
  const current = new Date(now).getUTCFullYear();
  const year = current - (current % 100) + Number(digits);
  return year > current + 50 ? year - 100 : year;
}
