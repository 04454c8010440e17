const upperCase = /[A-Z]/g;

/**
 * Lower-cases the ASCII letters of `value` and leaves every other byte as it is. (`toLowerCase` would also change
 * bytes from 0xC0.)
 *
 * @see https://infra.spec.whatwg.org/#byte-lowercase
 */
export function byteLowercase(value: string): string {
  let hasUpperCase = false;
  for (let i = 0; i < value.length; i++) {
    const byte = value.charCodeAt(i);
    if (byte > 0x7f) return value.replace(upperCase, (letter) => letter.toLowerCase());
    if (byte >= 0x41 && byte <= 0x5a) hasUpperCase = true;
  }
  return hasUpperCase ? value.toLowerCase() : value;
}

/**
 * Reports whether `a` and `b` differ at most in the case of ASCII letters. Allocates nothing, since header lists are
 * searched with it.
 *
 * @see https://infra.spec.whatwg.org/#byte-case-insensitive
 */
export function isByteCaseInsensitiveMatch(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const lower = x | 0x20;
    if (lower !== (y | 0x20) || lower < 0x61 || lower > 0x7a) return false;
  }
  return true;
}

/** One entry per byte: 1 for the bytes of `tchar`. */
const tokenBytes: Uint8Array = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  tokenBytes[char.charCodeAt(0)] = 1;
}

/**
 * Reports whether `value` is a token: what methods, header names and the parts of a MIME type consist of.
 *
 * @see https://httpwg.org/specs/rfc9110.html#tokens
 */
export function isToken(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    if (tokenBytes[value.charCodeAt(i)] !== 1) return false;
  }
  return value.length > 0;
}

/**
 * Reports whether the byte is a tab or a space.
 *
 * @see https://fetch.spec.whatwg.org/#http-tab-or-space-byte
 */
export function isHttpTabOrSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}

/**
 * Reports whether the byte is a tab, a space or a part of a line break.
 *
 * @see https://fetch.spec.whatwg.org/#http-whitespace-byte
 */
export function isHttpWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Reports whether the byte is one of 0 to 9. @see https://infra.spec.whatwg.org/#ascii-digit */
export function isAsciiDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/**
 * Removes the bytes that `matches` accepts from both ends of `value`.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-value-normalize
 */
export function trimBytes(value: string, matches: (byte: number) => boolean): string {
  let start = 0;
  let end = value.length;
  while (start < end && matches(value.charCodeAt(start))) start++;
  while (end > start && matches(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

/**
 * Returns the first index from `position` on whose byte `matches` does not accept.
 *
 * @see https://infra.spec.whatwg.org/#collect-a-sequence-of-code-points
 */
export function skipBytes(value: string, position: number, matches: (byte: number) => boolean): number {
  let i = position;
  while (i < value.length && matches(value.charCodeAt(i))) i++;
  return i;
}

/**
 * Returns the string with one character per byte. (`String.fromCharCode` alone takes only so many arguments.)
 *
 * @see https://infra.spec.whatwg.org/#isomorphic-decode
 */
export function isomorphicDecode(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
