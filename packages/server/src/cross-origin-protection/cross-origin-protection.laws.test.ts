import fc from "fast-check";
import { expect, test } from "vitest";
import { createCrossOriginProtection } from "./cross-origin-protection.ts";
import { createExactMatcher } from "./path-pattern.ts";
import type { CrossOriginProtectionOptions } from "./protection-options.ts";

const numRuns = 1000;
const unsafeMethod = fc.constantFrom("POST", "PUT", "PATCH", "DELETE", "QUERY", "TRACE", "post", "get", "PROPFIND");
const host = fc.constantFrom(
  "app.example",
  "a.app.example",
  "localhost",
  "127.0.0.1",
  "[::1]",
  "app.example.evil.example",
);
const port = fc.option(fc.integer({ min: 1, max: 65535 }), { nil: null });
const origin = fc
  .tuple(fc.constantFrom("http", "https"), host, port)
  .map(([scheme, name, number]) => new URL(`${scheme}://${name}${number === null ? "" : `:${number}`}`).origin);

/** Options that trust nobody else: neither trusted origins nor bypassed paths nor a proxy. */
const options: fc.Arbitrary<CrossOriginProtectionOptions> = fc.record(
  {
    publicOrigins: fc.uniqueArray(origin, { minLength: 1, maxLength: 3 }),
    alsoProtect: fc.constant(["/export/*"]),
    strict: fc.boolean(),
    methodOverride: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Headers that pages can set or that the network adds; none tells where the request comes from. */
const noise = fc.dictionary(
  fc.constantFrom(
    "cookie",
    "content-type",
    "x-forwarded-host",
    "x-forwarded-proto",
    "referer",
    "x-http-method-override",
    "accept",
    "sec-fetch-mode",
    "sec-fetch-dest",
  ),
  fc.oneof(origin, host, fc.constantFrom("", "GET", "a=1", "application/json", "navigate", "document", "https")),
);
const path = fc.constantFrom("/", "/books", "/export/x", "/hooks/pay", "//", "/%2e%2e/", "/?_method=GET");

test("no unsafe request of another site is allowed if a browser says so", () => {
  fc.assert(
    fc.property(
      options,
      unsafeMethod,
      path,
      noise,
      fc.oneof(origin, fc.constant("null")),
      host,
      fc.constantFrom("cross-site", "same-site"),
      fc.boolean(),
      (given, method, url, headers, from, to, site, isTls) => {
        const request = { method, url, isTls, headers: { ...headers, host: to, origin: from, "sec-fetch-site": site } };
        expect(createCrossOriginProtection(given as object).check(request).ok).toBe(false);
      },
    ),
    { numRuns },
  );
});

test("nor if it says nothing but Origin and that is another host", () => {
  fc.assert(
    fc.property(
      options,
      unsafeMethod,
      path,
      noise,
      origin,
      host,
      port,
      fc.boolean(),
      (given, method, url, headers, from, name, number, isTls) => {
        const to = number === null ? name : `${name}:${number}`;
        const { protocol } = new URL(from);
        fc.pre(new URL(`${protocol}//${to}`).origin !== from && !given.publicOrigins?.includes(from));
        const request = { method, url, isTls, headers: { ...headers, host: to, origin: from } };
        expect(createCrossOriginProtection(given as object).check(request).ok).toBe(false);
      },
    ),
    { numRuns },
  );
});

test("nor the WebSocket handshake of another origin", () => {
  fc.assert(
    fc.property(options, noise, origin, host, (given, headers, from, to) => {
      fc.pre(new URL(from).host !== to && !given.publicOrigins?.includes(from));
      const request = {
        method: "GET",
        url: "/",
        headers: { ...headers, host: to, origin: from, upgrade: "websocket" },
      };
      expect(createCrossOriginProtection(given as object).check(request).ok).toBe(false);
    }),
    { numRuns },
  );
});

test("the application's own pages are always allowed, whatever browser, method and path", () => {
  fc.assert(
    fc.property(
      fc.oneof(unsafeMethod, fc.constant("GET")),
      path,
      noise,
      origin,
      fc.boolean(),
      fc.boolean(),
      (method, url, headers, own, tellsSite, strict) => {
        const site = tellsSite ? { "sec-fetch-site": "same-origin" } : {};
        const { host: to, protocol } = new URL(own);
        const request = {
          method,
          url,
          isTls: protocol === "https:",
          headers: { ...headers, ...site, host: to, origin: own },
        };
        for (const given of [{}, { publicOrigins: [own] }, { strict, alsoProtect: ["/*"], methodOverride: true }]) {
          expect(createCrossOriginProtection(given).check(request).ok).toBe(true);
        }
      },
    ),
    { numRuns },
  );
});

test("a trusted origin and a bypassed path are never less than without them", () => {
  fc.assert(
    fc.property(
      options,
      unsafeMethod,
      path,
      noise,
      origin,
      host,
      fc.option(fc.constantFrom("cross-site", "same-origin", "x")),
      (given, method, url, headers, from, to, site) => {
        const request = {
          method,
          url,
          headers: { ...headers, host: to, origin: from, ...(site === null ? {} : { "sec-fetch-site": site }) },
        };
        const plain = createCrossOriginProtection(given as object).check(request);
        const trusting = createCrossOriginProtection({ ...given, trustedOrigins: [from] } as object).check(request);
        const bypassing = createCrossOriginProtection({ ...given, bypass: ["/hooks/*"] } as object).check(request);
        expect(trusting.ok).toBe(true);
        if (plain.ok) expect(bypassing.ok).toBe(true);
      },
    ),
    { numRuns },
  );
});

test("what is below a bypassed folder stays below it for whoever resolves and decodes the path", () => {
  const piece = fc.constantFrom(
    "/",
    ".",
    "..",
    "%2e",
    "%2F",
    "%5C",
    "\\",
    "%25",
    "2e",
    "a",
    ";",
    "#",
    "%",
    "\u00e9",
    "//",
  );
  const isBypassed = createExactMatcher(["/hooks/*"]);
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const raw = `/hooks/${pieces.join("")}`;
      if (!isBypassed(raw)) return;
      let decoded = raw;
      for (let times = 0; times < 3; times++) {
        expect(new URL(decoded, "http://app.example").pathname.startsWith("/hooks/")).toBe(true);
        decoded = decoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
      }
    }),
    { numRuns: 5000 },
  );
});

test("never throws, whatever the request", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.dictionary(
        fc.constantFrom("origin", "host", "sec-fetch-site", "upgrade", "content-type", "x-forwarded-host", "cookie"),
        fc.string({ unit: "binary" }),
      ),
      (method, url, headers) => {
        const given = {
          trustProxy: true,
          methodOverride: true,
          requireJsonContentType: true,
          strict: true,
          bypass: ["/a"],
          alsoProtect: ["/b/*"],
        };
        const verdict = createCrossOriginProtection(given).check({ method, url, headers });
        expect(typeof verdict.row).toBe("number");
      },
    ),
    { numRuns },
  );
});
