import { expect, test } from "vitest";
import type { HeaderFields } from "../exchange/header-fields.ts";
import { initialAge } from "./age.ts";
import { responseFacts } from "./response-facts.ts";

const responseTime = Date.UTC(2026, 10, 22, 12);
const at = (seconds: number) => new Date(responseTime + seconds * 1000).toUTCString();

function received(headers: HeaderFields, status = 200, delay = 0) {
  return { status, headers, requestTime: responseTime - delay * 1000, responseTime };
}

test.each<[string, HeaderFields, number, number]>([
  ["none without Age and Date", {}, 0, 0],
  ["Age", { age: "30" }, 0, 30],
  ["Age and the time that the request took", { age: "30" }, 5, 35],
  ["the time that the request took alone", {}, 5, 5],
  ["Date in the past", { date: at(-100) }, 0, 100],
  ["the greater of both", { date: at(-100), age: "300" }, 0, 300],
  ["Date in the future is no age", { date: at(100) }, 0, 0],
  ["the first Age of several", { age: ["7200", "0"] }, 0, 7200],
  ["the first Age of a list", { age: "0, 7200" }, 0, 0],
  ["no Age that is no number", { age: "abc" }, 0, 0],
  ["no negative Age", { age: "-7200" }, 0, 0],
  ["no Age in fractions", { age: "7200.0" }, 0, 0],
])("initial age: %s", (_title, headers, delay, want) => {
  expect(initialAge(received(headers, 200, delay))).toBe(want);
});

test.each<[string, HeaderFields, number, number]>([
  ["max-age", { "cache-control": "max-age=60" }, 200, 60],
  ["s-maxage before max-age", { "cache-control": "max-age=60, s-maxage=5" }, 200, 5],
  ["max-age before Expires", { "cache-control": "max-age=60", expires: at(-5) }, 200, 60],
  [
    "CDN-Cache-Control before all",
    { "cache-control": "s-maxage=5", "cdn-cache-control": "max-age=60", expires: at(5) },
    200,
    60,
  ],
  ["nothing beside CDN-Cache-Control", { "cdn-cache-control": "public", expires: at(60) }, 200, 0],
  [
    "Cache-Control if CDN-Cache-Control is malformed",
    { "cache-control": "max-age=5", "cdn-cache-control": "max-age=&" },
    200,
    5,
  ],
  ["Expires after Date", { expires: at(70), date: at(10) }, 200, 60],
  ["Expires after the response without a valid Date", { expires: at(60), date: "foo" }, 200, 60],
  ["Expires before Date", { expires: at(300), date: at(400) }, 200, 0],
  ["none for a malformed Expires", { expires: "0", "last-modified": at(-1000) }, 200, 0],
  ["none for a malformed max-age", { "cache-control": "max-age=a", expires: at(60) }, 200, 0],
  ["a tenth of the time without a change", { "last-modified": at(-1000) }, 200, 100],
  ["that only for some statuses", { "last-modified": at(-1000) }, 201, 0],
  ["that for every status that is public", { "last-modified": at(-1000), "cache-control": "public" }, 599, 100],
  ["never a day of that", { "last-modified": at(-1e8) }, 200, 86_400],
])("freshness lifetime: %s", (_title, headers, status, want) => {
  const { freshUntil, bornAt } = responseFacts(received(headers, status));
  expect((freshUntil - bornAt) / 1000).toBe(want);
});

test.each([
  ["max-age=10, stale-while-revalidate=20", 30],
  ["max-age=10, stale-while-revalidate=20, must-revalidate", 0],
  ["max-age=10, stale-while-revalidate=20, proxy-revalidate", 0],
  ["s-maxage=10, stale-while-revalidate=20", 0],
  ["max-age=10, stale-while-revalidate=20, no-cache", 0],
  ["max-age=10, stale-while-revalidate=x", 0],
])("%s", (cacheControl, want) => {
  const { staleWhileRevalidateUntil } = responseFacts(received({ "cache-control": cacheControl }));
  expect(Math.max(0, staleWhileRevalidateUntil - responseTime) / 1000).toBe(want);
});
