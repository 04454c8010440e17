import { expect, test } from "vitest";
import type { HeaderFields } from "../exchange/header-fields.ts";
import { cacheDirectivesOf } from "./cache-directives.ts";
import { responseFacts } from "./response-facts.ts";
import { storageRefusal } from "./storability.ts";
import { storedHeaders } from "./stored-headers.ts";

interface Row {
  readonly title: string;
  readonly method?: string;
  readonly asked?: HeaderFields;
  readonly status?: number;
  readonly headers: HeaderFields;
  readonly forwardOrigin?: boolean;
  readonly ownsCors?: boolean;
  readonly want: string | null;
}

const fresh = { "cache-control": "max-age=60" };
const rows: Row[] = [
  { title: "fresh", headers: fresh, want: null },
  { title: "QUERY", method: "QUERY", headers: fresh, want: null },
  { title: "HEAD has no content", method: "HEAD", headers: fresh, want: "method" },
  { title: "POST", method: "POST", headers: fresh, want: "method" },
  { title: "unknown method", method: "M-SEARCH", headers: fresh, want: "method" },
  { title: "part", status: 206, headers: fresh, want: "status" },
  { title: "unknown status", status: 299, headers: fresh, want: null },
  { title: "error", status: 503, headers: fresh, want: null },
  { title: "no-store", headers: { "cache-control": "max-age=60, no-store" }, want: "response-no-store" },
  {
    title: "no-store of the request",
    asked: { "cache-control": "no-store" },
    headers: fresh,
    want: "request-no-store",
  },
  {
    title: "must-understand, understood",
    headers: { "cache-control": "max-age=60, no-store, must-understand" },
    want: null,
  },
  {
    title: "must-understand, not understood",
    status: 299,
    headers: { "cache-control": "max-age=60, no-store, must-understand" },
    want: "status",
  },
  { title: "private", headers: { "cache-control": "max-age=60, private" }, want: "private" },
  { title: "private fields", headers: { "cache-control": 'max-age=60, private="a"' }, want: null },
  { title: "Authorization", asked: { authorization: "x" }, headers: fresh, want: "authorization" },
  {
    title: "Authorization, public",
    asked: { authorization: "x" },
    headers: { "cache-control": "max-age=60, public" },
    want: null,
  },
  {
    title: "Authorization, must-revalidate",
    asked: { authorization: "x" },
    headers: { "cache-control": "max-age=60, must-revalidate" },
    want: null,
  },
  {
    title: "Authorization, s-maxage",
    asked: { authorization: "x" },
    headers: { "cache-control": "s-maxage=60" },
    want: null,
  },
  { title: "Cookie", asked: { cookie: "a=b" }, headers: fresh, want: "cookie" },
  {
    title: "Cookie, must-revalidate",
    asked: { cookie: "a=b" },
    headers: { "cache-control": "max-age=60, must-revalidate" },
    want: "cookie",
  },
  { title: "Cookie, public", asked: { cookie: "a=b" }, headers: { "cache-control": "max-age=60, public" }, want: null },
  {
    title: "Set-Cookie, even public",
    headers: { "cache-control": "max-age=60, public", "set-cookie": ["a=b"] },
    want: "set-cookie",
  },
  { title: "Vary: *", headers: { ...fresh, vary: "accept, *" }, want: "vary-star" },
  {
    title: "an origin that Vary does not name",
    headers: { ...fresh, "access-control-allow-origin": "https://a.example" },
    ownsCors: false,
    forwardOrigin: true,
    want: "allow-origin-without-vary",
  },
  {
    title: "an origin that Vary names",
    headers: { ...fresh, vary: "Origin", "access-control-allow-origin": "https://a.example" },
    ownsCors: false,
    forwardOrigin: true,
    want: null,
  },
  {
    title: "an origin that is replaced anyway",
    headers: { ...fresh, "access-control-allow-origin": "https://a.example" },
    want: null,
  },
  { title: "nothing said", headers: {}, want: "no-freshness" },
  { title: "nothing said, to be validated", headers: { etag: '"a"' }, want: null },
  { title: "nothing said about an error", status: 503, headers: { etag: '"a"' }, want: "no-freshness" },
  { title: "already stale", headers: { "cache-control": "max-age=60", age: "60" }, want: "already-stale" },
  { title: "already stale, to be validated", headers: { "cache-control": "max-age=0", etag: '"a"' }, want: null },
  {
    title: "no-cache, nothing to validate by",
    headers: { "cache-control": "max-age=60, no-cache" },
    want: "already-stale",
  },
  {
    title: "CDN-Cache-Control overrides no-store",
    headers: { "cache-control": "no-store", "cdn-cache-control": "max-age=60" },
    want: null,
  },
  { title: "CDN-Cache-Control: private", headers: { ...fresh, "cdn-cache-control": "private" }, want: "private" },
];

test.each(rows)("$title: $want", (row) => {
  const { method = "GET", asked = {}, status = 200, headers, forwardOrigin = false, ownsCors = true, want } = row;
  const head = { status, headers, requestTime: 0, responseTime: 0 };
  const directives = "cache-control" in asked ? cacheDirectivesOf(asked) : null;
  const refusal = storageRefusal({ method, headers: asked, directives }, head, responseFacts(head), {
    forwardOrigin,
    ownsCors,
  });
  expect(refusal).toBe(want);
});

test("fields of a connection, a proxy, a user, an origin, and those named by a directive are not kept", () => {
  const headers: HeaderFields = {
    "cache-control": 'max-age=60, no-cache="a", private="b"',
    connection: "c",
    "keep-alive": "timeout=5",
    "proxy-authenticate": "Basic",
    "access-control-allow-origin": "*",
    "set-cookie": ["x=y"],
    a: "1",
    b: "2",
    c: "3",
    d: ["4", "5"],
  };
  const facts = responseFacts({ status: 200, headers, requestTime: 0, responseTime: 0 });
  expect(Object.keys(storedHeaders(headers, facts, true))).toEqual(["cache-control", "d"]);
  expect(Object.keys(storedHeaders(headers, facts, false))).toEqual([
    "cache-control",
    "access-control-allow-origin",
    "d",
  ]);
});
