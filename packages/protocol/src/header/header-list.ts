import {
  byteLowercase,
  isByteCaseInsensitiveMatch,
  isHttpTabOrSpace,
  isHttpWhitespace,
  isToken,
  trimBytes,
} from "./bytes.ts";
import { collectHttpQuotedString } from "./quoted-string.ts";

/**
 * A header: a name and a value, both isomorphic-decoded byte sequences (one character, U+0000 to U+00FF, is one byte).
 *
 * @see https://fetch.spec.whatwg.org/#concept-header
 */
export type Header = readonly [name: string, value: string];

/**
 * A header list, in wire order, names in any case.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list
 */
export type HeaderList = readonly Header[];

/**
 * Returns the values of all headers named `name`, joined by `, `; `null` when there is none.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get
 */
export function getHeader(list: HeaderList, name: string): string | null {
  let value: string | null = null;
  for (const header of list) {
    if (!isByteCaseInsensitiveMatch(header[0], name)) continue;
    value = value === null ? header[1] : `${value}, ${header[1]}`;
  }
  return value;
}

/**
 * Reports whether the list has a header named `name`.
 *
 * @see https://fetch.spec.whatwg.org/#header-list-contains
 */
export function containsHeader(list: HeaderList, name: string): boolean {
  return list.some((header) => isByteCaseInsensitiveMatch(header[0], name));
}

/**
 * Returns the list without the headers of any of the names.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list-delete
 */
export function headersWithout(list: HeaderList, ...names: readonly string[]): HeaderList {
  return list.filter((header) => !names.some((name) => isByteCaseInsensitiveMatch(header[0], name)));
}

/**
 * Returns the list with a header appended. The name takes the case of the headers of that name that the list has.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list-append
 */
export function withHeader(list: HeaderList, name: string, value: string): HeaderList {
  const present = list.find((header) => isByteCaseInsensitiveMatch(header[0], name));
  return [...list, [present?.[0] ?? name, value]];
}

/**
 * Returns the values of `name`, split at the commas outside quoted strings; `null` when there is no such header.
 * Empty values are kept.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split
 */
export function getDecodeAndSplit(list: HeaderList, name: string): string[] | null {
  const value = getHeader(list, name);
  return value === null ? null : splitHeaderValue(value);
}

/**
 * Splits a header value at the commas outside quoted strings. Empty values are kept, so that there is always one.
 *
 * @see https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
 */
export function splitHeaderValue(value: string): string[] {
  const values: string[] = [];
  let start = 0;
  let i = 0;
  while (i < value.length) {
    const byte = value.charCodeAt(i);
    if (byte === 0x22) {
      i = collectHttpQuotedString(value, i).end;
    } else if (byte === 0x2c) {
      values.push(trimBytes(value.slice(start, i), isHttpTabOrSpace));
      start = ++i;
    } else {
      i++;
    }
  }
  values.push(trimBytes(value.slice(start), isHttpTabOrSpace));
  return values;
}

/** Reports whether `name` can be a header name. @see https://fetch.spec.whatwg.org/#header-name */
export function isHeaderName(name: string): boolean {
  return isToken(name);
}

/**
 * Reports whether `value` can be a header value: no tab or space at either end, no NUL, CR or LF anywhere. Characters
 * above U+00FF are not bytes and therefore no header value either.
 *
 * @see https://fetch.spec.whatwg.org/#header-value
 */
export function isHeaderValue(value: string): boolean {
  if (value === "") return true;
  if (isHttpTabOrSpace(value.charCodeAt(0)) || isHttpTabOrSpace(value.charCodeAt(value.length - 1))) return false;
  for (let i = 0; i < value.length; i++) {
    const byte = value.charCodeAt(i);
    if (byte === 0x00 || byte === 0x0a || byte === 0x0d || byte > 0xff) return false;
  }
  return true;
}

/**
 * Removes tabs, spaces and line breaks from both ends of what is to become a header value.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-value-normalize
 */
export function normalizeHeaderValue(potentialValue: string): string {
  return trimBytes(potentialValue, isHttpWhitespace);
}

/**
 * Returns one header per name, lower-cased and sorted, as iterating a `Headers` object gives them. Only `set-cookie`
 * may stand there more than once, because its values cannot be joined.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine
 */
export function sortAndCombine(list: HeaderList): Header[] {
  const combined = new Map<string, string[]>();
  for (const [name, value] of list) {
    const key = byteLowercase(name);
    const values = combined.get(key);
    if (values === undefined) combined.set(key, [value]);
    else values.push(value);
  }
  return [...combined.keys()].sort().flatMap((name): Header[] => {
    const values = combined.get(name) ?? [];
    return name === "set-cookie" ? values.map((value): Header => [name, value]) : [[name, values.join(", ")]];
  });
}
