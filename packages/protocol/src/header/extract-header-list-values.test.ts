import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extractHeaderListValues, extractMaxAge } from "./extract-header-list-values.ts";
import type { Header } from "./header-list.ts";

const byteString = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)) });

/** Each value (of several: header lines) was sent by a server to three browsers, which agreed on what it allows. */
const tokenLists: [value: string | string[], want: string[] | "failure"][] = [
  ["", []],
  ["GET", ["GET"]],
  ["GET, PUT", ["GET", "PUT"]],
  ["GET,PUT", ["GET", "PUT"]],
  ["PUT, PUT", ["PUT", "PUT"]],
  ["GET;PUT", "failure"],
  ["GET PUT", "failure"],
  ["GET|PUT", ["GET|PUT"]],
  ["PUT,", ["PUT"]],
  [",PUT", ["PUT"]],
  [",,PUT,,", ["PUT"]],
  [" PUT ", ["PUT"]],
  ["\tPUT\t", ["PUT"]],
  ["GET ,\tPUT", ["GET", "PUT"]],
  ['"PUT"', "failure"],
  ["PUT;q=1", "failure"],
  ["(PUT)", "failure"],
  ["[PUT]", "failure"],
  ["PUT, @", "failure"],
  ["PUT, G ET", "failure"],
  ['PUT, "', "failure"],
  ["PUT/", "failure"],
  ["*", ["*"]],
  ["*, PUT", ["*", "PUT"]],
  ["* ", ["*"]],
  ["**", ["**"]],
  ['"*"', "failure"],
  ["GET\u000bPUT", "failure"],
  ["PUT\u00e9", "failure"],
  ["X-Custom:", "failure"],
  ["X-Custom, X Other", "failure"],
  ["X-Custom, caf\u00e9", "failure"],
  ["X-Custom\u000b", "failure"],
  ["X-*", ["X-*"]],
  ["X_Custom", ["X_Custom"]],
  ["x-a\u00a0", "failure"],
  [" , ,\t,", []],
  [
    ["GET", "PUT"],
    ["GET", "PUT"],
  ],
  [["X-Custom", "X Other"], "failure"],
  [["", "X-A,"], ["X-A"]],
];

describe("extractHeaderListValues: #token", () => {
  test.each(tokenLists)("%j is %j", (value, want) => {
    const list = [value].flat().map((line): Header => ["Access-Control-Allow-Headers", line]);
    expect(extractHeaderListValues("access-control-allow-headers", [["X", "@"], ...list])).toEqual(want);
  });

  test("an absent header is null, not failure and not empty", () => {
    expect(extractHeaderListValues("access-control-allow-methods", [["Allow", "PUT"]])).toBeNull();
    expect(extractHeaderListValues("access-control-allow-methods", [])).toBeNull();
  });

  test("gives tokens or failure, and never throws, for any bytes", () => {
    fc.assert(
      fc.property(fc.array(byteString), (lines) => {
        const values = extractHeaderListValues(
          "a",
          lines.map((line): Header => ["A", line]),
        );
        if (lines.length === 0) expect(values).toBeNull();
        else if (values !== "failure") {
          for (const value of values ?? []) expect(value).toMatch(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
        }
      }),
    );
  });

  test("gives back a list of tokens however it is written", () => {
    const token = fc.string({ unit: fc.constantFrom("a", "Z", "-", "*", "0"), minLength: 1 });
    const separator = fc.constantFrom(",", ", ", "\t,", " , ,, ");
    fc.assert(
      fc.property(fc.array(token, { minLength: 1 }), separator, (tokens, between) => {
        expect(extractHeaderListValues("a", [["a", tokens.join(between)]])).toEqual(tokens);
      }),
    );
  });
});

describe("extractHeaderListValues: other grammars", () => {
  test.each([
    ["no-referrer, origin", ["no-referrer", "origin"]],
    ["future-policy", ["future-policy"]],
    ["policy2", "failure"],
    ["no_referrer", "failure"],
    ["a b", "failure"],
    ["", []],
  ])("#policy-token: %j is %j", (value, want) => {
    expect(extractHeaderListValues("referrer-policy", [["Referrer-Policy", value]], "#policy-token")).toEqual(want);
  });

  test("delta-seconds allows one header only", () => {
    const line: Header = ["Access-Control-Max-Age", "600"];
    expect(extractHeaderListValues(line[0], [line], "delta-seconds")).toEqual(["600"]);
    expect(extractHeaderListValues(line[0], [line, line], "delta-seconds")).toBe("failure");
    expect(extractHeaderListValues(line[0], [[line[0], "6e2"]], "delta-seconds")).toBe("failure");
  });
});

describe("extractMaxAge", () => {
  const standard = { negativeMaxAgeIsZero: false, signedMaxAge: false };
  const lenient = { negativeMaxAgeIsZero: true, signedMaxAge: true };
  test.each<[value: string | string[], standard: number | null | "failure", lenient: number | null | "failure"]>([
    ["600", 600, 600],
    ["0", 0, 0],
    ["0600", 600, 600],
    [" 600 ", 600, 600],
    ["\t600", 600, 600],
    ["", null, null],
    [[], null, null],
    ["-1", "failure", 0],
    ["-600", "failure", 0],
    ["+600", "failure", 600],
    ["++600", "failure", "failure"],
    ["-", "failure", "failure"],
    ["+", "failure", "failure"],
    ["- 1", "failure", "failure"],
    ["0x10", "failure", "failure"],
    ["600s", "failure", "failure"],
    ["600;", "failure", "failure"],
    ["600;x", "failure", "failure"],
    ["600 600", "failure", "failure"],
    ["0, 600", "failure", "failure"],
    ['"600"', "failure", "failure"],
    ["abc", "failure", "failure"],
    ["1.5", "failure", "failure"],
    ["1e3", "failure", "failure"],
    ["\u0661", "failure", "failure"],
    ["600\u000b", "failure", "failure"],
    [["0", "600"], "failure", "failure"],
    [["600", "600"], "failure", "failure"],
    ["2147483648", 2_147_483_648, 2_147_483_648],
    ["99999999999999999999", 2_147_483_648, 2_147_483_648],
    ["9".repeat(400), 2_147_483_648, 2_147_483_648],
    [`+${"9".repeat(400)}`, "failure", 2_147_483_648],
  ])("%j is %j, with the browsers' signs %j", (value, wantStandard, wantLenient) => {
    const list = [value].flat().map((line): Header => ["access-control-max-age", line]);
    expect(extractMaxAge(list)).toBe(wantStandard);
    expect(extractMaxAge(list, standard)).toBe(wantStandard);
    expect(extractMaxAge(list, lenient)).toBe(wantLenient);
  });

  test("is seconds, null or failure, and never throws, for any bytes", () => {
    fc.assert(
      fc.property(byteString, fc.constantFrom(standard, lenient), (value, rules) => {
        const maxAge = extractMaxAge([["Access-Control-Max-Age", value]], rules);
        if (typeof maxAge === "number") expect(Number.isInteger(maxAge) && maxAge >= 0).toBe(true);
      }),
    );
  });
});
