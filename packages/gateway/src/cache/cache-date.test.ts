import { expect, test } from "vitest";
import { parseCacheDate } from "./cache-date.ts";

const now = Date.UTC(2026, 10, 22);
const date = Date.UTC(2050, 7, 18, 2, 1, 18);

test.each([
  ["Thu, 18 Aug 2050 02:01:18 GMT", date],
  ["THU, 18 AUG 2050 02:01:18 gmt", date],
  ["Thursday, 18-Aug-50 02:01:18 GMT", date],
  ["Thu Aug 18 02:01:18 2050", date],
  ["Mon Aug  8 02:01:18 2050", Date.UTC(2050, 7, 8, 2, 1, 18)],
  ["Sunday, 06-Nov-94 08:49:37 GMT", Date.UTC(1994, 10, 6, 8, 49, 37)],
  ["Thu, 18 Aug 2050 02:01:18 UTC", null],
  ["Thu, 18 Aug 50 02:01:18 GMT", null],
  ["Thu 18 Aug 2050 02:01:18 GMT", null],
  ["Thu, 18  Aug  2050 02:01:18 GMT", null],
  ["Thu, 18-Aug-2050 02:01:18 GMT", null],
  ["Thu, 18 Aug 2050 2:01:18 GMT", null],
  ["Thu, 18 Aug 2050 25:01:18 GMT", null],
  ["Thu, 18 Aug 2050 02:01:18 GMT, Thu, 18 Aug 2050 02:01:19 GMT", null],
  ["0", null],
  ["", null],
])("%s", (value, want) => {
  expect(parseCacheDate(value, now)).toBe(want);
});
