import { expect, test } from "vitest";
import { parseIdempotencyKey } from "./parse-idempotency-key.ts";

test.each<[value: string, strict: string | null, unquoted: string | null]>([
  ['"a"', "a", "a"],
  ['  "a b"  ', "a b", "a b"],
  ['"a\\"b\\\\"', 'a"b\\', 'a"b\\'],
  ['"a";version=1; test', "a", "a"],
  ['"a";b="; \\", c";d=:YQ==:;e=?1 ', "a", "a"],
  ['"a" ;b', null, null],
  ['"a";b=', null, null],
  ['"a";b= c', null, null],
  ["a-b_c", null, "a-b_c"],
  ["8e03978e-40d5-43dd-bc93-6894a57f9324", null, "8e03978e-40d5-43dd-bc93-6894a57f9324"],
  ["", null, null],
  ['""', null, null],
  ['"a', null, null],
  ['"a", "b"', null, null],
  ["a, b", null, null],
  ['"\\a"', null, null],
  ['"é"', null, null],
  ['"a"b', null, null],
  [`"${"x".repeat(255)}"`, "x".repeat(255), "x".repeat(255)],
  [`"${"x".repeat(256)}"`, null, null],
  // A hostile value is judged in the time that it takes to read it; this test would not end otherwise.
  [`"a"${";b= ".repeat(40)},`, null, null],
  [`"a"${";b=c".repeat(40)},`, null, null],
])("%s", (value, strict, unquoted) => {
  expect(parseIdempotencyKey(value, false)).toBe(strict);
  expect(parseIdempotencyKey(value, true)).toBe(unquoted);
});
