import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { standard } from "../profile/standard.ts";
import type { Header } from "./header-list.ts";
import {
  corsUnsafeRequestHeaderNames,
  isCorsNonWildcardRequestHeaderName,
  isCorsSafelistedRequestHeader,
  isCorsUnsafeRequestHeaderByte,
  isForbiddenRequestHeader,
  isNoCorsSafelistedRequestHeader,
  isNoCorsSafelistedRequestHeaderName,
  isPrivilegedNoCorsRequestHeaderName,
  requestBodyHeaderNames,
} from "./request-header.ts";

const rules = standard.requestHeaders;

describe("isForbiddenRequestHeader", () => {
  const forbiddenNames =
    "Accept-Charset Accept-Encoding Access-Control-Request-Headers Access-Control-Request-Method Connection " +
    "Content-Length Cookie Cookie2 Date DNT Expect Host Keep-Alive Origin Referer Set-Cookie TE Trailer " +
    "Transfer-Encoding Upgrade Via Proxy-X proxy-authorization Sec-GPC sec-fetch-site SEC-";
  test.each(forbiddenNames.split(" "))("%s", (name) => expect(isForbiddenRequestHeader(name, "1")).toBe(true));

  const allowedNames =
    "Access-Control-Request-Private-Network Authorization Cookie3 Proxy Sec Set-Cookie2 User-Agent Accept Priority";
  test.each(allowedNames.split(" "))("not %s", (name) => expect(isForbiddenRequestHeader(name, "1")).toBe(false));

  test.each([
    ["X-HTTP-Method", "TRACE", true],
    ["X-HTTP-Method", "GET, TRACK", true],
    ["X-HTTP-Method-Override", "trace", true],
    ["X-HTTP-Method-Override", "PUT", false],
    ["X-HTTP-Method-Override", "GET, TRACK", true],
    ["X-HTTP-Method-Override", '"TRACE"', false],
    ["X-HTTP-Method-Override", '"a,TRACE"', false],
    ["x-method-override", "CONNECT", true],
    ["X-Method-Override", " ,\tTrace\t,", true],
    ["X-Method-Override", "", false],
    ["X-Method", "TRACE", false],
  ])("%s: %s is %s", (name, value, want) => expect(isForbiddenRequestHeader(name, value)).toBe(want));
});

test("the CORS-unsafe request-header bytes are the controls, DEL and the delimiters except , / ; =", () => {
  const unsafe = Array.from({ length: 256 }, (_, byte) => byte).filter(isCorsUnsafeRequestHeaderByte);
  const controls = Array.from({ length: 0x20 }, (_, byte) => byte).filter((byte) => byte !== 0x09);
  expect(unsafe).toEqual([...controls, ...Array.from('"():<>?@[\\]{}\u007f', (char) => char.charCodeAt(0))]);
});

describe("isCorsSafelistedRequestHeader", () => {
  test("names are compared without case", () => {
    expect(isCorsSafelistedRequestHeader("ACCEPT", "*/*")).toBe(true);
    expect(isCorsSafelistedRequestHeader("content-TYPE", "TEXT/plain")).toBe(true);
  });

  test.each([
    ["highBytesAreUnsafe", "Accept", "caf\u00e9", true, false],
    ["highBytesAreUnsafe", "Content-Type", "text/plain;a=\u00a0", true, false],
    ["highBytesAreUnsafe", "Accept", "*/*", true, true],
    ["commaInContentTypeIsUnsafe", "Content-Type", "text/plain;a=b,c", true, false],
    ["commaInContentTypeIsUnsafe", "Accept", "a,b", true, true],
    ["lenientRange", "Range", "Bytes=0-", false, true],
    ["lenientRange", "Range", "bytes=+0-", false, true],
    ["lenientRange", "Range", "bytes=-5", false, false],
    ["limitsRangeTo64Bits", "Range", "bytes=9223372036854775808-", true, false],
    ["limitsRangeTo64Bits", "Range", "bytes=0-9223372036854775808", true, false],
    ["limitsRangeTo64Bits", "Range", "bytes=0-9223372036854775807", true, true],
  ])("%s: %s: %s", (rule, name, value, byStandard, byRule) => {
    expect(isCorsSafelistedRequestHeader(name, value)).toBe(byStandard);
    expect(isCorsSafelistedRequestHeader(name, value, { ...rules, [rule]: true })).toBe(byRule);
  });

  test("additional names are safelisted up to 128 bytes", () => {
    const withDpr = { ...rules, additionalSafelistedNames: ["dpr"] };
    expect(isCorsSafelistedRequestHeader("DPR", "(2)")).toBe(false);
    expect(isCorsSafelistedRequestHeader("DPR", "(2)", withDpr)).toBe(true);
    expect(isCorsSafelistedRequestHeader("DPR", "2".repeat(129), withDpr)).toBe(false);
  });
});

describe("corsUnsafeRequestHeaderNames", () => {
  const times = (count: number, length: number) =>
    Array.from({ length: count }, (): Header => ["Accept", "a".repeat(length)]);

  test("1024 bytes of safelisted values are safe, one more makes all of them unsafe", () => {
    expect(corsUnsafeRequestHeaderNames(times(8, 128))).toEqual([]);
    expect(corsUnsafeRequestHeaderNames([...times(8, 128), ["Accept-Language", "e"]])).toEqual([
      "accept",
      "accept-language",
    ]);
  });

  test("the size of unsafe headers does not count", () => {
    expect(corsUnsafeRequestHeaderNames([["X-A", "a".repeat(2000)], ...times(8, 128)])).toEqual(["x-a"]);
  });

  test("a safelisted and an unsafe header of one name give the name once", () => {
    const headers: Header[] = [
      ["Content-Type", "text/plain"],
      ["content-type", "application/json"],
    ];
    expect(corsUnsafeRequestHeaderNames(headers)).toEqual(["content-type"]);
  });

  test("limitsTotalLength off, judgesCombinedValues and repeatsUnsafeNames on", () => {
    expect(corsUnsafeRequestHeaderNames(times(9, 128), { ...rules, limitsTotalLength: false })).toEqual([]);
    expect(corsUnsafeRequestHeaderNames(times(2, 64), { ...rules, judgesCombinedValues: true })).toEqual(["accept"]);
    const repeated: Header[] = [
      ["X-B", "1"],
      ["X-A", "1"],
      ["x-b", "2"],
    ];
    expect(corsUnsafeRequestHeaderNames(repeated, { ...rules, repeatsUnsafeNames: true })).toEqual([
      "x-a",
      "x-b",
      "x-b",
    ]);
  });

  test("are sorted, unique and lower case, and depend on the order of nothing", () => {
    const name = fc.constantFrom("Accept", "accept", "X-A", "x-a", "X_A", "x'a", "Range", "Content-Type", "Z");
    const value = fc.oneof(fc.constantFrom("a", "text/plain", "bytes=0-"), fc.string({ unit: "binary-ascii" }));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (headers) => {
        const names = corsUnsafeRequestHeaderNames(headers);
        expect(names).toEqual([...new Set(names.map((unsafe) => unsafe.toLowerCase()))].sort());
        expect(corsUnsafeRequestHeaderNames(headers.toReversed())).toEqual(names);
        for (const [header, content] of headers) {
          if (!isCorsSafelistedRequestHeader(header, content)) expect(names).toContain(header.toLowerCase());
        }
      }),
    );
  });
});

test("Authorization alone is a CORS non-wildcard request-header name", () => {
  expect(isCorsNonWildcardRequestHeaderName("AUTHORIZATION")).toBe(true);
  expect(isCorsNonWildcardRequestHeaderName("Proxy-Authorization")).toBe(false);
  expect(isCorsNonWildcardRequestHeaderName("*")).toBe(false);
});

describe("mode no-cors", () => {
  test.each([
    ["Accept", "*/*", true, true],
    ["accept-LANGUAGE", "en", true, true],
    ["Content-Language", "a_b", true, false],
    ["Content-Type", "text/plain", true, true],
    ["Content-Type", "application/json", true, false],
    ["Range", "bytes=0-", false, false],
    ["X-A", "1", false, false],
  ])("%s: %s", (name, value, byName, byValue) => {
    expect(isNoCorsSafelistedRequestHeaderName(name)).toBe(byName);
    expect(isNoCorsSafelistedRequestHeader(name, value)).toBe(byValue);
  });

  test("Range alone is privileged", () => {
    expect(isPrivilegedNoCorsRequestHeaderName("RANGE")).toBe(true);
    expect(isPrivilegedNoCorsRequestHeaderName("Accept")).toBe(false);
  });

  test("a browser's additional safelisted names are not for it", () => {
    expect(isNoCorsSafelistedRequestHeader("DPR", "1", { ...rules, additionalSafelistedNames: ["dpr"] })).toBe(false);
  });
});

test("a redirect without body drops four headers", () => {
  expect(requestBodyHeaderNames).toEqual(["content-encoding", "content-language", "content-location", "content-type"]);
});
