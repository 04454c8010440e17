import type { PreflightRules } from "../profile/profile.ts";
import { isAsciiDigit, isByteCaseInsensitiveMatch, isHttpTabOrSpace, isToken, skipBytes, trimBytes } from "./bytes.ts";
import type { HeaderList } from "./header-list.ts";

/**
 * The grammar of a header's value. `#token`: `Access-Control-Allow-Methods`, `-Allow-Headers`, `-Expose-Headers`;
 * `#policy-token`: `Referrer-Policy`; `delta-seconds`: `Access-Control-Max-Age`, which allows a single header only.
 *
 * @see https://fetch.spec.whatwg.org/#http-new-header-syntax
 */
export type HeaderValueAbnf = "#token" | "#policy-token" | "delta-seconds";

/**
 * Parses every header named `name` and returns all their elements. `null`: there is no such header. `"failure"`: one
 * of them does not match its grammar, so that none of them counts. Never throws.
 *
 * @see https://fetch.spec.whatwg.org/#extract-header-list-values
 */
export function extractHeaderListValues(
  name: string,
  list: HeaderList,
  abnf: HeaderValueAbnf = "#token",
): string[] | null | "failure" {
  let values: string[] | null = null;
  for (const header of list) {
    if (!isByteCaseInsensitiveMatch(header[0], name)) continue;
    if (abnf === "delta-seconds" && values !== null) return "failure";
    values ??= [];
    if (!extractHeaderValues(header[1], abnf, values)) return "failure";
  }
  return values;
}

/**
 * Appends the elements of one header value to `values`; false when it does not match the grammar.
 *
 * @see https://fetch.spec.whatwg.org/#extract-header-values
 */
function extractHeaderValues(value: string, abnf: HeaderValueAbnf, values: string[]): boolean {
  if (abnf === "delta-seconds") {
    const seconds = trimBytes(value, isHttpTabOrSpace);
    values.push(seconds);
    return isDigits(seconds);
  }
  const isElement = abnf === "#token" ? isToken : isPolicyToken;
  for (const part of value.split(",")) {
    const element = trimBytes(part, isHttpTabOrSpace);
    // A recipient accepts empty list elements (RFC 9110, 5.6.1.2).
    if (element === "") continue;
    if (!isElement(element)) return false;
    values.push(element);
  }
  return true;
}

const policyToken = /^[A-Za-z-]+$/;

function isPolicyToken(value: string): boolean {
  return policyToken.test(value);
}

function isDigits(value: string): boolean {
  return value !== "" && skipBytes(value, 0, isAsciiDigit) === value.length;
}

/** What a value too large to be represented counts as (RFC 9111, 1.2.2). */
const greatestDeltaSeconds = 2_147_483_648;

/**
 * Returns the seconds that `Access-Control-Max-Age` gives, `null` when there is no such header, `"failure"` when it
 * does not match its grammar or stands there more than once.
 *
 * Differs: an empty value is `null` and not failure. Both mean five seconds, but Firefox, which caches nothing after a
 * failure, was measured to keep to the five seconds here.
 *
 * @see https://fetch.spec.whatwg.org/#http-access-control-max-age
 */
export function extractMaxAge(
  list: HeaderList,
  rules?: Pick<PreflightRules, "negativeMaxAgeIsZero" | "signedMaxAge">,
): number | null | "failure" {
  let found: string | null = null;
  for (const header of list) {
    if (!isByteCaseInsensitiveMatch(header[0], "access-control-max-age")) continue;
    if (found !== null) return "failure";
    found = trimBytes(header[1], isHttpTabOrSpace);
  }
  if (found === null || found === "") return null;
  if (isDigits(found)) return Math.min(Number(found), greatestDeltaSeconds);
  const unsigned = found.slice(1);
  if (!isDigits(unsigned)) return "failure";
  if (found.startsWith("+") && rules?.signedMaxAge === true) return Math.min(Number(unsigned), greatestDeltaSeconds);
  if (found.startsWith("-") && rules?.negativeMaxAgeIsZero === true) return 0;
  return "failure";
}
