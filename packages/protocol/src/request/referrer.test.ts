import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Header } from "../header/header-list.ts";
import {
  defaultReferrerPolicy,
  determineReferrer,
  isReferrerPolicy,
  parseReferrerPolicy,
  type ReferrerPolicy,
  stripUrlForReferrer,
} from "./referrer.ts";

describe("parseReferrerPolicy", () => {
  test.each<[title: string, lines: string[], want: ReferrerPolicy | ""]>([
    ["one policy", ["no-referrer"], "no-referrer"],
    ["the last known one counts", ["no-referrer, unsafe-url"], "unsafe-url"],
    ["an unknown one does not", ["no-referrer, future-policy"], "no-referrer"],
    ["several lines", ["origin", "same-origin"], "same-origin"],
    ["case does not matter", ["Strict-Origin"], "strict-origin"],
    ["what is no policy token spoils the header", ["no-referrer, policy=2"], ""],
    ["an empty header", [""], ""],
    ["no header", [], ""],
    ["legacy names are no policies", ["never"], ""],
  ])("%s", (_, lines, want) => {
    expect(parseReferrerPolicy(lines.map((line): Header => ["Referrer-Policy", line]))).toBe(want);
  });
});

test("the empty string is no referrer policy, the default is one", () => {
  expect(isReferrerPolicy("")).toBe(false);
  expect(isReferrerPolicy("ORIGIN")).toBe(false);
  expect(isReferrerPolicy(defaultReferrerPolicy)).toBe(true);
});

describe("stripUrlForReferrer", () => {
  test.each([
    ["https://u:p@a.example:8443/b?c=d#e", "https://a.example:8443/b?c=d", "https://a.example:8443/"],
    ["https://a.example/?#", "https://a.example/?", "https://a.example/"],
    ["http://[::1]:3000/x", "http://[::1]:3000/x", "http://[::1]:3000/"],
    ["data:,x", undefined, undefined],
    ["about:srcdoc", undefined, undefined],
    ["blob:https://a.example/x", undefined, undefined],
  ])("%s", (url, stripped, origin) => {
    const given = new URL(url);
    expect(stripUrlForReferrer(given)?.href).toBe(stripped);
    expect(stripUrlForReferrer(given, true)?.href).toBe(origin);
    expect(given.href).toBe(url);
  });
});

describe("determineReferrer", () => {
  const page = "https://u:p@a.example/page?q#f";
  const full = "https://a.example/page?q";
  const origin = "https://a.example/";
  const toSameOrigin = "https://a.example/x";
  const toOther = "https://b.example/x";
  const toInsecure = "http://b.example/x";
  const toLoopback = "http://localhost:3000/x";

  test.each<[policy: ReferrerPolicy, same: string | null, other: string | null, insecure: string | null]>([
    ["no-referrer", null, null, null],
    ["origin", origin, origin, origin],
    ["unsafe-url", full, full, full],
    ["strict-origin", origin, origin, null],
    ["strict-origin-when-cross-origin", full, origin, null],
    ["same-origin", full, null, null],
    ["origin-when-cross-origin", full, origin, origin],
    ["no-referrer-when-downgrade", full, full, null],
  ])("%s: same origin %s, other origin %s, downgrade %s", (policy, same, other, insecure) => {
    const referrer = (target: string) =>
      determineReferrer({ referrerSource: new URL(page), policy, target: new URL(target) })?.href ?? null;
    expect([referrer(toSameOrigin), referrer(toOther), referrer(toInsecure)]).toEqual([same, other, insecure]);
    // An http loopback address is potentially trustworthy: https to it is no downgrade.
    expect(referrer(toLoopback)).toBe(other);
  });

  test.each<[policy: ReferrerPolicy, want: string | null]>([
    ["strict-origin", "http://c.example/"],
    ["strict-origin-when-cross-origin", "http://c.example/"],
    ["no-referrer-when-downgrade", "http://c.example/page"],
  ])("%s: http to http is no downgrade", (policy, want) => {
    const referrerSource = new URL("http://c.example/page");
    expect(determineReferrer({ referrerSource, policy, target: new URL(toInsecure) })?.href ?? null).toBe(want);
  });

  test("a loopback page that turns to http elsewhere is a downgrade", () => {
    const input = { referrerSource: new URL(toLoopback), target: new URL(toInsecure) };
    expect(determineReferrer({ ...input, policy: "strict-origin" })).toBeNull();
  });

  test("a URL of more than 4096 bytes is cut to its origin, user info and fragment not counted", () => {
    const path = "x".repeat(4096 - origin.length);
    const referrer = (url: string) =>
      determineReferrer({ referrerSource: new URL(url), policy: "unsafe-url", target: new URL(toOther) })?.href;
    expect(referrer(`https://user:secret@a.example/${path}#fragment`)).toBe(origin + path);
    expect(referrer(`${origin}${path}x`)).toBe(origin);
  });

  test("local schemes have no referrer under any policy", () => {
    const input = { referrerSource: new URL("data:,x"), target: new URL(toOther) };
    expect(determineReferrer({ ...input, policy: "unsafe-url" })).toBeNull();
    expect(determineReferrer({ ...input, policy: "origin" })).toBeNull();
  });

  test("never tells user info or a fragment", () => {
    const policy = fc.constantFrom<ReferrerPolicy>("unsafe-url", "same-origin", "strict-origin-when-cross-origin");
    const source = fc.webUrl({ withFragments: true, withQueryParameters: true });
    fc.assert(
      fc.property(source, source, policy, (from, to, chosen) => {
        const referrerSource = new URL(from);
        referrerSource.username = "user";
        const referrer = determineReferrer({ referrerSource, policy: chosen, target: new URL(to) });
        return referrer === null || (referrer.username === "" && referrer.hash === "");
      }),
    );
  });
});
