import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { buildConnector } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import { createNodeDoor } from "../src/client/node-door.ts";
import type { GatewayRequest } from "../src/exchange/gateway-request.ts";
import { createForwarder, type Forwarder, type ForwarderOptions } from "../src/forward/forwarder.ts";
import { type RawUpstream, type ReceivedRequest, response } from "./raw-upstream.ts";
import { exchange, gatewayRequest, RecordingSink } from "./recording-sink.ts";
import { startForwarder } from "./start-forwarder.ts";
import { until } from "./until.ts";

const directly = buildConnector({});
const closing: { close(): Promise<void> }[] = [];

afterEach(async () => {
  // The upstream first: a forwarder waits for the requests under way.
  for (const each of closing.splice(0).reverse()) await each.close();
});

async function start(
  respond: (socket: Socket, request: ReceivedRequest) => void,
  options: Partial<ForwarderOptions> = {},
): Promise<{ upstream: RawUpstream; forwarder: Forwarder }> {
  const started = await startForwarder(respond, options);
  closing.push(started.forwarder, started.upstream);
  return started;
}

/** What the upstream receives for a request. */
async function received(
  request: Partial<GatewayRequest>,
  options: Partial<ForwarderOptions> = {},
): Promise<ReceivedRequest> {
  const { upstream, forwarder } = await start((socket) => socket.write(response("")), options);
  await exchange(forwarder.handle, request);
  expect(upstream.requests).toHaveLength(1);
  return upstream.requests[0] as ReceivedRequest;
}

/** What the client gets when the upstream answers so. */
async function answered(bytes: string, request: Partial<GatewayRequest> = {}, close = false) {
  const { forwarder } = await start((socket) => {
    socket.write(bytes, "latin1");
    if (close) socket.end();
  });
  return exchange(forwarder.handle, request);
}

describe("request fields", () => {
  test("the whole set: the gateway's own account, nothing of the client's", async () => {
    const { fields } = await received({
      headers: {
        accept: "text/html",
        cookie: "a=1",
        expect: "100-continue",
        forwarded: "for=9.9.9.9",
        host: "gateway.example",
        proxy: "http://evil.example",
        te: "trailers",
        "x-forwarded-for": "9.9.9.9",
        "x-forwarded-port": "1",
        "x-real-ip": "9.9.9.9",
        x_forwarded_for: "9.9.9.9",
        x_real_ip: "9.9.9.9",
        "x-several": ["1", "2"],
      },
    });
    const { host, ...others } = fields;
    expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(others).toEqual({
      accept: "text/html",
      connection: "keep-alive",
      cookie: "a=1",
      forwarded: 'for=192.0.2.7;host="gateway.example:8080";proto=http',
      te: "trailers",
      via: "1.1 gw-1",
      "x-forwarded-for": "192.0.2.7",
      "x-forwarded-host": "gateway.example:8080",
      "x-forwarded-proto": "http",
      "x-several": "1, 2",
    });
  });

  const rows: {
    title: string;
    request: Partial<GatewayRequest>;
    options?: Partial<ForwarderOptions>;
    want: Record<string, string | undefined>;
  }[] = [
    {
      title: "an address of IPv6 is quoted in brackets",
      request: { clientAddress: "2001:db8::1", authority: "g.example", scheme: "https" },
      want: { forwarded: 'for="[2001:db8::1]";host=g.example;proto=https', "x-forwarded-for": "2001:db8::1" },
    },
    {
      title: "no address and no authority are not made up",
      request: { clientAddress: null, authority: "" },
      want: { forwarded: "for=unknown;proto=http", "x-forwarded-for": undefined, "x-forwarded-host": undefined },
    },
    {
      title: "Via keeps who came before",
      request: { headers: { via: ["1.0 fred", "1.1 p.example"] }, httpVersion: "2.0" },
      want: { via: "1.0 fred, 1.1 p.example, 2.0 gw-1" },
    },
    {
      title: "set fields win over the client's",
      request: { headers: { "x-api-key": "guess" } },
      options: { requestHeaders: { "x-api-key": "secret", host: "api.example" } },
      want: { "x-api-key": "secret", host: "api.example" },
    },
  ];
  test.each(rows)("$title", async ({ request, options, want }) => {
    expectFields(await received(request, options), want);
  });

  test("a request that came through the gateway before is a loop", async () => {
    const { upstream, forwarder } = await start((socket) => socket.write(response("")));
    const { error } = await exchange(forwarder.handle, { headers: { via: "1.1 other, 1.1 gw-1" } });
    expect(error).toMatchObject({ code: "loop-detected", status: 508 });
    expect(upstream.requests).toHaveLength(0);
  });

  test.each(["TRACE", "CONNECT"])("%s is not forwarded", async (method) => {
    const { forwarder } = await start(() => {});
    expect((await exchange(forwarder.handle, { method })).error).toMatchObject({ code: "method-not-implemented" });
  });

  test("OPTIONS about the whole server, or with no hop left, is for the gateway", async () => {
    const { upstream, forwarder } = await start((socket) => socket.write(response("")));
    expect((await exchange(forwarder.handle, { method: "OPTIONS", target: "*" })).head?.status).toBe(200);
    await exchange(forwarder.handle, { method: "OPTIONS", headers: { "max-forwards": "0" } });
    expect(upstream.requests).toHaveLength(0);
    await exchange(forwarder.handle, { method: "OPTIONS", headers: { "max-forwards": "3" } });
    expect(upstream.requests[0]?.fields["max-forwards"]).toBe("2");
  });
});

describe("request target", () => {
  const rows = [
    { upstream: "/", prefix: "", target: "/a?b", want: "/a?b" },
    { upstream: "/api", prefix: "", target: "/a?b", want: "/api/a?b" },
    { upstream: "/api/", prefix: "/books", target: "/books/1", want: "/api/1" },
    { upstream: "/api", prefix: "/books", target: "/books?x", want: "/api?x" },
    { upstream: "/", prefix: "/books", target: "/books", want: "/" },
    { upstream: "/", prefix: "", target: "//evil.example/a", want: "//evil.example/a" },
  ];
  test.each(rows)("$upstream for $prefix: $target becomes $want", async ({ upstream: path, prefix, target, want }) => {
    const { upstream } = await start((socket) => socket.write(response("")));
    const other = createForwarder({
      upstream: new URL(path, upstream.url),
      prefix,
      timeouts: { connect: 5, response: 5, idle: 5 },
      retries: null,
      requestHeaders: {},
    });
    closing.push(other);
    await exchange(other.handle, { target });
    expect(upstream.requests[0]?.target).toBe(want);
  });
});

describe("request content", () => {
  const rows = [
    { method: "POST", length: "5", want: { "content-length": "5", "transfer-encoding": undefined }, body: "hello" },
    {
      method: "POST",
      want: { "content-length": undefined, "transfer-encoding": "chunked" },
      body: "5\r\nhello\r\n0\r\n\r\n",
    },
    { method: "QUERY", length: "5", want: { "content-length": "5" }, body: "hello" },
    { method: "GET", length: "5", want: { "content-length": "5" }, body: "hello" },
    { method: "MADE-UP", length: "5", want: { "content-length": "5" }, body: "hello" },
  ];
  test.each(rows)("$method with length $length keeps its framing", async ({ method, length, want, body }) => {
    const { upstream, forwarder } = await start((socket) => socket.write(response("")));
    const content = new Readable({ read() {} });
    const recorded = exchange(forwarder.handle, {
      method,
      headers: length === undefined ? {} : { "content-length": length },
      body: content,
    });
    // Not whole at once, so that its length is not known by itself.
    content.push("hello");
    setTimeout(() => content.push(null), 20);
    expect((await recorded).head?.status).toBe(200);
    expect(upstream.requests[0]).toMatchObject({ method, body });
    expectFields(upstream.requests[0], want);
  });

  test("a POST without content says so", async () => {
    expect((await received({ method: "POST" })).fields["content-length"]).toBe("0");
  });

  test("an answer that comes before the content is whole is passed on", async () => {
    const { forwarder, upstream } = await start(() => {});
    const content = new Readable({ read() {} });
    const recorded = exchange(forwarder.handle, { method: "POST", headers: { "content-length": "10" }, body: content });
    content.push("hello");
    await until(() => upstream.sockets.size === 1);
    for (const socket of upstream.sockets) socket.write(response("enough", "", "413 Content Too Large"));
    expect(await recorded).toMatchObject({ head: { status: 413 }, body: "enough", error: null });
    await until(() => content.destroyed);
  });

  test("content that ends early cuts the upstream's request, and is the request's fault", async () => {
    const { upstream, forwarder } = await start(() => {});
    const content = new Readable({ read() {} });
    const recorded = exchange(forwarder.handle, {
      method: "POST",
      headers: { "content-length": "10" },
      body: content,
    });
    content.push("hello");
    content.push(null);
    await until(() => upstream.sockets.size === 1);
    const [socket] = upstream.sockets;
    expect((await recorded).error).toMatchObject({ code: "request-invalid" });
    await until(() => socket?.destroyed === true);
    expect(upstream.requests).toHaveLength(0);
  });

  test("an upstream that does not read holds the client back", async () => {
    const { upstream, forwarder } = await start(() => {});
    let produced = 0;
    const content = new Readable({
      read() {
        produced += 65_536;
        this.push(Buffer.alloc(65_536));
      },
    });
    const sink = new RecordingSink();
    forwarder.handle(gatewayRequest({ method: "POST", body: content }), sink);
    await until(() => upstream.sockets.size === 1);
    for (const socket of upstream.sockets) socket.pause();
    await settled(() => produced);
    expect(produced).toBeLessThan(64 * 1024 * 1024);
    sink.abort();
    await until(() => content.destroyed);
  });
});

describe("responses", () => {
  test("the whole set of fields: those of the connection and those it names are gone", async () => {
    const { head, body } = await answered(
      "HTTP/1.1 200 Fine\r\nConnection: X-Hop, keep-alive\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nUpgrade: h2c\r\n" +
        "Proxy-Connection: x\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nVia: 1.1 inner\r\nContent-Length: 2\r\n\r\nok",
    );
    expect(head).toEqual({
      status: 200,
      statusText: "Fine",
      headers: { "content-length": "2", "set-cookie": ["a=1", "b=2"], via: "1.1 inner, 1.1 gw-1" },
    });
    expect(body).toBe("ok");
  });

  test("interim responses go on before the final one, without fields of the connection", async () => {
    const recorded = await answered(
      `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\nconnection: x\r\nx: 1\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${response("ok")}`,
    );
    expect(recorded.informs).toEqual([
      { status: 103, headers: { link: "</a>" } },
      { status: 102, headers: {} },
    ]);
    expect(recorded.head?.status).toBe(200);
  });

  test("trailers go on, without fields of the connection", async () => {
    const { trailers, head } = await answered(
      "HTTP/1.1 200 OK\r\ntrailer: x-sum\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-sum: 7\r\nkeep-alive: 1\r\n\r\n",
    );
    expect(head?.headers).toEqual({ trailer: "x-sum", via: "1.1 gw-1" });
    expect(trailers).toEqual({ "x-sum": "7" });
  });

  test("trailers are not announced where there can be none", async () => {
    const { head } = await answered("HTTP/1.1 200 OK\r\ntrailer: x-sum\r\ncontent-length: 2\r\n\r\nok");
    expect(head?.headers).toEqual({ "content-length": "2", via: "1.1 gw-1" });
  });

  test("HEAD and 304 keep the length of what they do not carry; 204 has none", async () => {
    const head = await answered("HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n", { method: "HEAD" });
    expect(head).toMatchObject({ head: { headers: { "content-length": "1234" } }, body: "", error: null });
    const notModified = await answered("HTTP/1.1 304 Not Modified\r\ncontent-length: 1234\r\n\r\n");
    expect(notModified).toMatchObject({ head: { headers: { "content-length": "1234" } }, body: "", error: null });
    const none = await answered("HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n");
    expect(none.head?.headers).toEqual({ via: "1.1 gw-1" });
  });

  test("a response until the connection closes is whole", async () => {
    expect(await answered("HTTP/1.0 200 OK\r\n\r\nall of it", {}, true)).toMatchObject({
      body: "all of it",
      error: null,
    });
  });

  const invalid = [
    { title: "no HTTP", bytes: "hello\r\n\r\n" },
    { title: "a control character in a field", bytes: "HTTP/1.1 200 OK\r\nx: a\x01b\r\n\r\n" },
    { title: "a field name with a space", bytes: "HTTP/1.1 200 OK\r\nx y: a\r\n\r\n" },
    { title: "a folded field", bytes: "HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 0\r\n\r\n" },
    {
      title: "length and chunks",
      bytes: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    },
    { title: "two lengths", bytes: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok" },
    {
      title: "a coding that nobody asked for",
      bytes: "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    },
    { title: "a status below 100", bytes: "HTTP/1.1 099 No\r\ncontent-length: 0\r\n\r\n" },
    { title: "a status above 599", bytes: "HTTP/1.1 999 No\r\ncontent-length: 0\r\n\r\n" },
    { title: "interim responses without end", bytes: "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(101) },
    { title: "a change of protocol", bytes: "HTTP/1.1 101 No\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n" },
    { title: "fields without end", bytes: `HTTP/1.1 200 OK\r\nx: ${"a".repeat(20_000)}\r\n\r\n` },
  ];
  test.each(invalid)("$title is an invalid response", async ({ bytes }) => {
    const { error, head } = await answered(bytes);
    expect(error).toMatchObject({ code: "upstream-response-invalid", status: 502 });
    expect(head).toBeNull();
  });

  test("a reason that no status line may have is left out", async () => {
    const { head } = await answered("HTTP/1.1 200 caf\u00e9 \u0001\r\ncontent-length: 0\r\n\r\n");
    expect(head?.statusText).toBe("");
  });
});

describe("responses cut short are errors", () => {
  const rows = [
    { title: "a length not reached", bytes: "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf" },
    {
      title: "the same, not to be kept alive",
      bytes: "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nhalf",
    },
    { title: "half a chunk", bytes: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf" },
    {
      title: "no last chunk",
      bytes: "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    },
    {
      title: "half a trailer",
      bytes: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\nx-su",
    },
  ];
  test.each(rows)("$title", async ({ bytes }) => {
    const { body, error } = await answered(bytes, {}, true);
    expect(body).toBe("half");
    expect(error).toMatchObject({ code: "upstream-cut-short" });
  });

  test("a reset where the end of the connection is the end of the content", async () => {
    const { forwarder } = await start((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\nhalf", () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    const { body, error } = await exchange(forwarder.handle);
    expect(body).toBe("half");
    expect(error).toMatchObject({ code: "upstream-cut-short" });
  });

  test("a reset while the client is slow", async () => {
    const { forwarder } = await start((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhalf", () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      );
    });
    const sink = new RecordingSink();
    sink.isReady = false;
    forwarder.handle(gatewayRequest(), sink);
    expect((await sink.ended).error).toMatchObject({ code: "upstream-cut-short" });
  });
});

test("a response that the door cannot send ends the upstream's as well", async () => {
  // Nobody counts that far.
  const { forwarder, upstream } = await start((socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9999999999999999\r\n\r\n");
    socket.write(Buffer.alloc(32 * 1024 * 1024));
  });
  const door = createNodeDoor(forwarder.handle, forwarder.upgrade, {
    port: 0,
    address: "127.0.0.1",
    tls: null,
    headerBytes: 16_384,
    requestTime: 5,
  });
  const url = await door.listen();
  const answer = await fetch(url);
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({ code: "upstream-response-invalid" });
  await until(() => upstream.connections > 0 && ![...upstream.sockets].some((socket) => socket.writableLength > 0));
  await door.close(0);
});

describe("time limits", () => {
  test("an upstream that does not answer", async () => {
    const { forwarder, upstream } = await start(() => {}, { timeouts: { connect: 5, response: 0.05, idle: 5 } });
    expect((await exchange(forwarder.handle)).error).toMatchObject({ code: "upstream-timeout", status: 504 });
    await until(() => upstream.sockets.size === 0);
  });

  test("an upstream that stops in the middle", async () => {
    const { forwarder } = await start((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), {
      timeouts: { connect: 5, response: 5, idle: 0.05 },
    });
    expect((await exchange(forwarder.handle)).error).toMatchObject({ code: "upstream-timeout" });
  });

  test("a connection that is not made", async () => {
    const { forwarder } = await start(() => {}, {
      connect: (_options, callback) => callback(Object.assign(new Error("late"), { code: "ETIMEDOUT" }), null),
    });
    expect((await exchange(forwarder.handle)).error).toMatchObject({ code: "upstream-timeout", status: 504 });
  });
});

describe("clients", () => {
  test("one that is slow holds the upstream back, and gets all", async () => {
    const size = 32 * 1024 * 1024;
    const { forwarder, upstream } = await start((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
      socket.write(Buffer.alloc(size));
    });
    const sink = new RecordingSink();
    sink.isReady = false;
    forwarder.handle(gatewayRequest(), sink);
    await until(() => sink.bytes > 0);
    await settled(() => sink.bytes);
    expect(sink.bytes).toBeLessThan(256 * 1024);
    expect([...upstream.sockets].some((socket) => socket.writableLength > 0)).toBe(true);
    sink.drain();
    expect((await sink.ended).error).toBeNull();
    expect(sink.bytes).toBe(size);
  });

  test("one that leaves ends an endless response", async () => {
    const { forwarder, upstream } = await start((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const timer = setInterval(() => socket.write("tick\n"), 5);
      socket.on("close", () => clearInterval(timer));
    });
    const sink = new RecordingSink();
    forwarder.handle(gatewayRequest(), sink);
    await until(() => sink.bytes > 10);
    const [socket] = upstream.sockets;
    sink.abort();
    await until(() => socket?.destroyed === true);
  });

  test("one that leaves before the connection is made sends nothing", async () => {
    let connected: () => void = () => {};
    const { forwarder, upstream } = await start((socket) => socket.write(response("")), {
      connect: (options, callback) => {
        connected = () => directly(options, callback);
      },
    });
    const sink = new RecordingSink();
    forwarder.handle(gatewayRequest({ method: "POST" }), sink);
    sink.abort();
    connected();
    await until(() => upstream.connections === 1 && upstream.sockets.size === 0);
    expect(upstream.requests).toHaveLength(0);
  });
});

function expectFields(request: ReceivedRequest | undefined, want: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(want)) expect.soft(request?.fields[name], name).toBe(value);
}

/** Waits until a figure stays as it is. */
async function settled(figure: () => number): Promise<void> {
  for (let last = -1; last !== figure(); ) {
    last = figure();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
