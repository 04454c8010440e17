/** A quoted string and the index after it. @see https://httpwg.org/specs/rfc9110.html#quoted.strings */
export interface QuotedString {
  /** As it stands, quotes and backslashes included. */
  readonly raw: string;
  /** What it stands for: without the quotes, escapes resolved. */
  readonly value: string;
  readonly end: number;
}

/**
 * Collects the quoted string that begins with the `"` at `position`. An unterminated one reaches to the end of the
 * input.
 *
 * @see https://fetch.spec.whatwg.org/#collect-an-http-quoted-string
 */
export function collectHttpQuotedString(input: string, position: number): QuotedString {
  let value = "";
  let i = position + 1;
  while (i < input.length) {
    const char = input.charAt(i++);
    if (char === '"') break;
    if (char === "\\") {
      value += i < input.length ? input.charAt(i++) : char;
    } else {
      value += char;
    }
  }
  return { raw: input.slice(position, i), value, end: i };
}
