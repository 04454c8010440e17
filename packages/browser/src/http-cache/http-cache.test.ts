import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CacheMode,
  type Client,
  createOpaqueOrigin,
  type Header,
  type HeaderList,
  type NetworkRequest,
  type NetworkResponse,
  originOf,
  type ProfileName,
  profiles,
} from "@corsac/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BodySource } from "../body-source.ts";
import { Transport } from "../transport/transport.ts";
import { HttpCache } from "./http-cache.ts";

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly cache?: CacheMode;
  readonly headers?: HeaderList;
  readonly page?: string;
  readonly credentials?: boolean;
}

const start = Date.UTC(2026, 10, 22);
const clock = { now: start };
const transport = new Transport();
let server: Server;
let origin: string;
let answers: Answer[] = [];
let received: IncomingMessage[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    received.push(request);
    const {
      status = 200,
      headers = {},
      body = "",
    } = answers.length > 1 ? (answers.shift() as Answer) : (answers[0] ?? {});
    response.sendDate = false;
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await transport.close();
  server.close();
});

beforeEach(() => {
  clock.now = start;
  answers = [];
  received = [];
});

function cacheOf(profile: ProfileName = "standard", maxBytes = 1_000_000): HttpCache {
  return new HttpCache({ maxBytes, now: () => clock.now, profile: profiles[profile] });
}

function networkRequest({
  path = "/",
  method = "GET",
  cache = "default",
  page,
  credentials = false,
}: Ask): NetworkRequest {
  const url = new URL(path, origin);
  const pageUrl = new URL(page ?? "http://localhost/");
  const topLevelOrigin = pageUrl.protocol === "data:" ? createOpaqueOrigin() : originOf(pageUrl);
  const client: Client = {
    origin: topLevelOrigin,
    creationUrl: pageUrl,
    topLevelOrigin,
    embedderOrigin: null,
    referrerPolicy: "no-referrer",
    embedderPolicy: "unsafe-none",
    hasCrossSiteAncestor: false,
  };
  return {
    kind: "actual",
    method,
    url,
    headers: [],
    body: null,
    includeCredentials: credentials,
    credentialsMode: credentials ? "include" : "omit",
    cacheMode: cache,
    mode: "cors",
    destination: "",
    initiatorType: "fetch",
    responseTainting: "cors",
    origin: client.origin,
    client,
    urlList: [url],
    preflightReasons: [],
    preflight: "not-needed",
  };
}

function send(cache: HttpCache, ask: Ask): Promise<NetworkResponse> {
  const request = networkRequest(ask);
  return cache.handle(request, ask.headers ?? [], (headers) => transport.send(request, headers));
}

/** Asks, reads the body and tells what came and how. */
async function ask(cache: HttpCache, question: Ask = {}): Promise<string> {
  const before = received.length;
  const response = await send(cache, question);
  if (response.kind === "network-error") return "network error";
  const body = response.body === null ? "" : new TextDecoder().decode(await (response.body as BodySource).bytes());
  return `${response.status} ${body} ${received.length === before ? "stored" : "sent"}`;
}

function headerOf(response: NetworkResponse, name: string): string | undefined {
  if (response.kind !== "response") return undefined;
  return response.headers.find((header: Header) => header[0].toLowerCase() === name)?.[1];
}

const fresh: Answer = { headers: { "Content-Length": "3", "Cache-Control": "max-age=600" }, body: "one" };
const second: Answer = { body: "two" };

describe("cache modes", () => {
  const etag = '"1"';
  test.each<{ mode: CacheMode; when: "nothing" | "fresh" | "stale"; want: string; conditional?: true }>([
    { mode: "default", when: "nothing", want: "200 two sent" },
    { mode: "default", when: "fresh", want: "200 one stored" },
    { mode: "default", when: "stale", want: "200 two sent", conditional: true },
    { mode: "no-cache", when: "nothing", want: "200 two sent" },
    { mode: "no-cache", when: "fresh", want: "200 two sent", conditional: true },
    { mode: "no-cache", when: "stale", want: "200 two sent", conditional: true },
    { mode: "force-cache", when: "nothing", want: "200 two sent" },
    { mode: "force-cache", when: "fresh", want: "200 one stored" },
    { mode: "force-cache", when: "stale", want: "200 one stored" },
    { mode: "only-if-cached", when: "nothing", want: "network error" },
    { mode: "only-if-cached", when: "fresh", want: "200 one stored" },
    { mode: "only-if-cached", when: "stale", want: "200 one stored" },
    { mode: "reload", when: "nothing", want: "200 two sent" },
    { mode: "reload", when: "fresh", want: "200 two sent" },
    { mode: "reload", when: "stale", want: "200 two sent" },
    { mode: "no-store", when: "nothing", want: "200 two sent" },
    { mode: "no-store", when: "fresh", want: "200 two sent" },
    { mode: "no-store", when: "stale", want: "200 two sent" },
  ])("$mode with $when", async ({ mode, when, want, conditional = false }) => {
    const cache = cacheOf();
    if (when !== "nothing") {
      answers = [{ headers: { "Cache-Control": "max-age=600", ETag: etag }, body: "one" }];
      await ask(cache);
      if (when === "stale") clock.now += 600_000;
    }
    answers = [second];
    received = [];
    expect(await ask(cache, { cache: mode })).toBe(want);
    expect(received[0]?.headers["if-none-match"]).toBe(conditional ? etag : undefined);
  });

  test("reload renews what is stored, no-store leaves it alone", async () => {
    const cache = cacheOf();
    answers = [fresh, { ...fresh, body: "two" }, { ...fresh, body: "six" }];
    await ask(cache);
    await ask(cache, { cache: "reload" });
    expect(await ask(cache)).toBe("200 two stored");
    await ask(cache, { cache: "no-store" });
    expect(await ask(cache)).toBe("200 two stored");
  });

  test.each([
    ["no-cache", "Cache-Control", "no-cache", undefined],
    ["Pragma", "Pragma", "no-cache", undefined],
    ["max-age=0", "Cache-Control", "max-age=0", '"1"'],
    ["no-store", "Cache-Control", "no-store", undefined],
  ])("a script's own %s asks for the server", async (_title, name, value, conditional) => {
    const cache = cacheOf();
    answers = [{ headers: { "Cache-Control": "max-age=600", ETag: '"1"' }, body: "one" }, second];
    await ask(cache);
    expect(await ask(cache, { headers: [[name, value]] })).toBe("200 two sent");
    expect(received[1]?.headers["if-none-match"]).toBe(conditional);
  });
});

describe("what is stored, and for how long", () => {
  test.each<{ title: string; answer: Answer; profile?: ProfileName; after?: number; want: "sent" | "stored" }>([
    {
      title: "max-age, one second before its end",
      answer: { headers: { "Cache-Control": "max-age=60" } },
      after: 59,
      want: "stored",
    },
    { title: "max-age, at its end", answer: { headers: { "Cache-Control": "max-age=60" } }, after: 60, want: "sent" },
    {
      title: "directives in upper case",
      answer: { headers: { "Cache-Control": "Public, Max-Age=60" } },
      want: "stored",
    },
    { title: "Age counts", answer: { headers: { "Cache-Control": "max-age=60", Age: "50" } }, after: 10, want: "sent" },
    {
      title: "must-revalidate does not matter while fresh",
      answer: { headers: { "Cache-Control": "max-age=60, must-revalidate" } },
      want: "stored",
    },
    { title: "private is for us", answer: { headers: { "Cache-Control": "private, max-age=60" } }, want: "stored" },
    { title: "s-maxage is not", answer: { headers: { "Cache-Control": "s-maxage=60" } }, want: "sent" },
    {
      title: "Expires",
      answer: { headers: { Expires: new Date(start + 60_000).toUTCString() } },
      after: 59,
      want: "stored",
    },
    { title: "Expires in the past", answer: { headers: { Expires: "0" } }, want: "sent" },
    {
      title: "a tenth of the age of what was last modified",
      answer: { headers: { "Last-Modified": new Date(start - 1_000_000).toUTCString() } },
      after: 99,
      want: "stored",
    },
    { title: "nothing said", answer: {}, want: "sent" },
    { title: "no-store", answer: { headers: { "Cache-Control": "no-store, max-age=60" } }, want: "sent" },
    { title: "no-cache", answer: { headers: { "Cache-Control": "no-cache" } }, want: "sent" },
    { title: "Vary: *", answer: { headers: { "Cache-Control": "max-age=60", Vary: "*" } }, want: "sent" },
    {
      title: "an error with explicit freshness",
      answer: { status: 503, headers: { "Cache-Control": "max-age=60" } },
      want: "stored",
    },
    {
      title: "an error without",
      answer: { status: 503, headers: { "Last-Modified": new Date(0).toUTCString() } },
      want: "sent",
    },
    {
      title: "204, which has no body",
      answer: { status: 204, headers: { "Cache-Control": "max-age=60" } },
      want: "stored",
    },
    {
      title: "302 with explicit freshness",
      answer: { status: 302, headers: { "Cache-Control": "max-age=60", Location: "/x" } },
      want: "stored",
    },
    {
      title: "301 for ever, in Chromium",
      profile: "chromium",
      answer: { status: 301, headers: { Location: "/x" } },
      after: 1e8,
      want: "stored",
    },
    {
      title: "301 for ever, in WebKit",
      profile: "webkit",
      answer: { status: 301, headers: { Location: "/x" } },
      after: 1e8,
      want: "stored",
    },
    {
      title: "not 308 in WebKit",
      profile: "webkit",
      answer: { status: 308, headers: { Location: "/x" } },
      want: "sent",
    },
    {
      title: "not 301 in Firefox",
      profile: "firefox",
      answer: { status: 301, headers: { Location: "/x" } },
      want: "sent",
    },
    {
      title: "301 with an age of its own",
      profile: "chromium",
      answer: { status: 301, headers: { "Cache-Control": "max-age=60", Location: "/x" } },
      after: 60,
      want: "sent",
    },
  ])("$title: $want", async ({ answer, profile = "standard", after = 0, want }) => {
    const cache = cacheOf(profile);
    answers = [answer];
    await ask(cache);
    clock.now += after * 1000;
    expect(await ask(cache)).toMatch(new RegExp(`${want}$`));
  });

  test.each<{ profile: ProfileName; want: string }>([
    { profile: "chromium", want: "200 one sent" },
    { profile: "firefox", want: "200 one stored" },
    { profile: "webkit", want: "200 one stored" },
  ])("$profile: a response over a connection whose certificate error is overlooked", async ({ profile, want }) => {
    const cache = cacheOf(profile);
    answers = [fresh];
    const request = networkRequest({});
    await cache.handle(request, [], async (headers) => {
      const response = await transport.send(request, headers);
      return response.kind === "response" ? { ...response, hasCertificateError: true } : response;
    });
    expect(await ask(cache)).toBe(want);
  });

  test("a fragment makes no difference, a query does", async () => {
    const cache = cacheOf();
    answers = [fresh];
    await ask(cache, { path: "/a#x" });
    expect(await ask(cache, { path: "/a#y" })).toBe("200 one stored");
    expect(await ask(cache, { path: "/a?x" })).toBe("200 one sent");
  });

  test("a part is neither stored nor made of what is stored", async () => {
    const cache = cacheOf();
    answers = [
      fresh,
      { status: 206, headers: { "Cache-Control": "max-age=600", "Content-Range": "bytes 0-0/3" }, body: "o" },
    ];
    await ask(cache);
    expect(await ask(cache, { headers: [["Range", "bytes=0-0"]] })).toBe("206 o sent");
    expect(await ask(cache)).toBe("200 one stored");
  });

  test("HEAD is answered by what GET stored, and stores nothing", async () => {
    const cache = cacheOf();
    answers = [fresh];
    expect(await ask(cache, { method: "HEAD" })).toBe("200  sent");
    expect(await ask(cache)).toBe("200 one sent");
    expect(await ask(cache, { method: "HEAD" })).toBe("200  stored");
  });
});

describe("Vary", () => {
  test("another value of a named header asks for the server, with the entity tag only", async () => {
    const cache = cacheOf();
    const headers = {
      "Cache-Control": "max-age=600",
      Vary: "Origin",
      ETag: '"1"',
      "Last-Modified": new Date(0).toUTCString(),
    };
    answers = [
      { headers, body: "one" },
      { headers: { ...headers, ETag: '"2"' }, body: "two" },
    ];
    await ask(cache, { headers: [["Origin", "http://a.example"]] });
    expect(await ask(cache, { headers: [["Origin", "http://a.example"]] })).toBe("200 one stored");
    expect(await ask(cache)).toBe("200 two sent");
    expect(received[1]?.headers).toMatchObject({ "if-none-match": '"1"' });
    expect(received[1]?.headers["if-modified-since"]).toBeUndefined();
    expect(await ask(cache)).toBe("200 two stored");
  });

  test("WebKit asks for another variant as if it had none", async () => {
    const cache = cacheOf("webkit");
    answers = [{ headers: { "Cache-Control": "max-age=600", Vary: "Origin", ETag: '"1"' }, body: "one" }];
    await ask(cache, { headers: [["Origin", "http://a.example"]] });
    expect(await ask(cache)).toBe("200 one sent");
    expect(received[1]?.headers["if-none-match"]).toBeUndefined();
    expect(await ask(cache)).toBe("200 one stored");
  });
});

describe("validation", () => {
  const stored = {
    "Content-Length": "3",
    "Cache-Control": "max-age=60",
    ETag: '"1"',
    "Last-Modified": new Date(0).toUTCString(),
  };

  test.each<{
    title: string;
    stored?: Record<string, string>;
    notModified: Record<string, string>;
    want: string | undefined;
  }>([
    {
      title: "a 304 without a header keeps the stored one",
      stored: { "Access-Control-Allow-Origin": "*" },
      notModified: {},
      want: "*",
    },
    {
      title: "a 304 with another value replaces it",
      stored: { "Access-Control-Allow-Origin": "http://a.example" },
      notModified: { "Access-Control-Allow-Origin": "http://b.example" },
      want: "http://b.example",
    },
    { title: "a 304 adds what was not stored", notModified: { "Access-Control-Allow-Origin": "*" }, want: "*" },
  ])("$title", async ({ stored: more = {}, notModified, want }) => {
    const cache = cacheOf();
    answers = [
      { headers: { ...stored, ...more }, body: "one" },
      { status: 304, headers: { ...notModified, ETag: '"1"' } },
    ];
    await ask(cache);
    clock.now += 60_000;
    const response = await send(cache, {});
    expect(received[1]?.headers).toMatchObject({
      "if-none-match": '"1"',
      "if-modified-since": stored["Last-Modified"],
    });
    expect(response).toMatchObject({ kind: "response", status: 200 });
    expect(headerOf(response, "access-control-allow-origin")).toBe(want);
    expect(headerOf(response, "content-length")).toBe("3");
    // It is fresh again, with the new headers.
    const again = await send(cache, {});
    expect(received).toHaveLength(2);
    expect(headerOf(again, "access-control-allow-origin")).toBe(want);
  });

  test("a 304 that was not asked for here is passed on", async () => {
    answers = [{ status: 304 }];
    expect(await ask(cacheOf(), { cache: "no-store", headers: [["If-None-Match", '"x"']] })).toBe("304  sent");
  });

  test("a full answer replaces what is stored, also when it may not be stored itself", async () => {
    const cache = cacheOf();
    answers = [
      { headers: stored, body: "one" },
      { headers: { "Cache-Control": "no-store" }, body: "two" },
    ];
    await ask(cache);
    await ask(cache, { cache: "no-cache" });
    expect(await ask(cache, { cache: "only-if-cached" })).toBe("network error");
  });

  test("stale-while-revalidate gives out the old one and fetches the new one", async () => {
    const cache = cacheOf();
    const headers = { "Cache-Control": "max-age=60, stale-while-revalidate=60", ETag: '"1"' };
    answers = [
      { headers, body: "one" },
      { headers, body: "two" },
    ];
    await ask(cache);
    clock.now += 90_000;
    expect(await ask(cache)).toMatch(/^200 one/);
    await expect.poll(() => ask(cache)).toBe("200 two stored");
    clock.now += 120_000;
    expect(await ask(cache)).toBe("200 two sent");
  });
});

describe("invalidation", () => {
  test.each<{ method: string; answer: Answer; want: "sent" | "stored" }>([
    { method: "POST", answer: {}, want: "sent" },
    { method: "PUT", answer: { status: 204 }, want: "sent" },
    { method: "DELETE", answer: { status: 303 }, want: "sent" },
    { method: "PROPFIND", answer: {}, want: "stored" },
    { method: "OPTIONS", answer: {}, want: "stored" },
    { method: "POST", answer: { status: 400 }, want: "stored" },
    { method: "POST", answer: { status: 500 }, want: "stored" },
  ])("$method answered with $answer.status: the stored response is $want", async ({ method, answer, want }) => {
    const cache = cacheOf("firefox");
    answers = [fresh];
    await ask(cache, { credentials: true });
    answers = [answer];
    await ask(cache, { method });
    answers = [fresh];
    expect(await ask(cache, { credentials: true })).toBe(`200 one ${want}`);
  });

  test("reaches Location and Content-Location of the same origin", async () => {
    const cache = cacheOf();
    answers = [fresh];
    for (const path of ["/a", "/b", "/c"]) await ask(cache, { path });
    answers = [{ status: 201, headers: { Location: "/a", "Content-Location": "http://other.example/b" } }];
    await ask(cache, { path: "/new", method: "POST" });
    answers = [fresh];
    expect(await ask(cache, { path: "/a" })).toBe("200 one sent");
    expect(await ask(cache, { path: "/b" })).toBe("200 one stored");
  });

  test("catches a response that is still arriving", async () => {
    const cache = cacheOf();
    answers = [fresh];
    const arriving = await send(cache, {});
    await ask(cache, { method: "POST" });
    if (arriving.kind === "response") await (arriving.body as BodySource).bytes();
    expect(await ask(cache)).toBe("200 one sent");
  });
});

describe("partitions", () => {
  test("each top-level site has its own cache", async () => {
    const cache = cacheOf();
    answers = [fresh];
    await ask(cache, { page: "http://www.a.example/" });
    expect(await ask(cache, { page: "http://app.a.example/" })).toBe("200 one stored");
    expect(await ask(cache, { page: "http://b.example/" })).toBe("200 one sent");
    expect(await ask(cache, { page: "data:text/html," })).toBe("200 one sent");
    expect(await ask(cache, { page: "data:text/html," })).toBe("200 one sent");
  });

  test.each<{ profile: ProfileName; want: string }>([
    { profile: "chromium", want: "200 one stored" },
    { profile: "webkit", want: "200 one stored" },
    { profile: "firefox", want: "200 one sent" },
  ])("$profile: a response fetched without credentials, asked for with them", async ({ profile, want }) => {
    const cache = cacheOf(profile);
    answers = [fresh];
    await ask(cache, { credentials: false });
    expect(await ask(cache, { credentials: true })).toBe(want);
  });
});

describe("bodies", () => {
  test.each<{ profile: ProfileName; want: string }>([
    { profile: "standard", want: "200 one stored" },
    { profile: "firefox", want: "200 one stored" },
    { profile: "chromium", want: "200 one sent" },
    { profile: "webkit", want: "200 one sent" },
  ])("$profile: a response that is given up", async ({ profile, want }) => {
    const cache = cacheOf(profile);
    answers = [fresh];
    const response = await send(cache, {});
    if (response.kind === "response") (response.body as BodySource).cancel();
    if (want.endsWith("stored")) await expect.poll(() => cache.size).toBeGreaterThan(0);
    expect(await ask(cache)).toBe(want);
  });

  test("who comes while a usable response is arriving waits for it", async () => {
    const cache = cacheOf("chromium");
    answers = [fresh];
    await send(cache, {});
    expect(await ask(cache)).toBe("200 one stored");
    answers = [{ headers: { "Content-Length": "3", ETag: '"1"' }, body: "one" }, { status: 304 }];
    await send(cache, { path: "/validated" });
    expect(await ask(cache, { path: "/validated" })).toBe("200 one sent");
    expect(received.at(-1)?.headers["if-none-match"]).toBe('"1"');
  });

  test("and not for one of no use, or of unknown length", async () => {
    const cache = cacheOf("chromium");
    answers = [{ headers: { "Content-Length": "3" }, body: "one" }];
    await send(cache, {});
    expect(await ask(cache)).toBe("200 one sent");
    answers = [{ headers: { "Cache-Control": "max-age=600" }, body: "one" }];
    await send(cache, { path: "/chunked" });
    expect(await ask(cache, { path: "/chunked" })).toBe("200 one sent");
  });

  test("a response whose body nobody reads is stored", async () => {
    const cache = cacheOf("chromium");
    answers = [fresh];
    await send(cache, {});
    await expect.poll(() => cache.size).toBeGreaterThan(0);
    expect(await ask(cache)).toBe("200 one stored");
  });

  test("a body that was read ahead is complete, read whole or as a stream", async () => {
    const cache = cacheOf();
    answers = [{ headers: { "Cache-Control": "max-age=600" }, body: "x".repeat(100_000) }];
    const whole = await send(cache, {});
    await expect.poll(() => cache.size).toBeGreaterThan(0);
    const streamed = await send(cache, { cache: "reload" });
    await expect.poll(() => cache.size).toBeGreaterThan(0);
    if (whole.kind !== "response" || streamed.kind !== "response") throw new Error("no response");
    expect((await (whole.body as BodySource).bytes()).byteLength).toBe(100_000);
    expect((await new Response((streamed.body as BodySource).stream()).text()).length).toBe(100_000);
  });

  test("a stream that is read is stored as it passes", async () => {
    const cache = cacheOf();
    answers = [fresh];
    const response = await send(cache, {});
    if (response.kind !== "response") throw new Error("no response");
    expect(await new Response((response.body as BodySource).stream()).text()).toBe("one");
    const stored = await send(cache, {});
    if (stored.kind !== "response") throw new Error("no response");
    expect(stored.fromCache).toBe(true);
    expect(await new Response((stored.body as BodySource).stream()).text()).toBe("one");
  });

  test("a reader cannot change what is stored", async () => {
    const cache = cacheOf();
    answers = [fresh];
    for (let i = 0; i < 3; i++) {
      const response = await send(cache, {});
      if (response.kind !== "response") throw new Error("no response");
      const bytes = await (response.body as BodySource).bytes();
      expect(new TextDecoder().decode(bytes)).toBe("one");
      bytes.fill(0);
    }
  });

  test("a body over an eighth of the cache is not stored", async () => {
    const cache = cacheOf("standard", 80_000);
    answers = [{ headers: { "Cache-Control": "max-age=600" }, body: "x".repeat(10_001) }];
    await ask(cache);
    expect(await ask(cache)).toMatch(/sent$/);
    answers = [{ headers: { "Cache-Control": "max-age=600" }, body: "x".repeat(9_000) }];
    await ask(cache);
    expect(await ask(cache)).toMatch(/stored$/);
  });

  test("the least recently used make room", async () => {
    const cache = cacheOf("standard", 80_000);
    answers = [{ headers: { "Cache-Control": "max-age=600" }, body: "x".repeat(9_000) }];
    for (let i = 0; i < 12; i++) {
      await ask(cache, { path: `/${i}` });
      await ask(cache, { path: "/0" });
    }
    expect(cache.size).toBeLessThanOrEqual(80_000);
    expect(await ask(cache, { path: "/0" })).toMatch(/stored$/);
    expect(await ask(cache, { path: "/1" })).toMatch(/sent$/);
  });
});
