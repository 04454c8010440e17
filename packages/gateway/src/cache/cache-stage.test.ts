import { Readable } from "node:stream";
import { beforeEach, expect, test, vi } from "vitest";
import { exchange, gatewayRequest, type Recorded, RecordingSink } from "../../test/recording-sink.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { Handler, ResponseSink } from "../exchange/response-sink.ts";
import { type CacheStageOptions, withCache } from "./cache-stage.ts";
import type { CacheStore, StoredResponse } from "./cache-store.ts";
import { createMemoryCacheStore } from "./memory-store.ts";

const start = Date.UTC(2026, 10, 22, 12);
const fresh = { "cache-control": "max-age=60" };

let now = start;
let errors: unknown[] = [];
beforeEach(() => {
  now = start;
  errors = [];
});

const unreachable = new GatewayError("upstream-unreachable", "The upstream does not answer.");

/** What the upstream gets, and how the test answers it. */
class Upstream {
  readonly requests: GatewayRequest[] = [];
  readonly sinks: ResponseSink[] = [];
  aborts = 0;

  readonly handle: Handler = (request, sink) => {
    this.requests.push(request);
    this.sinks.push(sink);
    sink.onAbort(() => {
      this.aborts += 1;
    });
  };

  get count(): number {
    return this.requests.length;
  }

  get last(): HeaderFields {
    return this.requests.at(-1)?.headers ?? {};
  }

  head(headers: HeaderFields = {}, status = 200, index = this.sinks.length - 1): ResponseSink {
    const sink = this.sinks[index] as ResponseSink;
    sink.start({ status, statusText: "", headers: { ...headers } });
    return sink;
  }

  answer(headers: HeaderFields = {}, body = "content", status = 200, index = this.sinks.length - 1): void {
    const sink = this.head(headers, status, index);
    if (body !== "") sink.write(Buffer.from(body));
    sink.end(null);
  }
}

function cached(options: Partial<CacheStageOptions> = {}) {
  const upstream = new Upstream();
  const stage = withCache(upstream.handle, {
    store: createMemoryCacheStore({ clock: () => now }),
    clock: () => now,
    scope: "route",
    upstream: new URL("http://api.example"),
    prefix: "",
    maxEntryBytes: 1000,
    maxWait: 5,
    forwardOrigin: false,
    ownsCors: true,
    onStoreError: (error) => errors.push(error),
    ...options,
  });
  const ask = (headers: HeaderFields = {}, members: Partial<GatewayRequest> = {}) => {
    const sink = new RecordingSink();
    stage(gatewayRequest({ target: "/books", headers, ...members }), sink);
    return sink;
  };
  return { upstream, stage, ask };
}

/** Has the upstream answer the first request. */
async function primed(headers: HeaderFields, options: Partial<CacheStageOptions> = {}, asked: HeaderFields = {}) {
  const all = cached(options);
  const first = all.ask(asked);
  all.upstream.answer(headers);
  return { ...all, first: await first.ended };
}

function status({ head }: Recorded): string {
  return `${head?.status} ${String(head?.headers["cache-status"])}`;
}

test("the second answer comes from the store, with its age, as what the upstream said and nothing else", async () => {
  const { upstream, ask, first } = await primed({
    ...fresh,
    etag: '"a"',
    "access-control-allow-origin": "*",
    "x-a": ["1", "2"],
  });
  expect(status(first)).toBe("200 corsac; fwd=uri-miss; stored");
  now += 10_500;
  const second = await ask().ended;
  expect(second.body).toBe("content");
  expect(second.head).toEqual({
    status: 200,
    statusText: "",
    headers: {
      ...fresh,
      etag: '"a"',
      "x-a": ["1", "2"],
      date: new Date(start).toUTCString(),
      age: "10",
      "content-length": "7",
      "cache-status": "corsac; hit; ttl=49",
    },
  });
  expect(upstream.count).toBe(1);
});

test("a sink may change what it gets; the next one gets what is stored", async () => {
  const { ask } = await primed(fresh);
  const [second, third] = [ask(), ask()];
  if (second.head !== null) second.head.headers["cache-control"] = "no-store";
  expect((await third.ended).head?.headers["cache-control"]).toBe("max-age=60");
  expect((await ask().ended).head?.headers["cache-control"]).toBe("max-age=60");
});

test.each<[string, HeaderFields, Partial<GatewayRequest>, string]>([
  ["another target", {}, { target: "/books?page=2" }, "uri-miss"],
  ["another name of the gateway", {}, { authority: "other.example" }, "uri-miss"],
  ["another scheme", {}, { scheme: "https" }, "uri-miss"],
  ["another variant", { accept: "text/html" }, {}, "vary-miss"],
  ["no-cache", { "cache-control": "no-cache" }, {}, "request"],
  ["no-store", { "cache-control": "no-store" }, {}, "request"],
  ["If-Match", { "if-match": '"a"' }, {}, "request"],
  ["a GET with content", {}, { body: Readable.from(["x"]) }, "request"],
  ["OPTIONS", {}, { method: "OPTIONS" }, "method"],
  ["PROPFIND", {}, { method: "PROPFIND" }, "method"],
])("%s is forwarded", async (_title, headers, members, reason) => {
  const { upstream, ask } = await primed({ ...fresh, vary: "Accept" });
  const second = ask(headers, members);
  expect(upstream.count).toBe(2);
  upstream.answer({}, "other");
  const recorded = await second.ended;
  expect(recorded.head?.headers["cache-status"]).toContain(`corsac; fwd=${reason}`);
  expect(recorded.body).toBe("other");
});

test("responses of several variants are kept, and Origin is none unless the upstream sees it", async () => {
  for (const forwardOrigin of [false, true]) {
    const { upstream, ask } = await primed(
      { ...fresh, vary: "Accept, Origin" },
      { forwardOrigin },
      { accept: "a", origin: "x" },
    );
    void ask({ accept: "b", origin: "x" });
    upstream.answer({ ...fresh, vary: "Accept, Origin" }, "b");
    expect((await ask({ accept: "a", origin: "x" }).ended).body).toBe("content");
    expect((await ask({ accept: "b", origin: "x" }).ended).body).toBe("b");
    void ask({ accept: "a", origin: "y" });
    expect(upstream.count).toBe(forwardOrigin ? 3 : 2);
  }
});

test.each<[string, HeaderFields, Partial<GatewayRequest>, number, string]>([
  ["what the client has", { "if-none-match": '"a"' }, {}, 304, ""],
  ["what the client has not", { "if-none-match": '"b"' }, {}, 200, "content"],
  ["a part", { range: "bytes=1-3" }, {}, 206, "ont"],
  ["a part that is not there", { range: "bytes=9-" }, {}, 416, ""],
  ["a part of what the client has", { range: "bytes=1-3", "if-none-match": '"a"' }, {}, 304, ""],
  ["HEAD", {}, { method: "HEAD" }, 200, ""],
])("%s is answered from the store", async (_title, headers, members, want, body) => {
  const { upstream, ask } = await primed({ ...fresh, etag: '"a"', "content-type": "text/plain" });
  const recorded = await ask(headers, members).ended;
  expect(recorded.head?.status).toBe(want);
  expect(recorded.body).toBe(body);
  expect(recorded.head?.headers.etag).toBe('"a"');
  expect("content-type" in (recorded.head?.headers ?? {})).toBe(want !== 304);
  expect(upstream.count).toBe(1);
});

test("a stale response is validated, updated by the 304, and then answers as a new one", async () => {
  const { upstream, ask } = await primed({ ...fresh, etag: '"a"', "x-a": "1" });
  now += 61_000;
  const second = ask({ "if-none-match": '"z"', accept: "x" });
  expect(upstream.last).toEqual({ "if-none-match": '"a"', accept: "x" });
  upstream.answer({ ...fresh, etag: '"a"', "x-a": "2", "set-cookie": "s=1" }, "", 304);
  const recorded = await second.ended;
  expect(status(recorded)).toBe("200 corsac; fwd=stale; fwd-status=304; stored; detail=stale");
  expect(recorded.body).toBe("content");
  expect(recorded.head?.headers).toMatchObject({ "x-a": "2", age: "0", "set-cookie": ["s=1"] });
  const third = await ask().ended;
  expect(status(third)).toBe("200 corsac; hit; ttl=60");
  expect(third.head?.headers["x-a"]).toBe("2");
  expect(third.head?.headers).not.toHaveProperty("set-cookie");
});

test("a client that has the state which was validated is told so", async () => {
  const { upstream, ask } = await primed({ ...fresh, etag: '"a"' });
  now += 61_000;
  const second = ask({ "if-none-match": '"a"' });
  upstream.answer({ ...fresh, etag: '"a"' }, "", 304);
  expect((await second.ended).head?.status).toBe(304);
});

test("a 304 about another variant makes that the answer, for this request from now on", async () => {
  const { upstream, ask } = await primed({ ...fresh, etag: '"a"', vary: "Accept" }, {}, { accept: "a" });
  const second = ask({ accept: "b" });
  expect(upstream.last["if-none-match"]).toBe('"a"');
  upstream.answer({ ...fresh, etag: '"a"', vary: "Accept" }, "", 304);
  expect((await second.ended).body).toBe("content");
  expect(status(await ask({ accept: "b" }).ended)).toBe("200 corsac; hit; ttl=60");
  expect(status(await ask({ accept: "a" }).ended)).toBe("200 corsac; hit; ttl=60");
});

test("a 304 that adds to Vary leaves nothing behind that others would select", async () => {
  const { upstream, ask } = await primed({ "cache-control": "max-age=0, stale-while-revalidate=60", etag: '"a"' });
  await ask({ accept: "a" }).ended;
  upstream.answer({ ...fresh, etag: '"a"', vary: "Accept" }, "", 304);
  const other = ask({ accept: "b" });
  upstream.answer({}, "other");
  expect((await other.ended).body).toBe("other");
  expect((await ask({ accept: "a" }).ended).body).toBe("content");
});

test("a 304 about nothing that is stored is no answer: the whole is asked for", async () => {
  const { upstream, ask } = await primed({ ...fresh, etag: '"a"' });
  now += 61_000;
  const second = ask();
  upstream.answer({ etag: '"b"' }, "", 304);
  expect(upstream.last).toEqual({});
  upstream.answer({ ...fresh, etag: '"b"' }, "new");
  expect((await second.ended).body).toBe("new");
});

test("a 304 for what only the client has is passed on", async () => {
  const { upstream, ask } = cached();
  const first = ask({ "if-none-match": '"a"' });
  expect(upstream.last["if-none-match"]).toBe('"a"');
  upstream.answer({ etag: '"a"' }, "", 304);
  expect((await first.ended).head?.status).toBe(304);
});

test("a 304 that forbids storing ends the use of what is stored", async () => {
  const { upstream, ask } = await primed({ ...fresh, etag: '"a"' });
  now += 61_000;
  const second = ask();
  upstream.answer({ "cache-control": "no-store", etag: '"a"' }, "", 304);
  expect((await second.ended).body).toBe("content");
  void ask();
  expect(upstream.last).toEqual({});
});

test("HEAD tells whether what is stored still holds", async () => {
  const { upstream, ask } = await primed({ ...fresh, etag: '"a"', "content-length": "7" });
  now += 61_000;
  void ask({}, { method: "HEAD" });
  expect(upstream.requests.at(-1)?.method).toBe("HEAD");
  upstream.answer({ ...fresh, etag: '"a"', "content-length": "7" }, "");
  expect((await ask().ended).head?.headers["cache-status"]).toBe("corsac; hit; ttl=60");
  now += 61_000;
  void ask({}, { method: "HEAD" });
  upstream.answer({ ...fresh, etag: '"b"', "content-length": "7" }, "");
  void ask();
  expect(upstream.last).toEqual({});
});

test("stale-while-revalidate answers at once and validates behind, once", async () => {
  const { upstream, ask } = await primed({ "cache-control": "max-age=60, stale-while-revalidate=60", etag: '"a"' });
  now += 61_000;
  const second = await ask({ "if-none-match": '"z"' }).ended;
  expect(status(second)).toBe("200 corsac; hit; ttl=-1; detail=stale-while-revalidate");
  await ask().ended;
  expect(upstream.count).toBe(2);
  expect(upstream.last).toEqual({ "if-none-match": '"a"' });
  upstream.answer(fresh, "new");
  expect((await ask().ended).body).toBe("new");
  expect(upstream.count).toBe(2);
});

test.each<[string, string, HeaderFields, boolean]>([
  ["with stale-if-error", "max-age=60, stale-if-error=60", {}, true],
  ["with stale-if-error of the request", "max-age=60", { "cache-control": "stale-if-error=60" }, true],
  ["without", "max-age=60", {}, false],
  ["with must-revalidate", "max-age=60, stale-if-error=60, must-revalidate", {}, false],
])("an error of the upstream, %s", async (_title, cacheControl, asked, served) => {
  const { upstream, ask } = await primed({ "cache-control": cacheControl, etag: '"a"' });
  now += 61_000;
  const second = ask(asked);
  upstream.answer({}, "error", 503);
  const recorded = await second.ended;
  expect(recorded.body).toBe(served ? "content" : "error");
  expect(recorded.head?.headers["cache-status"]).toContain(served ? "fwd=stale; fwd-status=503" : "fwd=stale");
  expect(upstream.aborts).toBe(served ? 1 : 0);
  const third = ask(asked);
  upstream.sinks.at(-1)?.fail(unreachable);
  const last = await third.ended;
  expect(last.error).toBe(served ? null : unreachable);
});

test("a refusal by the gateway is no error of the upstream", async () => {
  const { upstream, ask } = await primed({ "cache-control": "max-age=60, stale-if-error=60" });
  now += 61_000;
  const second = ask();
  const refusal = new GatewayError("too-many-requests", "Not so fast.");
  upstream.sinks.at(-1)?.fail(refusal);
  expect((await second.ended).error).toBe(refusal);
});

test("only-if-cached never reaches the upstream", async () => {
  const { upstream, ask } = await primed(fresh);
  const onlyIfCached = { "cache-control": "only-if-cached" };
  expect((await ask(onlyIfCached).ended).body).toBe("content");
  const missing = await ask(onlyIfCached, { target: "/other" }).ended;
  expect(missing.error).toMatchObject({ code: "not-stored", status: 504 });
  expect((await ask({ "cache-control": "only-if-cached, no-store" }).ended).error).toMatchObject({
    code: "not-stored",
  });
  now += 61_000;
  expect((await ask(onlyIfCached).ended).error).toMatchObject({ code: "not-stored" });
  expect(upstream.count).toBe(1);
});

test("content that is too long, shorter than said, or cut off is not stored", async () => {
  const { upstream, ask } = cached({ maxEntryBytes: 10 });
  void ask();
  upstream.answer({ ...fresh, "content-length": "11" }, "01234567890");
  void ask();
  upstream.answer(fresh, "01234567890");
  void ask();
  upstream.answer({ ...fresh, "content-length": "9" }, "01234567");
  const cut = ask();
  const sink = upstream.head(fresh);
  sink.write(Buffer.from("0123"));
  sink.fail(unreachable);
  expect((await cut.ended).error).toBe(unreachable);
  void ask();
  expect(upstream.count).toBe(5);
  upstream.answer(fresh, "0123456789");
  expect((await ask().ended).body).toBe("0123456789");
});

test("only so much content is kept at the same time, and its room is free afterwards", async () => {
  const { upstream, ask } = cached({ maxEntryBytes: 10 });
  const paths = Array.from({ length: 18 }, (_, index) => `/${index}`);
  const round = () => {
    const first = upstream.count;
    for (const target of paths) {
      void ask({}, { target });
      upstream.head(fresh).write(Buffer.from("0123456789"));
    }
    return upstream.sinks.slice(first);
  };
  for (const sink of round()) sink.fail(unreachable);
  for (const sink of round()) sink.end(null);
  const before = upstream.count;
  for (const target of paths) void ask({}, { target });
  expect(upstream.count - before).toBe(2);
});

test("interim responses are passed on and not stored, trailers are both", async () => {
  const { upstream, ask } = cached();
  const first = ask();
  upstream.sinks[0]?.inform(103, { link: "</a>" });
  upstream.head(fresh).write(Buffer.from("x"));
  upstream.sinks[0]?.end({ checksum: "1" });
  expect((await first.ended).informs).toHaveLength(1);
  const second = await ask().ended;
  expect(second.informs).toHaveLength(0);
  expect(second.trailers).toEqual({ checksum: "1" });
});

test.each([
  ["POST", 201, true],
  ["PUT", 204, true],
  ["DELETE", 302, true],
  ["PATCH", 200, true],
  ["M-SEARCH", 200, true],
  ["POST", 404, false],
  ["POST", 500, false],
  ["PROPFIND", 207, false],
])("%s answered with %i invalidates: %s", async (method, answer, want) => {
  const { upstream, ask } = await primed(fresh);
  const second = ask({}, { method });
  upstream.answer({}, "", answer);
  expect((await second.ended).head?.headers["cache-status"]).toBe("corsac; fwd=method");
  void ask();
  expect(upstream.count).toBe(want ? 3 : 2);
});

test.each(["x-http-method-override", "x-http-method", "x-method-override"])(
  "a GET with %s is not answered from the store, not stored, and invalidates",
  async (name) => {
    const { upstream, ask } = await primed(fresh);
    const overridden = ask({ [name]: "DELETE" });
    upstream.answer(fresh, "deleted");
    expect(status(await overridden.ended)).toBe("200 corsac; fwd=method");
    ask();
    expect(upstream.count).toBe(3);
  },
);

test("what Location names is invalidated, and so is everything when nobody knows what a request did", async () => {
  const { upstream, ask } = await primed(fresh);
  const post = ask({}, { method: "POST", target: "/" });
  upstream.answer({ location: "http://api.example/books" }, "", 201);
  await post.ended;
  void ask();
  expect(upstream.count).toBe(3);
  upstream.answer(fresh);
  const put = ask({}, { method: "PUT" });
  upstream.sinks.at(-1)?.fail(unreachable);
  expect((await put.ended).error).toBe(unreachable);
  void ask();
  expect(upstream.count).toBe(5);
});

test("a response that was under way during a change is not stored, nor given to those who come after", async () => {
  const { upstream, ask } = cached();
  const before = ask();
  const put = ask({}, { method: "PUT" });
  upstream.answer({}, "", 204);
  await put.ended;
  const after = ask();
  expect(upstream.count).toBe(3);
  upstream.answer(fresh, "old", 200, 0);
  upstream.answer(fresh, "new", 200, 2);
  expect((await before.ended).body).toBe("old");
  expect((await after.ended).body).toBe("new");
  expect((await ask().ended).body).toBe("new");
});

const question = (content: string, members: Partial<GatewayRequest> = {}) => ({
  method: "QUERY",
  body: Readable.from([Buffer.from(content)]),
  headers: { "content-type": "application/json", "content-length": String(content.length) },
  ...members,
});

test("a QUERY is stored by its content, forwarded with it, and invalidated with its target", async () => {
  const { upstream, ask } = cached();
  const first = ask({}, question("a"));
  await vi.waitFor(() => expect(upstream.count).toBe(1));
  expect(String(await upstream.requests[0]?.body?.toArray())).toBe("a");
  upstream.answer(fresh, "A");
  expect((await first.ended).body).toBe("A");
  expect((await ask({}, question("a")).ended).body).toBe("A");
  expect(upstream.count).toBe(1);
  void ask({}, question("b"));
  await vi.waitFor(() => expect(upstream.count).toBe(2));
  upstream.answer(fresh, "B");
  void ask();
  expect(upstream.count).toBe(3);
  upstream.answer(fresh, "whole");
  void ask({}, { method: "POST" });
  upstream.answer({}, "", 204);
  void ask({}, question("a"));
  await vi.waitFor(() => expect(upstream.count).toBe(5));
});

test("a QUERY whose content is long, or of unknown length, is forwarded as it is", async () => {
  const { upstream, ask } = cached();
  void ask({}, question("a", { headers: { "content-length": "99999" } }));
  void ask({}, question("a", { headers: {} }));
  expect(upstream.count).toBe(2);
});

test("requests for the same are one to the upstream, and all get the content as it comes", async () => {
  const { upstream, ask } = cached();
  const first = ask();
  const second = ask();
  const sink = upstream.head(fresh);
  sink.write(Buffer.from("con"));
  const third = ask();
  expect(second.bytes).toBe(3);
  expect(third.bytes).toBe(3);
  sink.write(Buffer.from("tent"));
  sink.end(null);
  const all = await Promise.all([first, second, third].map(({ ended }) => ended));
  expect(all.map(({ body }) => body)).toEqual(["content", "content", "content"]);
  expect(all.map(status)).toEqual([
    "200 corsac; fwd=uri-miss; stored",
    "200 corsac; fwd=uri-miss; collapsed",
    "200 corsac; fwd=uri-miss; collapsed",
  ]);
  expect(upstream.count).toBe(1);
});

test.each<[string, HeaderFields]>([
  ["private", { "cache-control": "private, max-age=60" }],
  ["no-store", { "cache-control": "no-store" }],
  ["to be validated each time", { "cache-control": "no-cache", etag: '"a"' }],
  ["with a cookie", { ...fresh, "set-cookie": "a=b" }],
])("a response that is not for all: %s", async (_title, headers) => {
  const { upstream, ask } = cached();
  const [first, second] = [ask(), ask()];
  expect(upstream.count).toBe(1);
  upstream.answer(headers, "first");
  expect(upstream.count).toBe(2);
  upstream.answer(headers, "second");
  expect((await first.ended).body).toBe("first");
  expect((await second.ended).body).toBe("second");
  void ask();
  void ask();
  expect(upstream.count).toBe(4);
});

test("a response for another variant is for those who asked for that; the others go one after the other", async () => {
  const { upstream, ask } = cached();
  const [a, b, b2, a2] = [ask({ accept: "a" }), ask({ accept: "b" }), ask({ accept: "b" }), ask({ accept: "a" })];
  upstream.answer({ ...fresh, vary: "Accept" }, "A");
  upstream.answer({ ...fresh, vary: "Accept" }, "B");
  const all = await Promise.all([a, b, b2, a2].map(({ ended }) => ended));
  expect(all.map(({ body }) => body)).toEqual(["A", "B", "B", "A"]);
  expect(upstream.count).toBe(2);
});

test("one 304 answers all who waited, and each as it asked", async () => {
  const { upstream, ask } = await primed({ ...fresh, etag: '"a"' });
  now += 61_000;
  const all = [ask(), ask(), ask({ "if-none-match": '"a"' }), ask({ range: "bytes=0-1" })];
  upstream.answer({ ...fresh, etag: '"a"' }, "", 304);
  const recorded = await Promise.all(all.map(({ ended }) => ended));
  expect(recorded.map(({ head, body }) => `${head?.status} ${body}`)).toEqual([
    "200 content",
    "200 content",
    "304 ",
    "206 co",
  ]);
  expect(upstream.count).toBe(2);
});

test("new content after a validation answers all who waited, and each as it asked", async () => {
  const { upstream, ask } = await primed({ ...fresh, etag: '"a"' });
  now += 61_000;
  const all = [ask(), ask({ "if-none-match": '"b"' }), ask({ range: "bytes=0-1" })];
  upstream.answer({ ...fresh, etag: '"b"' }, "new");
  const recorded = await Promise.all(all.map(({ ended }) => ended));
  expect(recorded.map(({ head, body }) => `${head?.status} ${body}`)).toEqual(["200 new", "304 ", "206 ne"]);
  expect(upstream.count).toBe(2);
});

test("who asked first may leave; the upstream is told when the last one has", async () => {
  const { upstream, ask } = cached();
  const [first, second, third] = [ask(), ask(), ask()];
  first.abort();
  third.abort();
  expect(upstream.aborts).toBe(0);
  upstream.answer(fresh);
  expect((await second.ended).body).toBe("content");
  const [fourth, fifth] = [ask({}, { target: "/other" }), ask({}, { target: "/other" })];
  fourth.abort();
  fifth.abort();
  expect(upstream.aborts).toBe(1);
});

test("after an error each asks for itself", async () => {
  const { upstream, ask } = cached();
  const [first, second] = [ask(), ask()];
  upstream.sinks[0]?.fail(unreachable);
  expect((await first.ended).error).toBe(unreachable);
  upstream.answer(fresh);
  expect((await second.ended).body).toBe("content");
});

test("nobody waits longer than the limit", async () => {
  const { upstream, ask } = cached({ maxWait: 0.02 });
  void ask();
  const second = ask();
  await vi.waitFor(() => expect(upstream.count).toBe(1));
  now += 20;
  await vi.waitFor(() => expect(upstream.count).toBe(2));
  upstream.answer(fresh, "own", 200, 1);
  expect((await second.ended).body).toBe("own");
});

test("the fastest sets the pace as long as the content is kept, then the slowest", async () => {
  const { upstream, ask } = cached({ maxEntryBytes: 10 });
  const [first, second] = [ask(), ask()];
  const sink = upstream.head(fresh);
  let drains = 0;
  sink.onDrain(() => {
    drains += 1;
  });
  first.isReady = false;
  expect(sink.write(Buffer.from("01234"))).toBe(true);
  second.isReady = false;
  expect(sink.write(Buffer.from("56789"))).toBe(false);
  second.drain();
  expect(drains).toBe(1);
  expect(sink.write(Buffer.from("0"))).toBe(false);
  first.drain();
  expect(drains).toBe(2);
  sink.end(null);
  const bodies = await Promise.all([first.ended, second.ended]);
  expect(bodies.map(({ body }) => body)).toEqual(["01234567890", "01234567890"]);
});

/** A store that answers with promises, as those outside the process do. */
function slow(store: CacheStore, more: Partial<CacheStore> = {}): CacheStore {
  return {
    get: async (key) => store.get(key),
    put: async (key, response, lifetime, generation) => store.put(key, response, lifetime, generation),
    generation: async (key) => store.generation(key),
    invalidate: async (key) => store.invalidate(key),
    close: () => store.close(),
    ...more,
  };
}

test("a store that answers later serves as well, and a change is in it before the client hears of it", async () => {
  const memory = createMemoryCacheStore({ clock: () => now });
  const { upstream, ask } = cached({ store: slow(memory) });
  const first = ask();
  await vi.waitFor(() => expect(upstream.count).toBe(1));
  upstream.answer(fresh);
  await first.ended;
  expect((await ask().ended).body).toBe("content");
  const key = "route http://gateway.example:8080/books";
  const put = ask({}, { method: "PUT" });
  upstream.answer({}, "done");
  expect(put.head).toBeNull();
  expect((await put.ended).body).toBe("done");
  expect(memory.get(key)).toEqual([]);
});

test("a store that fails is an empty one, and its failures are reported", async () => {
  const broken = () => {
    throw new Error("gone");
  };
  const rejecting = async () => broken();
  for (const fault of [broken, rejecting]) {
    const store = {
      get: fault,
      put: fault,
      generation: fault,
      invalidate: fault,
      close: fault,
    } as unknown as CacheStore;
    const { upstream, ask } = cached({ store });
    for (const count of [1, 2]) {
      const sink = ask();
      await vi.waitFor(() => expect(upstream.count).toBe(count));
      upstream.answer(fresh);
      expect((await sink.ended).body).toBe("content");
    }
    const put = ask({}, { method: "PUT" });
    upstream.answer({}, "done");
    expect((await put.ended).body).toBe("done");
  }
  expect(errors.length).toBeGreaterThan(8);
});

test("gateways on one store take turns, and one that waited finds what the other stored", async () => {
  const memory = createMemoryCacheStore({ clock: () => now });
  const waiting: (() => void)[] = [];
  let taken = false;
  const store = slow(memory, {
    put: async (key, response, lifetime, generation) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      memory.put(key, response, lifetime, generation);
    },
    lease: async () => {
      if (taken) return null;
      taken = true;
      const release = () => {
        taken = false;
        for (const go of waiting.splice(0)) go();
      };
      return { release };
    },
    wait: () => new Promise((resolve) => waiting.push(resolve)),
  });
  const one = cached({ store });
  const other = cached({ store });
  const first = one.ask();
  await vi.waitFor(() => expect(one.upstream.count).toBe(1));
  const [second, third] = [other.ask(), other.ask()];
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  one.upstream.answer(fresh);
  expect((await first.ended).body).toBe("content");
  expect((await second.ended).body).toBe("content");
  expect((await third.ended).body).toBe("content");
  expect(other.upstream.count).toBe(0);
  await vi.waitFor(() => expect(taken).toBe(false));
});

test("what is stored names the request fields that selected it, absent ones too", async () => {
  const stored: StoredResponse[] = [];
  const { stage, upstream } = cached({
    store: slow(createMemoryCacheStore(), { put: async (_key, response) => void stored.push(response) }),
  });
  const first = exchange(stage, { target: "/a" });
  await vi.waitFor(() => expect(upstream.count).toBe(1));
  upstream.answer({ ...fresh, vary: "Accept-Language" }, "x");
  await first;
  expect(stored).toMatchObject([
    { id: '[["accept-language",null]]', selectedBy: [["accept-language", null]], status: 200 },
  ]);
});
