import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Header } from "./header-list.ts";
import {
  extractMimeType,
  isJavaScriptMimeType,
  mimeTypeEssence,
  parseMimeType,
  serializeMimeType,
} from "./mime-type.ts";

function reserialize(value: string): string | null {
  const mimeType = parseMimeType(value);
  return mimeType === null ? null : serializeMimeType(mimeType);
}

describe("parseMimeType, serialized again", () => {
  test.each([
    ["text/html", "text/html"],
    ["Text/HTML;Charset=UTF-8", "text/html;charset=UTF-8"],
    [" \t\r\ntext/plain\n", "text/plain"],
    ["text/plain;", "text/plain"],
    ["text/plain ; x=y", "text/plain;x=y"],
    ["text/plain;x = y", "text/plain"],
    ["text/plain;x= y", 'text/plain;x=" y"'],
    ["text/plain;x=y \t", "text/plain;x=y"],
    ["text/plain;=y", "text/plain"],
    ["text/plain;x=", "text/plain"],
    ["text/plain;x=;x=z", "text/plain;x=z"],
    ["text/plain;x= \t;x=z", "text/plain;x=z"],
    ["text/plain;x", "text/plain"],
    ["text/plain;application/json", "text/plain"],
    ["text/plain;;;;x=y", "text/plain;x=y"],
    ["text/plain;x=y;x=z", "text/plain;x=y"],
    ['text/plain;x="";x=z', 'text/plain;x=""'],
    ['text/plain;x="a;b"c;y=d', 'text/plain;x="a;b";y=d'],
    ['text/plain;x="a\\"b\\\\"', 'text/plain;x="a\\"b\\\\"'],
    ['text/plain;x="a', "text/plain;x=a"],
    ['text/plain;x="a\\', 'text/plain;x="a\\\\"'],
    ["text/plain;x=\u00e9", 'text/plain;x="\u00e9"'],
    ["text/plain;x=\u0001", "text/plain"],
    ["text/plain;x=\u0100", "text/plain"],
    ["text/plain;(x)=y", "text/plain"],
    ["text/plain; a=b, application/json", 'text/plain;a="b, application/json"'],
    ["text/plain, application/json", null],
    ["*/*", "*/*"],
    ["", null],
    ["/", null],
    ["text/", null],
    ["/plain", null],
    ["text", null],
    ["text plain", null],
    ["text /plain", null],
    ["text/ plain", null],
    ["text/pl ain", null],
    ["text/plain/x", null],
    [";", null],
    ["text;x=/plain", null],
    ["t\u00e9xt/plain", null],
  ])("%j is %j", (value, want) => expect(reserialize(value)).toBe(want));

  test("serializing and parsing again changes nothing, for any bytes", () => {
    const char = fc.oneof(
      fc.constantFrom("a", "B", "/", ";", "=", '"', "\\", " ", "\t"),
      fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
    );
    fc.assert(
      fc.property(fc.string({ unit: char }), (rest) => {
        const mimeType = parseMimeType(`a/b;${rest}`);
        expect(mimeType).not.toBeNull();
        if (mimeType !== null) expect(parseMimeType(serializeMimeType(mimeType))).toEqual(mimeType);
        expect(() => parseMimeType(rest)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

describe("extractMimeType", () => {
  test.each<[title: string, lines: string[], want: string | null]>([
    ["the last one counts", ["text/plain;charset=gbk, text/html"], "text/html"],
    [
      "the charset of the same essence is kept",
      ["text/html;charset=gbk;a=b, text/html;x=y"],
      "text/html;x=y;charset=gbk",
    ],
    ["on several lines as well", ["text/html;charset=gbk;a=b", "text/html;x=y"], "text/html;x=y;charset=gbk"],
    ["another essence forgets it", ["text/html;charset=gbk", "x/x", "text/html;x=y"], "text/html;x=y"],
    ["the first charset counts until the essence changes", ["a/a;charset=x", "a/a;charset=y", "a/a"], "a/a;charset=x"],
    ["what does not parse is skipped", ["text/html", "cannot-parse"], "text/html"],
    ["*/* is skipped", ["text/html", "*/*"], "text/html"],
    ["an empty one is skipped", ["text/html", ""], "text/html"],
    ["none", [], null],
    ["none that parses", ["x", ""], null],
    ["a comma in quotes does not end it", ['text/html;x=",text/css"'], 'text/html;x=",text/css"'],
  ])("%s", (_, lines, want) => {
    const mimeType = extractMimeType(lines.map((line): Header => ["Content-Type", line]));
    expect(mimeType === null ? null : serializeMimeType(mimeType)).toBe(want);
  });

  test("leaves the parsed parameters of others alone", () => {
    extractMimeType([["Content-Type", "a/a;charset=x, a/a"]]);
    expect(parseMimeType("b/b")?.parameters.size).toBe(0);
  });
});

test.each([
  ["text/javascript", true],
  ["Application/X-JavaScript;charset=utf-8", true],
  ["text/javascript1.5", true],
  ["text/javascript1.6", false],
  ["application/json", false],
])("JavaScript MIME type: %s %s", (value, want) => {
  const mimeType = parseMimeType(value);
  expect(mimeType !== null && isJavaScriptMimeType(mimeType)).toBe(want);
});

test("the essence has no parameters", () => {
  expect(mimeTypeEssence({ type: "a", subtype: "b", parameters: new Map([["c", "d"]]) })).toBe("a/b");
});
