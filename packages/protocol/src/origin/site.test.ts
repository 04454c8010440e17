import { describe, expect, test } from "vitest";
import { registrableDomain } from "../../test/page.ts";
import { createOpaqueOrigin, type Origin, originOf } from "./origin.ts";
import { isSameSite, isSchemelesslySameSite, obtainSite, serializeSite } from "./site.ts";

const opaque = createOpaqueOrigin();
const of = (url: string): Origin => (url === "opaque" ? opaque : originOf(new URL(url)));

test.each([
  ["the same origin", "https://a.example", "https://a.example", true, true],
  ["ports do not matter", "http://a.example:1", "http://a.example:2", true, true],
  ["subdomains do not matter", "https://x.a.example", "https://y.z.a.example", true, true],
  ["a domain and its subdomain", "https://a.example", "https://x.a.example", true, true],
  ["another registrable domain", "https://a.example", "https://b.example", false, false],
  ["another domain under a longer suffix", "https://a.co.example", "https://b.co.example", false, false],
  ["a public suffix is a site of its own", "https://co.example", "https://co.example:8443", true, true],
  ["a public suffix and a domain under it", "https://co.example", "https://a.co.example", false, false],
  ["schemes matter unless told otherwise", "http://a.example", "https://a.example", true, false],
  ["one IP address, other ports", "http://127.0.0.1:3000", "http://127.0.0.1:4000", true, true],
  ["two IP addresses", "http://127.0.0.1", "http://127.0.0.2", false, false],
  ["IPv6 addresses", "http://[::1]:1", "http://[::1]:2", true, true],
  ["localhost and its address", "http://localhost", "http://127.0.0.1", false, false],
  ["localhost and a domain under it", "http://localhost", "http://shop.localhost", false, false],
  ["a domain under localhost and its subdomain", "http://shop.localhost", "http://api.shop.localhost:1", true, true],
  ["two domains under localhost", "http://shop.localhost", "http://evil.localhost", false, false],
  ["an opaque origin with itself", "opaque", "opaque", true, true],
  ["two opaque origins", "opaque", "data:,x", false, false],
  ["an opaque origin with a tuple origin", "opaque", "https://a.example", false, false],
])("%s", (_, a, b, schemeless, schemeful) => {
  expect(isSchemelesslySameSite(of(a), of(b), registrableDomain)).toBe(schemeless);
  expect(isSchemelesslySameSite(of(b), of(a), registrableDomain)).toBe(schemeless);
  expect(isSameSite(of(a), of(b), registrableDomain)).toBe(schemeful);
  expect(isSameSite(of(b), of(a), registrableDomain)).toBe(schemeful);
});

describe("obtainSite", () => {
  test.each([
    ["https://x.a.example:8443/path", "https://a.example"],
    ["https://co.example", "https://co.example"],
    ["http://127.0.0.1:3000", "http://127.0.0.1"],
    ["http://api.shop.localhost:4000", "http://shop.localhost"],
    ["opaque", "null"],
  ])("%s belongs to %s", (url, want) => expect(serializeSite(obtainSite(of(url), registrableDomain))).toBe(want));

  test("an opaque origin is its own site", () => expect(obtainSite(opaque, registrableDomain)).toBe(opaque));
});
