import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  containsHeader,
  getDecodeAndSplit,
  getHeader,
  type Header,
  type HeaderList,
  headersWithout,
  isHeaderName,
  isHeaderValue,
  normalizeHeaderValue,
  sortAndCombine,
  splitHeaderValue,
  withHeader,
} from "./header-list.ts";
import { collectHttpQuotedString } from "./quoted-string.ts";

const list: HeaderList = [
  ["A", "1"],
  ["Set-Cookie", "x=1"],
  ["b", ""],
  ["a", "2"],
  ["SET-COOKIE", "y=2"],
];

describe("getHeader", () => {
  test.each([
    ["joins the values of one name, in order, whatever their case", "a", "1, 2"],
    ["an empty value is not null", "B", ""],
    ["absent", "c", null],
  ])("%s", (_, name, want) => expect(getHeader(list, name)).toBe(want));

  test("an empty value among others leaves its comma", () => {
    const values: HeaderList = [
      ["a", ""],
      ["a", "x"],
    ];
    expect(getHeader(values, "a")).toBe(", x");
  });
});

test("containsHeader compares without case", () => {
  expect(containsHeader(list, "set-cookie")).toBe(true);
  expect(containsHeader(list, "cookie")).toBe(false);
  expect(containsHeader([], "a")).toBe(false);
});

test("headersWithout removes every header of every name and leaves the list as it is", () => {
  expect(headersWithout(list, "A", "set-cookie")).toEqual([["b", ""]]);
  expect(headersWithout(list)).toEqual(list);
  expect(list).toHaveLength(5);
});

describe("withHeader", () => {
  test("appends", () => {
    expect(withHeader([["A", "1"]], "B", "2")).toEqual([
      ["A", "1"],
      ["B", "2"],
    ]);
  });
  test("takes the case of the name that is there", () => {
    const appended = withHeader([["X-Custom", "1"]], "x-custom", "2");
    expect(appended).toEqual([
      ["X-Custom", "1"],
      ["X-Custom", "2"],
    ]);
  });
});

describe("splitHeaderValue", () => {
  test.each([
    ["empty", "", [""]],
    ["one value", "nosniff", ["nosniff"]],
    ["a comma at the end leaves an empty value", "nosniff,", ["nosniff", ""]],
    ["inner spaces stay, empty values stay", "x / x,,,1", ["x / x", "", "", "1"]],
    ["commas in quotes do not split", '"1,2", 3', ['"1,2"', "3"]],
    ["an unterminated quote reaches to the end", 'text/html;", x/x', ['text/html;", x/x']],
    ["quotes inside a value", 'x/x;test="hi",y/y', ['x/x;test="hi"', "y/y"]],
    ["an escaped quote does not end the string", '"a\\",b",c', ['"a\\",b"', "c"]],
    ["a comma right after the string", '"a",', ['"a"', ""]],
    ["tabs and spaces around, no other white space", "\t a \t,\fb", ["a", "\fb"]],
  ])("%s", (_, value, want) => expect(splitHeaderValue(value)).toEqual(want));

  test("without quotes it splits at every comma", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("a", ";", "\\", "\u00e9") }), { minLength: 1 }),
        (values) => {
          expect(splitHeaderValue(values.join(" ,\t"))).toEqual(values);
        },
      ),
    );
  });
});

test("getDecodeAndSplit joins first, so that a quote may span header lines", () => {
  const lines: HeaderList = [
    ["A", 'text/html;"'],
    ["A", "x/x"],
  ];
  expect(getDecodeAndSplit(lines, "a")).toEqual(['text/html;", x/x']);
  expect(getDecodeAndSplit(lines, "b")).toBeNull();
});

describe("collectHttpQuotedString", () => {
  test.each([
    ['"\\', { raw: '"\\', value: "\\", end: 2 }],
    ['"Hello" World', { raw: '"Hello"', value: "Hello", end: 7 }],
    ['"Hello \\\\ World\\""', { raw: '"Hello \\\\ World\\""', value: 'Hello \\ World"', end: 18 }],
    ['"', { raw: '"', value: "", end: 1 }],
    ['""x', { raw: '""', value: "", end: 2 }],
  ])("%s", (input, want) => expect(collectHttpQuotedString(input, 0)).toEqual(want));
});

describe("names and values", () => {
  test.each([
    ["X-Custom", true],
    ["x'a", true],
    ["", false],
    ["X A", false],
    ["X:", false],
    ["X\u00e9", false],
    ["X\n", false],
  ])("header name %j", (name, want) => expect(isHeaderName(name)).toBe(want));

  test.each([
    ["", true],
    ["a b", true],
    ["a\u0001b", true],
    ["\u00ff", true],
    [" a", false],
    ["a\t", false],
    ["a\rb", false],
    ["a\nb", false],
    ["a\0b", false],
    ["\u0100", false],
  ])("header value %j", (value, want) => expect(isHeaderValue(value)).toBe(want));

  test.each([
    ["\r\n\t a b \n", "a b"],
    ["\fa", "\fa"],
    ["\u00a0a", "\u00a0a"],
    [" \t\r\n", ""],
  ])("normalizes %j", (value, want) => expect(normalizeHeaderValue(value)).toBe(want));

  test("what is normalized is a header value, unless it has NUL, CR or LF inside", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "a", "\u00e9", "\0") }), (value) => {
        const normalized = normalizeHeaderValue(value);
        return isHeaderValue(normalized) === !/[\0\r\n]/.test(normalized);
      }),
    );
  });
});

describe("sortAndCombine", () => {
  test("lower-cases, sorts, joins; keeps each Set-Cookie", () => {
    expect(sortAndCombine(list)).toEqual([
      ["a", "1, 2"],
      ["b", ""],
      ["set-cookie", "x=1"],
      ["set-cookie", "y=2"],
    ]);
  });

  test("sorts by byte", () => {
    const names = ["X-Z", "X_A", "X-A", "XA", "X1", "X'A"];
    const sorted = sortAndCombine(names.map((name): Header => [name, "1"])).map(([name]) => name);
    expect(sorted).toEqual(["x'a", "x-a", "x-z", "x1", "x_a", "xa"]);
  });

  test("loses no value", () => {
    const header = fc.tuple(fc.constantFrom("a", "A", "set-cookie", "Set-Cookie", "b"), fc.constantFrom("", "1", "2"));
    fc.assert(
      fc.property(fc.array(header), (headers) => {
        const combined = sortAndCombine(headers);
        for (const [name, value] of combined) {
          if (name !== "set-cookie") expect(value).toBe(getHeader(headers, name));
        }
        expect(getHeader(combined, "set-cookie")).toBe(getHeader(headers, "set-cookie"));
      }),
    );
  });
});
