import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  byteLowercase,
  isByteCaseInsensitiveMatch,
  isHttpTabOrSpace,
  isHttpWhitespace,
  isToken,
  skipBytes,
  trimBytes,
} from "./bytes.ts";

const byteString = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)) });

describe("byteLowercase", () => {
  test.each([
    ["ASCII letters", "Content-TYPE", "content-type"],
    ["nothing to do", "x-a", "x-a"],
    ["bytes from 0xC0 stay", "\u00c0A", "\u00c0a"],
    ["no character that lower-cases to ASCII", "\u212a", "\u212a"],
    ["empty", "", ""],
  ])("%s", (_, value, want) => expect(byteLowercase(value)).toBe(want));

  test("is idempotent and keeps the length", () => {
    fc.assert(
      fc.property(byteString, (value) => {
        const lower = byteLowercase(value);
        return byteLowercase(lower) === lower && lower.length === value.length;
      }),
    );
  });
});

describe("isByteCaseInsensitiveMatch", () => {
  test.each([
    ["same", "a-b", "a-b", true],
    ["other case", "X-Custom", "x-cUSTOM", true],
    ["other length", "x", "xx", false],
    ["@ and ` differ by the bit of case only", "@", "`", false],
    ["[ and {", "[", "{", false],
    ["_ and DEL", "_", "\u007f", false],
    ["letters beyond ASCII keep their case", "\u00c0", "\u00e0", false],
    ["the Kelvin sign is no k", "\u212a", "k", false],
  ])("%s", (_, a, b, want) => expect(isByteCaseInsensitiveMatch(a, b)).toBe(want));

  test("says what comparing lower-cased strings says", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "A", "-", "[", "{", "@", "`", "\u00c0", "\u00e0") });
    fc.assert(
      fc.property(
        letters,
        letters,
        (a, b) => isByteCaseInsensitiveMatch(a, b) === (byteLowercase(a) === byteLowercase(b)),
      ),
    );
  });
});

describe("isToken", () => {
  test("accepts each byte of tchar and no other", () => {
    for (let byte = 0; byte < 0x180; byte++) {
      const char = String.fromCharCode(byte);
      expect([byte, isToken(char)]).toEqual([byte, /^[!#$%&'*+.^_`|~0-9A-Za-z-]$/.test(char)]);
    }
  });

  test("refuses the empty string and one bad byte anywhere", () => {
    expect(isToken("")).toBe(false);
    expect(isToken("a b")).toBe(false);
    expect(isToken("ab\u00e9")).toBe(false);
    expect(isToken("ab\u0161")).toBe(false);
  });
});

test("trimBytes removes from both ends only, and everything if all matches", () => {
  expect(trimBytes(" \ta b\t ", isHttpTabOrSpace)).toBe("a b");
  expect(trimBytes("\r\n a\n", isHttpTabOrSpace)).toBe("\r\n a\n");
  expect(trimBytes("\r\n a\n", isHttpWhitespace)).toBe("a");
  expect(trimBytes("\f a", isHttpWhitespace)).toBe("\f a");
  expect(trimBytes(" \t ", isHttpTabOrSpace)).toBe("");
});

test("skipBytes stops at the first byte that does not match, and at the end", () => {
  expect(skipBytes("a  b", 1, isHttpTabOrSpace)).toBe(3);
  expect(skipBytes("a  b", 0, isHttpTabOrSpace)).toBe(0);
  expect(skipBytes("a  ", 1, isHttpTabOrSpace)).toBe(3);
});
