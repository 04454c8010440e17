import {
  type Client,
  type CookieRules,
  createOpaqueOrigin,
  type NetworkRequest,
  originOf,
  type ProfileName,
  profiles,
} from "@corsac/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CookieReport } from "./cookie.ts";
import { CookieJar } from "./cookie-jar.ts";

/** Who asks: a URL for a top-level document; for a frame what embeds it, top-level document first. */
interface Asker {
  readonly top: string;
  readonly between?: string;
  readonly document: string | "sandboxed";
}

interface Ask {
  readonly from: string | Asker | "user";
  /** The chain of URLs; the last one is asked now. */
  readonly to: string | readonly string[];
  readonly method?: string;
  /** What becomes of the response; default: a script reads it. */
  readonly into?: "frame" | "window";
}

const start = Date.UTC(2026, 10, 22);

function clientOf(from: string | Asker): Client {
  const asker: Asker = typeof from === "string" ? { top: from, document: from } : from;
  const topLevelOrigin = originOf(new URL(asker.top));
  const embedder = typeof from === "string" ? null : new URL(asker.between ?? asker.top);
  const isSandboxed = asker.document === "sandboxed";
  const creationUrl = isSandboxed ? (embedder as URL) : new URL(asker.document);
  const sites = [asker.top, asker.between ?? asker.top].map((url) => new URL(url).hostname);
  return {
    origin: isSandboxed ? createOpaqueOrigin() : originOf(creationUrl),
    creationUrl,
    topLevelOrigin,
    embedderOrigin: embedder === null ? null : originOf(embedder),
    referrerPolicy: "strict-origin-when-cross-origin",
    embedderPolicy: "unsafe-none",
    hasCrossSiteAncestor: isSandboxed || [...sites, creationUrl.hostname].some((host) => host !== sites[0]),
  };
}

function networkRequest({ from, to, method = "GET", into }: Ask): NetworkRequest {
  const urlList = (typeof to === "string" ? [to] : to).map((url) => new URL(url));
  const client = from === "user" ? null : clientOf(from);
  return {
    kind: "actual",
    method,
    url: urlList.at(-1) as URL,
    headers: [],
    body: null,
    includeCredentials: true,
    credentialsMode: "include",
    cacheMode: "default",
    mode: into === undefined ? "cors" : "navigate",
    destination: into === undefined ? "" : into === "frame" ? "iframe" : "document",
    initiatorType: into === undefined ? "fetch" : "navigation",
    responseTainting: "basic",
    origin: client?.origin ?? createOpaqueOrigin(),
    client,
    urlList,
    preflightReasons: [],
    preflight: "not-needed",
  };
}

function jarOf(rules: CookieRules | ProfileName, clock: { now: number } = { now: start }): CookieJar {
  return new CookieJar({ rules: typeof rules === "string" ? profiles[rules].cookies : rules, now: () => clock.now });
}

const sameSiteCookies = [
  "none_sec=1; SameSite=None; Secure; Path=/",
  "none=1; SameSite=None; Path=/",
  "lax=1; SameSite=Lax; Path=/",
  "strict=1; SameSite=Strict; Path=/",
  "plain=1; Path=/",
];

describe("which cookies a visited page may set", () => {
  const rows: readonly {
    readonly title: string;
    readonly url: string;
    readonly lines: readonly string[];
    readonly want: Readonly<Record<ProfileName, string | null>>;
  }[] = [
    {
      title: "Secure and SameSite=None over http on loopback",
      url: "http://localhost:3000/",
      lines: sameSiteCookies,
      want: {
        standard: "none_sec=1; lax=1; strict=1; plain=1",
        chromium: "none_sec=1; lax=1; strict=1; plain=1",
        firefox: "none_sec=1; lax=1; strict=1; plain=1",
        webkit: "none=1; lax=1; strict=1; plain=1",
      },
    },
    {
      title: "Secure over http elsewhere",
      url: "http://shop.example/",
      lines: ["a=1; Secure", "b=1"],
      want: { standard: "b=1", chromium: "b=1", firefox: "b=1", webkit: "b=1" },
    },
    {
      title: "prefixes",
      url: "https://shop.example/",
      lines: [
        "__Secure-a=1; Secure",
        "__Secure-b=1",
        "__HOST-c=1; Secure; Path=/",
        "__Host-d=1; Secure",
        "__Host-e=1; Secure; Path=/; Domain=shop.example",
        "__Host-f=1; Path=/",
        "__Host-g; Secure; Path=/",
      ],
      want: {
        standard: "__Secure-a=1; __HOST-c=1",
        chromium: "__Secure-a=1; __HOST-c=1",
        firefox: "__Secure-a=1; __HOST-c=1",
        webkit: "__Host-e=1; __Secure-a=1; __Secure-b=1; __HOST-c=1; __Host-d=1; __Host-f=1; __Host-g",
      },
    },
    {
      title: "Domain: the host, a parent, a sibling, a public suffix, a stranger",
      url: "http://api.shop.localhost/",
      lines: [
        "a=1; Domain=shop.localhost",
        "b=1; Domain=.shop.localhost",
        "c=1; Domain=api.shop.localhost",
        "d=1; Domain=app.shop.localhost",
        "e=1; Domain=localhost",
        "f=1; Domain=example.test",
      ],
      want: {
        standard: "a=1; b=1; c=1",
        chromium: "a=1; b=1; c=1",
        firefox: "a=1; b=1; c=1",
        webkit: "c=1; a=1; b=1",
      },
    },
    {
      title: "Domain on an address: itself only",
      url: "https://127.0.0.1/",
      lines: ["a=1; Domain=127.0.0.1", "b=1; Domain=127.0.0", "c=1; Domain=0.0.1"],
      want: { standard: "a=1", chromium: "a=1", firefox: "a=1", webkit: "a=1" },
    },
    {
      title: "Domain on a public suffix: itself only",
      url: "https://github.io/",
      lines: ["a=1; Domain=github.io", "b=1; Domain=io"],
      want: { standard: "a=1", chromium: "a=1", firefox: "a=1", webkit: "a=1" },
    },
    {
      title: "Partitioned needs Secure",
      url: "https://shop.example/",
      lines: ["a=1; Partitioned", "b=1; Partitioned; Secure"],
      want: { standard: "b=1", chromium: "b=1", firefox: "b=1", webkit: "a=1; b=1" },
    },
  ];
  const cases = rows.flatMap(({ want, ...row }) =>
    Object.entries(want).map(([profile, cookies]) => ({ ...row, profile: profile as ProfileName, cookies })),
  );
  test.each(cases)("$profile: $title", ({ url, lines, profile, cookies }) => {
    const jar = jarOf(profile);
    for (const line of lines) jar.set(new URL(url), line);
    expect(jar.cookieHeaderFor(networkRequest({ from: url, to: url }))).toBe(cookies);
  });
});

describe("which of the cookies that a visit stored a request carries", () => {
  const all = "none_sec=1; lax=1; strict=1; plain=1";
  const allWebkit = "none=1; lax=1; strict=1; plain=1";
  const noneOnly = { standard: "none_sec=1", chromium: "none_sec=1" };
  const rows: readonly {
    readonly title: string;
    readonly visited: string;
    readonly ask: Ask;
    readonly want: Readonly<Record<ProfileName, string | null>>;
  }[] = [
    {
      title: "another port of the same host is the same site",
      visited: "http://localhost:3002/",
      ask: { from: "http://localhost:3001/", to: "http://localhost:3002/", method: "POST" },
      want: { standard: all, chromium: all, firefox: all, webkit: allWebkit },
    },
    {
      title: "a sibling subdomain is the same site",
      visited: "http://api.shop.localhost/",
      ask: { from: "http://app.shop.localhost/", to: "http://api.shop.localhost/" },
      want: { standard: all, chromium: all, firefox: all, webkit: allWebkit },
    },
    {
      title: "another site",
      visited: "http://127.0.0.1/",
      ask: { from: "http://localhost/", to: "http://127.0.0.1/" },
      want: { ...noneOnly, firefox: null, webkit: "none=1; plain=1" },
    },
    {
      title: "localhost does not own *.localhost, but in WebKit",
      visited: "http://evil.localhost/",
      ask: { from: "http://localhost/", to: "http://evil.localhost/" },
      want: { ...noneOnly, firefox: null, webkit: allWebkit },
    },
    {
      title: "which WebKit forgets after a redirect",
      visited: "http://evil.localhost/",
      ask: { from: "http://localhost/", to: ["http://127.0.0.1/", "http://evil.localhost/"] },
      want: { ...noneOnly, firefox: null, webkit: "none=1; plain=1" },
    },
    {
      title: "http and https of one host",
      visited: "https://localhost/",
      ask: { from: "http://localhost/", to: "https://localhost/" },
      want: { ...noneOnly, firefox: all, webkit: "none_sec=1; none=1; lax=1; strict=1; plain=1" },
    },
    {
      title: "a sandboxed frame and the host that embeds it",
      visited: "http://localhost/",
      ask: { from: { top: "http://localhost/", document: "sandboxed" }, to: "http://localhost/" },
      want: { ...noneOnly, firefox: null, webkit: allWebkit },
    },
    {
      title: "a frame of another site and its own site",
      visited: "http://127.0.0.1/",
      ask: { from: { top: "http://localhost/", document: "http://127.0.0.1/" }, to: "http://127.0.0.1/" },
      want: { ...noneOnly, firefox: null, webkit: "none=1; plain=1" },
    },
    {
      title: "a frame of the top-level site inside one of another site",
      visited: "http://localhost/",
      ask: {
        from: { top: "http://localhost/", between: "http://127.0.0.1/", document: "http://localhost/" },
        to: "http://localhost/",
      },
      want: { ...noneOnly, firefox: null, webkit: allWebkit },
    },
    {
      title: "from the page over another site back to the page",
      visited: "http://localhost/",
      ask: { from: "http://localhost/", to: ["http://localhost/", "http://127.0.0.1/", "http://localhost/"] },
      want: { standard: "none_sec=1", chromium: all, firefox: "none_sec=1; plain=1", webkit: allWebkit },
    },
    {
      title: "a frame of another site is opened",
      visited: "http://127.0.0.1/",
      ask: { from: "http://localhost/", to: "http://127.0.0.1/", into: "frame" },
      want: { ...noneOnly, firefox: null, webkit: "none=1; plain=1" },
    },
    {
      title: "a window of another site is opened",
      visited: "http://127.0.0.1/",
      ask: { from: "http://localhost/", to: "http://127.0.0.1/", into: "window" },
      want: {
        standard: "none_sec=1; lax=1; plain=1",
        chromium: "none_sec=1; lax=1; plain=1",
        firefox: "none_sec=1; lax=1; plain=1",
        webkit: "none=1; lax=1; plain=1",
      },
    },
    {
      title: "a window of another site is opened by POST",
      visited: "http://127.0.0.1/",
      ask: { from: "http://localhost/", to: "http://127.0.0.1/", into: "window", method: "POST" },
      want: {
        standard: "none_sec=1",
        chromium: "none_sec=1; plain=1",
        firefox: "none_sec=1; plain=1",
        webkit: "none=1; plain=1",
      },
    },
    {
      title: "a window of the same site is opened by POST",
      visited: "http://localhost:3002/",
      ask: { from: "http://localhost:3001/", to: "http://localhost:3002/", into: "window", method: "POST" },
      want: { standard: all, chromium: all, firefox: all, webkit: allWebkit },
    },
    {
      title: "the user types the address",
      visited: "http://127.0.0.1/",
      ask: { from: "user", to: "http://127.0.0.1/", into: "window" },
      want: { standard: all, chromium: all, firefox: all, webkit: allWebkit },
    },
    {
      title: "a WebSocket handshake counts as http",
      visited: "http://localhost:3002/",
      ask: { from: "http://localhost:3001/", to: "ws://localhost:3002/" },
      want: { standard: all, chromium: all, firefox: all, webkit: allWebkit },
    },
  ];
  const cases = rows.flatMap(({ want, ...row }) =>
    Object.entries(want).map(([profile, cookies]) => ({ ...row, profile: profile as ProfileName, cookies })),
  );
  test.each(cases)("$profile: $title", ({ visited, ask, profile, cookies }) => {
    const jar = jarOf(profile);
    for (const line of sameSiteCookies) jar.set(new URL(visited), line);
    expect(jar.cookieHeaderFor(networkRequest(ask))).toBe(cookies);
  });
});

describe("which cookies a third-party response stores", () => {
  const chromium = profiles.chromium.cookies;
  const firefox = profiles.firefox.cookies;
  const ask: Ask = { from: "https://news.example/", to: "https://api.example/" };
  const lines = ["n=1; SameSite=None; Secure", "l=1; SameSite=Lax", "p=1", "c=1; SameSite=None; Secure; Partitioned"];
  test.each<{
    title: string;
    rules: CookieRules;
    again: string | null;
    elsewhere: string | null;
    visit: string | null;
  }>([
    { title: "allowed", rules: chromium, again: "n=1; c=1", elsewhere: "n=1", visit: "n=1" },
    { title: "blocked", rules: { ...chromium, thirdParty: "block" }, again: "c=1", elsewhere: null, visit: null },
    { title: "partitioned", rules: firefox, again: "n=1; p=1; c=1", elsewhere: null, visit: null },
    {
      title: "allowed where unset is None",
      rules: { ...firefox, thirdParty: "allow" },
      again: "n=1; p=1; c=1",
      elsewhere: "n=1; p=1",
      visit: "n=1; p=1",
    },
    { title: "sent only", rules: profiles.webkit.cookies, again: null, elsewhere: null, visit: null },
  ])("$title", ({ rules, again, elsewhere, visit }) => {
    const jar = jarOf(rules);
    const response = lines.map((line) => ["Set-Cookie", line] as const);
    jar.store(networkRequest(ask), response);
    expect({
      again: jar.cookieHeaderFor(networkRequest(ask)),
      elsewhere: jar.cookieHeaderFor(networkRequest({ ...ask, from: "https://shop.example/" })),
      visit: jar.cookieHeaderFor(networkRequest({ from: "user", to: "https://api.example/", into: "window" })),
    }).toEqual({ again, elsewhere, visit });
  });

  test("a first-party Partitioned cookie stays with its top-level site, scheme included", () => {
    const jar = jarOf("firefox");
    jar.set(new URL("https://localhost:3443/"), "i=1; SameSite=None; Secure; Partitioned");
    expect(jar.cookieHeaderFor(networkRequest({ from: "https://localhost/", to: "https://localhost/" }))).toBe("i=1");
    expect(jar.cookieHeaderFor(networkRequest({ from: "http://localhost/", to: "https://localhost/" }))).toBeNull();
  });

  test("a request without credentials neither sends nor stores", () => {
    const jar = jarOf("standard");
    const request = {
      ...networkRequest({ from: "https://a.example/", to: "https://a.example/" }),
      includeCredentials: false,
    };
    jar.store(request, [["Set-Cookie", "a=1"]]);
    expect(jar.all()).toEqual([]);
    jar.set(request.url, "b=1");
    expect(jar.cookieHeaderFor(request)).toBeNull();
  });
});

describe("time", () => {
  test("Chromium's exception for top-level POST ends after two minutes", () => {
    const clock = { now: start };
    const jar = jarOf("chromium", clock);
    jar.set(new URL("https://bank.example/"), "session=1");
    const post: Ask = { from: "https://evil.example/", to: "https://bank.example/", into: "window", method: "POST" };
    clock.now += 119_999;
    expect(jar.cookieHeaderFor(networkRequest(post))).toBe("session=1");
    clock.now += 1;
    expect(jar.cookieHeaderFor(networkRequest(post))).toBeNull();
  });

  test("an expired cookie is not sent", () => {
    const clock = { now: start };
    const jar = jarOf("standard", clock);
    const request = networkRequest({ from: "https://a.example/", to: "https://a.example/" });
    jar.store(request, [["Set-Cookie", "a=1; Max-Age=10"]]);
    clock.now += 9_999;
    expect(jar.cookieHeaderFor(request)).toBe("a=1");
    clock.now += 1;
    expect(jar.cookieHeaderFor(request)).toBeNull();
    expect(jar.all()).toEqual([]);
  });
});

describe("order", () => {
  test("longer paths first, then the older", () => {
    const jar = jarOf("standard");
    for (const line of ["a=1; Path=/", "b=1; Path=/x/y", "c=1; Path=/x", "d=1; Path=/"]) {
      jar.set(new URL("https://a.example/x/y"), line);
    }
    const url = "https://a.example/x/y/z";
    expect(jar.cookieHeaderFor(networkRequest({ from: url, to: url }))).toBe("b=1; c=1; a=1; d=1");
  });
});

describe("connections that are not secure", () => {
  test("cannot shadow or replace a Secure cookie", () => {
    const jar = jarOf("chromium");
    jar.set(new URL("https://shop.example/login"), "session=real; Secure; Path=/login");
    jar.set(new URL("http://shop.example/login"), "session=forged; Path=/login/en");
    jar.set(new URL("http://shop.example/login"), "session=forged; Domain=shop.example; Path=/login");
    jar.set(new URL("http://shop.example/"), "session=elsewhere; Path=/");
    expect(jar.all().map(({ value }) => value)).toEqual(["real", "elsewhere"]);
  });
});

describe("document.cookie", () => {
  const url = new URL("https://shop.example/cart");

  test("shows what is not HttpOnly, and cannot overwrite what is", () => {
    const jar = jarOf("standard");
    const client = clientOf(url.href);
    jar.set(url, "session=1; HttpOnly");
    jar.setDocumentCookie(client, url, "theme=dark");
    jar.setDocumentCookie(client, url, "session=2");
    jar.setDocumentCookie(client, url, "other=1; HttpOnly");
    expect(jar.documentCookie(client, url)).toBe("theme=dark");
    expect(jar.all().map(({ name, value }) => `${name}=${value}`)).toEqual(["session=1", "theme=dark"]);
  });

  test("in a frame of another site shows no SameSite cookies", () => {
    const jar = jarOf("chromium");
    for (const line of sameSiteCookies) jar.set(url, line);
    expect(jar.documentCookie(clientOf({ top: "https://news.example/", document: url.href }), url)).toBe("none_sec=1");
  });
});

describe("reports", () => {
  test("name every reason", () => {
    const jar = jarOf({ ...profiles.chromium.cookies, thirdParty: "block" });
    const reports: CookieReport[] = [];
    const report = (entry: CookieReport) => reports.push(entry);
    for (const line of ["lax=1; SameSite=Lax", "open=1; SameSite=None", "e=1; Domain=example"]) {
      jar.set(new URL("https://shop.example/"), line, report);
    }
    jar.cookieHeaderFor(networkRequest({ from: "https://news.example/", to: "https://shop.example/" }), report);
    jar.cookieHeaderFor(networkRequest({ from: "https://shop.example/", to: "https://shop.example/" }), report);
    expect(reports).toEqual([
      { action: "stored", name: "lax", reasons: [] },
      { action: "refused", name: "open", reasons: ["same-site-none-not-secure"] },
      { action: "refused", name: "e", reasons: ["public-suffix"] },
      { action: "withheld", name: "lax", reasons: ["same-site-lax", "third-party"] },
      { action: "sent", name: "lax", reasons: [] },
    ]);
  });
});

describe("laws", () => {
  const hosts = ["shop.example", "www.shop.example", "evil.example", "localhost", "a.localhost", "127.0.0.1"];
  const url = fc
    .tuple(fc.constantFrom("http", "https"), fc.constantFrom(...hosts))
    .map(([scheme, host]) => `${scheme}://${host}/`);
  const profile = fc.constantFrom<ProfileName>("standard", "chromium", "firefox", "webkit");
  const attribute = fc.constantFrom(
    "Secure",
    "HttpOnly",
    "SameSite=None",
    "SameSite=Lax",
    "SameSite=Strict",
    "Partitioned",
    "Domain=shop.example",
  );
  const line = fc.array(attribute, { maxLength: 4 }).map((attributes) => ["a=1", ...attributes].join("; "));
  const into = fc.constantFrom<Ask["into"]>(undefined, "frame", "window");

  test("what the rules for third parties, SameSite and Secure forbid is never sent", () => {
    fc.assert(
      fc.property(profile, url, line, url, url, into, (name, visited, setCookie, from, to, how) => {
        const rules = profiles[name].cookies;
        const jar = jarOf(name);
        jar.set(new URL(visited), setCookie);
        const sent = jar.cookieHeaderFor(networkRequest({ from, to, ...(how === undefined ? {} : { into: how }) }));
        if (sent === null) return;
        const [cookie] = jar.all();
        const target = new URL(to);
        expect(target.hostname.endsWith(cookie?.domain ?? "-")).toBe(true);
        if (cookie?.secure) expect(target.protocol === "https:" || rules.secureOnLoopback).toBe(true);
        if (cookie?.sameSite === "strict")
          expect(target.hostname.endsWith(new URL(from).hostname.replace("www.", ""))).toBe(true);
        if (how !== "window" && (rules.thirdParty === "partition" || rules.thirdParty === "block")) {
          expect(
            cookie?.partition !== null || target.hostname.endsWith(new URL(from).hostname.replace("www.", "")),
          ).toBe(true);
        }
      }),
    );
  });

  test("blocking third parties never sends more than allowing them", () => {
    fc.assert(
      fc.property(profile, url, line, url, url, into, (name, visited, setCookie, from, to, how) => {
        const ask = networkRequest({ from, to, ...(how === undefined ? {} : { into: how }) });
        const sent = (["allow", "block"] as const).map((thirdParty) => {
          const jar = jarOf({ ...profiles[name].cookies, thirdParty });
          jar.set(new URL(visited), setCookie);
          return jar.cookieHeaderFor(ask);
        });
        if (sent[0] === null) expect(sent[1]).toBeNull();
      }),
    );
  });
});
