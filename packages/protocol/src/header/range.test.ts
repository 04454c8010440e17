import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalRange, parseSingleRangeHeaderValue } from "./range.ts";

describe("parseSingleRangeHeaderValue", () => {
  test.each([
    ["bytes=0-10", { start: 0, end: 10 }],
    ["bytes=10-10", { start: 10, end: 10 }],
    ["bytes=0-", { start: 0, end: null }],
    ["bytes=-5", { start: null, end: 5 }],
    ["bytes=007-8", { start: 7, end: 8 }],
    ["bytes=9007199254740993-", { start: 9007199254740993n, end: null }],
    ["bytes=9007199254740993-9007199254740992", null],
    ["bytes=5-9007199254740993", { start: 5, end: 9007199254740993n }],
    ["bytes=10-5", null],
    ["bytes=-", null],
    ["bytes=", null],
    ["bytes", null],
    ["", null],
    ["bytes 0-1", null],
    ["Bytes=0-1", null],
    ["items=0-1", null],
    ["bytes=a-b", null],
    ["bytes=+0-", null],
    ["bytes=0-1, 2-3", null],
    ["bytes=0-1 ", null],
    ["bytes=0-1-2", null],
    ["bytes = 0-1", null],
    ["bytes=0 -1", null],
    ["0-1", null],
  ])("%j", (value, want) => expect(parseSingleRangeHeaderValue(value, false)).toEqual(want));

  test.each([
    ["bytes = 0-1", { start: 0, end: 1 }],
    ["bytes\t=\t0 - 1", { start: 0, end: 1 }],
    ["bytes=0-1 ", null],
    [" bytes=0-1", null],
  ])("with white space allowed: %j", (value, want) => {
    expect(parseSingleRangeHeaderValue(value, true)).toEqual(want);
  });

  test.each([
    ["BYTES=0-", { start: 0, end: null }],
    ["bytes=+0-+1", { start: 0, end: 1 }],
    ["bytes=++0-", null],
    ["bytes= 0-1", null],
    ["bytes=-+5", { start: null, end: 5 }],
  ])("lenient: %j", (value, want) => {
    expect(parseSingleRangeHeaderValue(value, false, { lenient: true })).toEqual(want);
  });

  test("gives back what a range is written as, beyond 64 bits too", () => {
    const position = fc.bigInt({ min: 0n, max: 2n ** 80n });
    fc.assert(
      fc.property(position, position, (start, length) => {
        const range = parseSingleRangeHeaderValue(`bytes=${start}-${start + length}`, false);
        expect([String(range?.start), String(range?.end)]).toEqual([String(start), String(start + length)]);
      }),
    );
  });
});

describe("canonicalRange", () => {
  test.each([
    ["Bytes=0-1", "bytes=0-1"],
    ["BYTES=0-", "bytes=0-"],
    ["bytes = 0-1", "bytes=0-1"],
    ["bytes =0-1", "bytes=0-1"],
    ["bytes= 0-1", "bytes=0-1"],
    ["bytes=0 -1", "bytes=0-1"],
    ["bytes=+0-", "bytes=0-"],
    ["bytes=0-+1", "bytes=0-1"],
    [`bytes=${"0".repeat(122)}-`, "bytes=0-"],
    ["bytes=-5", "bytes=-5"],
    ["bytes=0-1,", "bytes=0-1"],
    ["bytes=9007199254740993-", "bytes=9007199254740993-"],
    ["bytes=-0", null],
    ["bytes=0-1, 2-3", null],
    ["bytes 0-1", null],
    ["items=0-1", null],
    ["bytes=", null],
    ["bytes=-", null],
    ["bytes=a-b", null],
    ["bytes=9223372036854775807-", "bytes=9223372036854775807-"],
    ["bytes=9223372036854775808-", null],
    ["0-1", null],
  ])("%j", (value, want) => expect(canonicalRange(value)).toBe(want));

  test("is its own canonical form", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("0", "1", "-", "+", " ", ",") }), (rest) => {
        const canonical = canonicalRange(`bytes=${rest}`);
        return canonical === null || canonicalRange(canonical) === canonical;
      }),
    );
  });
});
