import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OriginPattern, parseOriginPattern } from "./origin-pattern.ts";
import { createOriginSet, type OriginSet } from "./origin-set.ts";

function patternsOf(entries: readonly string[]): OriginPattern[] {
  return entries.map((entry) => {
    const parsing = parseOriginPattern(entry);
    if (!parsing.ok) throw new Error(`${entry} ${parsing.fault.message}`);
    return parsing.pattern;
  });
}

function has({ exact, matchesPattern }: OriginSet, origin: string): boolean {
  return exact.has(origin) || matchesPattern(origin);
}

interface Row {
  readonly title: string;
  readonly entries: readonly string[];
  readonly in: readonly string[];
  readonly out: readonly string[];
}

const rows: Row[] = [
  {
    title: "an exact origin is itself and nothing near it",
    entries: ["https://example.com"],
    in: ["https://example.com"],
    out: [
      "",
      "null",
      "*",
      "example.com",
      "https://example.com/",
      "https://example.com:443",
      "https://example.com:8443",
      "https://example.com.",
      "https://example.comm",
      "https://example.com.evil.example",
      "https://evilexample.com",
      "https://www.example.com",
      "https://Example.com",
      "http://example.com",
      "https://example.com https://evil.example",
      "https://example.com, https://example.com",
      "https://user@example.com",
      " https://example.com",
    ],
  },
  {
    title: "two origins make no third",
    entries: ["https://foo.com", "https://bar.com"],
    in: ["https://foo.com", "https://bar.com"],
    out: ["https://barfoo.com", "https://foobar.com", "https://foo.combar.com", "https://foo.bar.com"],
  },
  {
    title: "*. stands for one label or more",
    entries: ["https://*.example.com"],
    in: [
      "https://a.example.com",
      "https://a.b.c.example.com",
      "https://x-1_y.example.com",
      "https://xn--bcher-kva.example.com",
    ],
    out: [
      "https://example.com",
      "https://.example.com",
      "https://a..example.com",
      "https://.a.example.com",
      "https://aexample.com",
      "https://a-example.com",
      "https://a.example.com.",
      "https://a.example.com.evil.example",
      "https://evil.example/.example.com",
      "https://evil.example?.example.com",
      "https://evil.example#.example.com",
      "https://evil.example\\.example.com",
      "https://evil.example:1.example.com",
      "https://user@a.example.com",
      "https://user:1@a.example.com",
      "https://A.example.com",
      "https://a.example.com:8443",
      "https://a.example.com:443",
      "https://a.example.com:",
      "http://a.example.com",
      "https://*.example.com",
      "https://a%2eexample.com",
      "https://bücher.example.com",
      "https://a b.example.com",
      "https://a\u0000.example.com",
      "https://[::1].example.com",
      `https://${"a".repeat(64)}.example.com`,
      `https://${"a.".repeat(125)}example.com`,
      "a.example.com",
      "//a.example.com",
      "https:/a.example.com",
      "https:///a.example.com",
      "xhttps://a.example.com",
    ],
  },
  {
    title: ":* stands for every port and none",
    entries: ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"],
    in: [
      "http://localhost",
      "http://localhost:1",
      "http://localhost:443",
      "http://localhost:65535",
      "http://127.0.0.1:3000",
      "http://[::1]:3000",
      "http://[::1]",
    ],
    out: [
      "http://localhost:80",
      "http://localhost:0",
      "http://localhost:",
      "http://localhost:03000",
      "http://localhost:65536",
      "http://localhost:100000",
      "http://localhost:-1",
      "http://localhost:3000/",
      "http://localhost:3000.evil.example",
      "http://localhost:3000@evil.example",
      "http://localhost:3000:3000",
      "http://localhost:*",
      "http://localhost:1e3",
      "http://localhost.",
      "https://localhost",
      "http://a.localhost:3000",
      "http://[::1",
      "http://[::1]:",
      "http://[::1]x:1",
      "http://[::2]:1",
      "http://::1:3000",
      "http://[",
    ],
  },
  {
    title: "both wildcards together",
    entries: ["https://*.x.example:*"],
    in: ["https://a.x.example", "https://a.x.example:8443", "https://a.b.x.example:80"],
    out: ["https://x.example:8443", "https://a.x.example:443", "https://a.x.example:", "http://a.x.example:8443"],
  },
  {
    title: "a wildcard with a port",
    entries: ["https://*.x.example:8443"],
    in: ["https://a.x.example:8443"],
    out: ["https://a.x.example", "https://a.x.example:844", "https://a.x.example:84430", "https://x.example:8443"],
  },
  {
    title: "patterns below patterns keep their own ports",
    entries: ["https://*.example:1", "https://*.b.example:2", "https://*.b.example"],
    in: ["https://a.b.example:1", "https://a.b.example:2", "https://a.b.example", "https://b.example:1"],
    out: ["https://b.example:2", "https://b.example", "https://a.example:2"],
  },
  {
    title: "a dot at the end makes another host",
    entries: ["https://*.example.com."],
    in: ["https://a.example.com."],
    out: ["https://a.example.com", "https://example.com.", "https://a.example.com.."],
  },
  {
    title: "schemes may have dots and no default port",
    entries: ["com.example.app://*.host:*", "capacitor://localhost"],
    in: ["com.example.app://a.host:80", "com.example.app://a.host", "capacitor://localhost"],
    out: ["com.example.app://host", "app://a.host", "capacitor://localhost:80"],
  },
];

describe.each(rows)("$title", ({ entries, in: inside, out }) => {
  const set = createOriginSet(patternsOf(entries));
  test.each(inside)("%j is in", (origin) => expect(has(set, origin)).toBe(true));
  test.each(out)("%j is out", (origin) => expect(has(set, origin)).toBe(false));
});

test("a value longer than any origin is out, however it ends", () => {
  const set = createOriginSet(patternsOf(["https://*.example.com"]));
  expect(has(set, `https://${"a.".repeat(4000)}example.com`)).toBe(false);
});

describe("laws", () => {
  const label = fc.constantFrom("a", "b", "evil", "a-b", "x_1", "xn--bcher-kva");
  const host = fc.oneof(
    fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join(".")}.example`),
    fc.constantFrom("localhost", "127.0.0.1", "[::1]", "[2001:db8::1]", "a.example."),
  );
  const scheme = fc.constantFrom("https", "http", "app");
  const port = fc.oneof(
    fc.constant(null),
    fc.constantFrom(1, 80, 443, 3000, 65535),
    fc.integer({ min: 1, max: 65535 }),
  );

  const pattern = fc
    .record({ scheme, host, subdomains: fc.boolean(), port: fc.oneof(port, fc.constant("*" as const)) })
    .map(({ scheme, host, subdomains, port }) => ({
      scheme,
      host,
      subdomains: subdomains && !/^[[\d]/.test(host),
      port: (scheme === "https" && port === 443) || (scheme === "http" && port === 80) ? null : port,
    }));

  const origin = fc
    .tuple(scheme, host, port)
    .map(([scheme, host, port]) => `${scheme}://${host}${port === null ? "" : `:${port}`}`);

  /** What somebody may try who knows an entry: prefixes, suffixes, dots, ports, case, other hosts beside it. */
  const attack = fc
    .tuple(
      origin,
      fc.constantFrom(
        "",
        "evil",
        "evil.",
        "evil.example.",
        "a.",
        ".",
        "a..",
        "user@",
        "A.",
        "ü.",
        "evil.example/",
        "evil.example:80/",
        "*.",
        "a%2e",
      ),
      fc.constantFrom(
        "",
        ".",
        "/",
        ".evil.example",
        ":",
        ":0",
        ":80",
        ":443",
        ":08",
        ":65536",
        "@evil.example",
        " ",
        "\t",
        ", https://evil.example",
        "#",
        "x",
        ":1:2",
      ),
      fc.constantFrom(
        (text: string) => text,
        (text: string) => text.toUpperCase(),
        (text: string) => text.slice(1),
        (text: string) => text.slice(0, -1),
      ),
    )
    .map(([value, before, after, twist]) => twist(value.replace("://", `://${before}`) + after));

  const shape = /^([a-z]+):\/\/(\[[0-9a-f:]+\]|[a-z0-9_.-]+?)(?::([1-9][0-9]{0,4}))?$/;

  /** The slow and plain way: take the value apart, look at every entry. */
  function isNamed(entries: readonly OriginPattern[], value: string): boolean {
    const parts = shape.exec(value);
    if (parts === null) return false;
    const [, scheme = "", host = "", digits] = parts;
    const port = digits === undefined ? null : Number(digits);
    if (port !== null && port > 65535) return false;
    if ((scheme === "https" && port === 443) || (scheme === "http" && port === 80)) return false;
    if (
      host
        .replace(/\.$/, "")
        .split(".")
        .some((part) => part === "")
    )
      return false;
    return entries.some((entry) => {
      if (entry.scheme !== scheme) return false;
      if (entry.port !== "*" && entry.port !== port) return false;
      return entry.subdomains ? host.endsWith(`.${entry.host}`) : host === entry.host;
    });
  }

  test("a set agrees with looking at every entry", () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 6 }),
        fc.array(fc.oneof(origin, attack), { minLength: 1, maxLength: 20 }),
        (entries, values) => {
          const set = createOriginSet(entries);
          for (const value of values) expect([value, has(set, value)]).toEqual([value, isNamed(entries, value)]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("what is near an entry is in only if an entry says so", () => {
    fc.assert(
      fc.property(pattern, fc.array(attack, { maxLength: 20 }), (entry, attacks) => {
        const { scheme, host, port } = entry;
        const set = createOriginSet([entry]);
        const near = [
          `${scheme}://${host}`,
          `${scheme}://a.${host}`,
          `${scheme}://${host}:${port}`,
          `${scheme}://b.a.${host}:${port === "*" ? 7 : port}`,
        ];
        for (const value of [...near, ...attacks])
          expect([value, has(set, value)]).toEqual([value, isNamed([entry], value)]);
      }),
      { numRuns: 500 },
    );
  });

  test("arbitrary strings are out", () => {
    const set = createOriginSet(patternsOf(["https://*.example", "http://localhost:*"]));
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 400 }), (value) => !has(set, value)));
  });
});

test("an exact origin is found in 100,000 as in 3", () => {
  const entries = Array.from({ length: 100_000 }, (_, i) => `https://tenant-${i}.example.com`);
  const set = createOriginSet(patternsOf(entries));
  expect(set.exact.size).toBe(100_000);
  expect(entries.every((entry) => has(set, entry))).toBe(true);
  expect(has(set, "https://tenant-100000.example.com")).toBe(false);
});
