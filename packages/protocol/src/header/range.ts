import { byteLowercase, isAsciiDigit, isHttpTabOrSpace, skipBytes, trimBytes } from "./bytes.ts";

/**
 * A single byte range; `start` null asks for the last `end` bytes, `end` null for everything from `start` on.
 *
 * @see https://httpwg.org/specs/rfc9110.html#byte.ranges
 */
export interface ByteRange {
  readonly start: number | bigint | null;
  readonly end: number | bigint | null;
}

/**
 * How a browser's parser may be laxer than the standard's.
 *
 * @see https://fetch.spec.whatwg.org/#simple-range-header-value
 */
export interface RangeParsing {
  /** The unit is compared without case, and a `+` may precede a number. */
  readonly lenient: boolean;
}

const strict: RangeParsing = { lenient: false };

/**
 * Parses a `Range` value that consists of one byte range; `null` when it is anything else, two ranges and a range whose
 * end precedes its start included. Numbers beyond the safe integers are bigints.
 *
 * @see https://fetch.spec.whatwg.org/#simple-range-header-value
 */
export function parseSingleRangeHeaderValue(
  value: string,
  allowWhitespace: boolean,
  { lenient }: RangeParsing = strict,
): ByteRange | null {
  const unit = value.slice(0, 5);
  if ((lenient ? byteLowercase(unit) : unit) !== "bytes") return null;
  const skipSpace = (position: number) => (allowWhitespace ? skipBytes(value, position, isHttpTabOrSpace) : position);
  const skipSign = (position: number) => (lenient && value.charAt(position) === "+" ? position + 1 : position);

  const equals = skipSpace(5);
  if (value.charAt(equals) !== "=") return null;
  const startBegin = skipSign(skipSpace(equals + 1));
  const startEnd = skipBytes(value, startBegin, isAsciiDigit);
  const hyphen = skipSpace(startEnd);
  if (value.charAt(hyphen) !== "-") return null;
  const endBegin = skipSign(skipSpace(hyphen + 1));
  const endEnd = skipBytes(value, endBegin, isAsciiDigit);
  if (endEnd !== value.length) return null;

  const start = toInteger(value.slice(startBegin, startEnd));
  const end = toInteger(value.slice(endBegin, endEnd));
  if (start === null && end === null) return null;
  if (start !== null && end !== null && start > end) return null;
  return { start, end };
}

function toInteger(digits: string): number | bigint | null {
  if (digits === "") return null;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** The greatest position that browsers count with: that of a signed 64-bit integer. */
const greatestPosition = 9_223_372_036_854_775_807n;

/**
 * Reports whether no number of the range exceeds a signed 64-bit integer.
 *
 * @see https://httpwg.org/specs/rfc9110.html#byte.ranges
 */
export function isRangeWithin64Bits({ start, end }: ByteRange): boolean {
  return (start === null || start <= greatestPosition) && (end === null || end <= greatestPosition);
}

/**
 * Returns the `Range` value that Chromium's HTTP cache makes of one that it understands: no whitespace, no signs, no
 * leading zeros, the unit in lower case. `null` for what it leaves as it is, more than one range included.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.range
 */
export function canonicalRange(value: string): string | null {
  const equals = value.indexOf("=");
  if (equals === -1 || byteLowercase(trimBytes(value.slice(0, equals), isHttpTabOrSpace)) !== "bytes") return null;
  const ranges = value
    .slice(equals + 1)
    .split(",")
    .map((range) => trimBytes(range, isHttpTabOrSpace))
    .filter((range) => range !== "");
  const [only] = ranges;
  if (only === undefined || ranges.length > 1) return null;
  const range = parseSingleRangeHeaderValue(`bytes=${only}`, true, { lenient: true });
  if (range === null || !isRangeWithin64Bits(range)) return null;
  const { start, end } = range;
  if (start === null && end === 0) return null;
  return `bytes=${start ?? ""}-${end ?? ""}`;
}
