import { expect, test } from "vitest";
import { restoreCookieNames, rewriteSetCookie } from "./rewrite-set-cookie.ts";

const root = { upstream: new URL("https://api.example"), prefix: "" };
const routed = { upstream: new URL("https://api.example/v2"), prefix: "/api" };

type Row = [title: string, mapping: typeof root, line: string, http: string | null, https: string | null];
const rows: Row[] = [
  ["nothing to change", root, "a=b; Path=/; HttpOnly", "a=b; Path=/; HttpOnly", "a=b; Path=/; HttpOnly"],
  ["Domain is dropped", root, "a=b; Domain=.api.example; Max-Age=5", "a=b; Max-Age=5", "a=b; Max-Age=5"],
  ["Secure by scheme", root, "a=b;secure", "a=b", "a=b;secure"],
  [
    "SameSite=None and Partitioned by scheme",
    root,
    "a=b; SameSite=None; Secure; Partitioned",
    "a=b",
    "a=b; SameSite=None; Secure; Partitioned",
  ],
  ["SameSite=Lax stays", root, "a=b; SameSite=Lax", "a=b; SameSite=Lax", "a=b; SameSite=Lax"],
  ["Path follows the route", routed, "a=b; Path=/v2/books", "a=b; Path=/api/books", "a=b; Path=/api/books"],
  ["the upstream's path is the route", routed, "a=b; Path=/v2", "a=b; Path=/api", "a=b; Path=/api"],
  ["a path above the upstream's is the route", routed, "a=b; path=/", "a=b; Path=/api", "a=b; Path=/api"],
  ["a path that no request has", routed, "a=b; Path=/v20", null, null],
  ["a Path that is none is left to the browser", routed, "a=b; Path=x", "a=b; Path=x", "a=b; Path=x"],
  ["__Host-", routed, "__Host-a=b; Secure; Path=/", "~~Host-a=b; Path=/api", "__Host-a=b; Secure; Path=/"],
  ["__Secure- in any case", root, "__secure-a=b; Secure", "~~secure-a=b", "__secure-a=b; Secure"],
  [
    "__Host-Http-",
    root,
    "__Host-Http-a=b; Secure; Path=/",
    "~~Host-Http-a=b; Path=/",
    "__Host-Http-a=b; Secure; Path=/",
  ],
  [
    "values are kept as they are",
    root,
    'a="x=y, z"; Expires=Thu, 01 Jan 2026 00:00:00 GMT',
    'a="x=y, z"; Expires=Thu, 01 Jan 2026 00:00:00 GMT',
    'a="x=y, z"; Expires=Thu, 01 Jan 2026 00:00:00 GMT',
  ],
];

test.each(rows)("Set-Cookie: %s", (_title, mapping, line, http, https) => {
  expect([rewriteSetCookie(line, "http", mapping), rewriteSetCookie(line, "https", mapping)]).toEqual([http, https]);
});

test("names changed for HTTP are restored, and no others", () => {
  expect(restoreCookieNames("~~Host-a=1; b=~~Host-x; ~~secure-c=2; ~~d=3")).toBe(
    "__Host-a=1; b=~~Host-x; __secure-c=2; ~~d=3",
  );
});
