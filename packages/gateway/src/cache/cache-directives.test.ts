import { expect, test } from "vitest";
import { deltaSeconds, namedFields, parseCacheDirectives } from "./cache-directives.ts";
import { targetedCacheDirectives } from "./targeted-cache-control.ts";

test.each([
  ["max-age=60", { "max-age": "60" }],
  ["No-StOrE, MAX-AGE=60", { "no-store": null, "max-age": "60" }],
  ["foobar, max-age=60", { foobar: null, "max-age": "60" }],
  ['max-age="60"', { "max-age": "60" }],
  ['extension="max-age=3600", max-age=1', { extension: "max-age=3600", "max-age": "1" }],
  ['max-age=1, extension="a, max-age=3600"', { "max-age": "1", extension: "a, max-age=3600" }],
  [String.raw`a="x\"y", b`, { a: 'x"y', b: null }],
  ["max-age=1, max-age=2", { "max-age": "1" }],
  [" , ,max-age=1,", { "max-age": "1" }],
  ["", {}],
])("%s", (value, want) => {
  expect(Object.fromEntries(parseCacheDirectives(value))).toEqual(want);
});

test.each([
  ["max-age=003600", 3600],
  ["max-age=99999999999", 2_147_483_648],
  ["max-age=-1", "invalid"],
  ["max-age=1.5", "invalid"],
  ["max-age=60a", "invalid"],
  ["max-age='60'", "invalid"],
  ["max-age =60", "invalid"],
  ["max-age= 60", "invalid"],
  ["max-age", "invalid"],
  ["public", null],
])("%s is %s seconds", (value, want) => {
  expect(deltaSeconds(parseCacheDirectives(value), "max-age")).toBe(want);
});

test.each([
  ["no-cache", null],
  ['no-cache="Set-Cookie, a"', ["set-cookie", "a"]],
  ['no-cache="a b"', null],
  ["public", []],
])("%s names %j", (value, want) => {
  expect(namedFields(parseCacheDirectives(value), "no-cache")).toEqual(want);
});

test.each([
  ["max-age=60, foo=bar;x=1", { "max-age": "60", foo: "bar" }],
  ["no-store, private=?0", { "no-store": null }],
  ["max-age=60, &&&", null],
  ['max-age="60"', null],
  ["max-age=60.5", null],
  ["max-age=-1", null],
  ["MaX-aGe=60", null],
  ["", null],
])("CDN-Cache-Control: %s", (value, want) => {
  const directives = targetedCacheDirectives({ "cdn-cache-control": value });
  expect(directives === null ? null : Object.fromEntries(directives)).toEqual(want);
});
