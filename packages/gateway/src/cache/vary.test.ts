import fc from "fast-check";
import { expect, test } from "vitest";
import type { HeaderFields } from "../exchange/header-fields.ts";
import { isSelected, selectingFields, varyNames } from "./vary.ts";

test.each<[string | string[], boolean, readonly string[] | null]>([
  ["Foo, bar,, FOO", true, ["bar", "foo"]],
  [["Foo", "Bar"], true, ["bar", "foo"]],
  ["*", true, null],
  [", *", true, null],
  ["Foo, *", true, null],
  [["", "*"], true, null],
  ["Origin, Accept", true, ["accept", "origin"]],
  ["Origin, Accept", false, ["accept"]],
  ["", true, []],
])("Vary: %j, with Origin %s", (vary, withOrigin, want) => {
  expect(varyNames({ vary }, withOrigin)).toEqual(want);
});

test.each<[string, HeaderFields, HeaderFields, boolean]>([
  ["foo", { foo: "1" }, { foo: "1", bar: "2" }, true],
  ["foo", { foo: "1" }, { foo: "2" }, false],
  ["foo", { foo: "1" }, {}, false],
  ["foo", {}, { foo: "1" }, false],
  ["foo", {}, { foo: "" }, false],
  ["foo", {}, {}, true],
  ["foo, bar", { foo: "1", bar: "2" }, { bar: "2", foo: "1" }, true],
  ["foo", { foo: "1, 2" }, { foo: ["1", "2"] }, true],
  ["foo", { foo: "1,2" }, { foo: " 1 ,  2" }, true],
  ["foo", { foo: "1,2" }, { foo: "2,1" }, false],
  ["foo", { foo: '"1, 2"' }, { foo: '"1,2"' }, false],
  ["foo", { foo: "a" }, { foo: "A" }, false],
  ["accept-language", { "accept-language": "en, de" }, { "accept-language": "DE,en" }, true],
  ["accept-language", { "accept-language": "en, de;q=0.5" }, { "accept-language": "en;q=0.5, de" }, false],
  ["accept-encoding", { "accept-encoding": "gzip, br" }, { "accept-encoding": "br, gzip" }, true],
])("Vary: %s, stored for %j, asked with %j: %s", (vary, stored, asked, want) => {
  const fields = selectingFields(varyNames({ vary }, true) ?? [], stored);
  expect(isSelected(fields, asked)).toBe(want);
});

test("fields in which nothing can be normalized select by being the same", () => {
  const value = fc.constantFrom("", "1", "2", "a", "A", "a b");
  const headers = fc.dictionary(fc.constantFrom("x", "y", "z"), value);
  const vary = fc.subarray(["X", "y", "Z", "origin"]);
  fc.assert(
    fc.property(vary, headers, headers, (names, stored, asked) => {
      const fields = selectingFields(varyNames({ vary: names.join(", ") }, true) ?? [], stored);
      const naive = names.every((name) => stored[name.toLowerCase()] === asked[name.toLowerCase()]);
      expect(isSelected(fields, asked)).toBe(naive);
    }),
  );
});
