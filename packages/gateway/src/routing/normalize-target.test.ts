import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeTarget } from "./normalize-target.ts";

test.each([
  ["/books?path=../..", "/books?path=../.."],
  ["/public/../admin", "/admin"],
  ["/public/%2e%2E/admin?x", "/admin?x"],
  ["/public/.%2e/../../admin", "/admin"],
  ["/public\\..\\admin", "/admin"],
  ["/a/./b", "/a/b"],
  ["//evil.test/../x", "//x"],
  ["/.well-known/x", "/.well-known/x"],
  ["/a..b/..c/d../...", "/a..b/..c/d../..."],
  ["/public/..%2fadmin", null],
  ["/public/%2e%2E%2Fadmin", null],
  ["/public/..%5Cadmin", null],
  ["/public/a%2f../admin", null],
  ["/public/a%2f..", null],
  ["/public/..;/admin", null],
  ["/public/..;x=1/admin", null],
  ["/search?path=/..%2f", "/search?path=/..%2f"],
  ["*", "*"],
  ["books", null],
  ["", null],
  ["http://elsewhere.test/", null],
  ["/books#top", null],
])("%s becomes %s", (target, want) => {
  expect(normalizeTarget(target)).toBe(want);
});

test("a normalized target has no dot segment in any spelling and stays as it is", () => {
  const segment = fc.constantFrom("a", ".", "..", "%2e", "%2E%2e", ".%2e", "\\..", "", "b%2fc", "...");
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 8 }), (segments) => {
      const normalized = normalizeTarget(`/${segments.join("/")}`) as string;
      expect(normalized.split(/[/\\]/).some((part) => /^(?:\.|%2e){1,2}$/i.test(part))).toBe(false);
      expect(normalizeTarget(normalized)).toBe(normalized);
    }),
  );
});
