import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createOpaqueOrigin, isSameOrigin, type Origin, originOf, parseOrigin, serializeOrigin } from "./origin.ts";

const of = (url: string): Origin => originOf(new URL(url));

describe("originOf, serialized", () => {
  test.each([
    ["https://Example.COM/a?b#c", "https://example.com"],
    ["http://user:secret@a.example:8080/", "http://a.example:8080"],
    ["https://a.example:443/", "https://a.example"],
    ["http://a.example:443/", "http://a.example:443"],
    ["http://[0:0::1]:3000/", "http://[::1]:3000"],
    ["http://0x7f.1/", "http://127.0.0.1"],
    ["https://b\u00fccher.example/", "https://xn--bcher-kva.example"],
    ["https://a.example./", "https://a.example."],
    ["http://a_b.example/", "http://a_b.example"],
    ["ws://a.example:80/", "ws://a.example"],
    ["wss://a.example/", "wss://a.example"],
    ["ftp://a.example/", "ftp://a.example"],
    ["blob:https://a.example:8443/9115d58c-bcda-ff47-86e5-083e9a215304", "https://a.example:8443"],
    ["blob:null/9115d58c-bcda-ff47-86e5-083e9a215304", "null"],
    ["blob:file:///a", "null"],
    ["blob:blob:https://a.example/x", "null"],
    ["blob:ftp://a.example/x", "null"],
    ["file:///etc/hosts", "null"],
    ["data:text/plain,x", "null"],
    ["about:blank", "null"],
    ["javascript:1", "null"],
    ["chrome-extension://abcdef/x", "null"],
  ])("%s: %s", (url, want) => expect(serializeOrigin(of(url))).toBe(want));

  test("a URL without tuple origin has a new opaque one each time", () => {
    const url = new URL("data:,x");
    expect(isSameOrigin(originOf(url), originOf(url))).toBe(false);
  });
});

describe("isSameOrigin", () => {
  const opaque = createOpaqueOrigin();
  test.each<[title: string, a: Origin, b: Origin, want: boolean]>([
    ["path and user info do not matter", of("https://a.example/x"), of("https://u:p@a.example/y"), true],
    ["the default port may be given", of("https://a.example:443"), of("https://a.example"), true],
    ["another scheme", of("http://a.example"), of("https://a.example"), false],
    ["another host", of("https://a.example"), of("https://b.a.example"), false],
    ["another port", of("http://a.example:3000"), of("http://a.example:4000"), false],
    ["a trailing dot makes another host", of("http://a.example."), of("http://a.example"), false],
    ["localhost is not 127.0.0.1", of("http://localhost"), of("http://127.0.0.1"), false],
    ["an opaque origin is the same as itself", opaque, opaque, true],
    ["and as no other opaque one", opaque, createOpaqueOrigin(), false],
    ["and as no tuple origin", opaque, of("http://a.example"), false],
  ])("%s", (_, a, b, want) => {
    expect(isSameOrigin(a, b)).toBe(want);
    expect(isSameOrigin(b, a)).toBe(want);
  });
});

describe("parseOrigin", () => {
  test.each([
    "https://a.example",
    "http://localhost:3000",
    "http://127.0.0.1:8080",
    "http://[::1]",
    "http://[2001:db8::1]:65535",
    "https://xn--bcher-kva.example",
    "https://1.example",
    "https://a-b.c-d.example",
    "https://a--b.example",
    "https://a_b.example",
    "https://a.example.",
    "https://a.1e",
    "http://a.example:443",
    "https://a.example:0",
    "chrome-extension://abcdefghijklmnop",
    "moz-extension://6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "app+x.1://host:80",
    "capacitor://localhost",
    "app://[::1]:5",
  ])("accepts %s", (serialized) => {
    const origin = parseOrigin(serialized);
    expect(origin).not.toBeNull();
    if (origin !== null) expect(serializeOrigin(origin)).toBe(serialized);
  });

  test.each([
    ["an opaque origin", "null"],
    ["nothing", ""],
    ["the wildcard", "*"],
    ["a trailing slash", "https://a.example/"],
    ["a path", "https://a.example/x"],
    ["a query", "https://a.example?x"],
    ["a fragment", "https://a.example#x"],
    ["user info", "https://u@a.example"],
    ["an upper-case host", "https://A.example"],
    ["an upper-case scheme", "HTTPS://a.example"],
    ["an upper-case extension scheme", "App://a"],
    ["the default port", "https://a.example:443"],
    ["the default port of http", "http://a.example:80"],
    ["an empty port", "https://a.example:"],
    ["a port with a leading zero", "https://a.example:08080"],
    ["a port over 65535", "https://a.example:65536"],
    ["a port that is no number", "https://a.example:x"],
    ["no scheme", "a.example"],
    ["no host", "https://"],
    ["white space before", " https://a.example"],
    ["white space after", "https://a.example "],
    ["a line break after", "https://a.example\n"],
    ["a tab inside", "https://a\t.example"],
    ["two origins", "https://a.example https://b.example"],
    ["a list", "https://a.example, https://b.example"],
    ["Unicode", "https://b\u00fccher.example"],
    ["percent-encoding", "https://%61.example"],
    ["invalid Punycode", "https://xn--a.example"],
    ["a short IPv4 address", "http://127.1"],
    ["a hexadecimal IPv4 address", "http://0x7f000001"],
    ["an octal IPv4 address", "http://0177.0.0.1"],
    ["IPv4 numbers out of range", "http://256.0.0.1"],
    ["five numbers", "http://1.2.3.4.5"],
    ["an IPv4 address with a trailing dot", "http://127.0.0.1."],
    ["a long IPv6 address", "http://[0:0:0:0:0:0:0:1]"],
    ["an upper-case IPv6 address", "http://[2001:DB8::1]"],
    ["IPv6 with zeros in front", "http://[::01]"],
    ["IPv6 that elides a single zero", "http://[1:2:3::5:6:7:8]"],
    ["IPv6 with an IPv4 end", "http://[::ffff:127.0.0.1]"],
    ["IPv6 with a zone", "http://[fe80::1%25eth0]"],
    ["an unfinished IPv6 address", "http://[::1"],
    ["IPv6 without brackets", "http://::1"],
    ["an IPv6 address of another scheme in a long form", "app://[0::1]"],
    ["a file", "file://host"],
    ["a host of another scheme that is none", "app://a_b"],
    ["a scheme that begins with a digit", "1a://host"],
    ["one slash", "https:/a.example"],
    ["a backslash", "https:\\\\a.example"],
    ["an asterisk pattern", "https://*.a.example:*"],
  ])("refuses %s: %j", (_, serialized) => expect(parseOrigin(serialized)).toBeNull());

  test("is the inverse of serializeOrigin for the origin of every URL", () => {
    fc.assert(
      fc.property(fc.webUrl({ authoritySettings: { withIPv4: true, withIPv6: true, withPort: true } }), (url) => {
        const origin = of(url);
        expect(parseOrigin(serializeOrigin(origin))).toEqual(origin);
      }),
      { numRuns: 300 },
    );
  });

  test("accepts, among special schemes, exactly what URL gives as an origin", () => {
    const char = fc.constantFrom(..."aAxn0127.-_:[]/@%~!$ \u00e9");
    const scheme = fc.constantFrom("http://", "https://", "ws://");
    fc.assert(
      fc.property(scheme, fc.string({ unit: char, maxLength: 12 }), (prefix, rest) => {
        const serialized = prefix + rest;
        const isOrigin = URL.canParse(serialized) && new URL(serialized).origin === serialized;
        expect([serialized, parseOrigin(serialized) !== null]).toEqual([serialized, isOrigin]);
      }),
      { numRuns: 2000 },
    );
  });

  test("whatever it accepts, it serializes to the same string", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab.-+:/[]019") }), (rest) => {
        const origin = parseOrigin(`app://${rest}`);
        return origin === null || serializeOrigin(origin) === `app://${rest}`;
      }),
      { numRuns: 1000 },
    );
  });
});
