import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { buildConnector } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import type { RetryConfiguration } from "../src/configuration/gateway-configuration.ts";
import { GatewayError } from "../src/exchange/gateway-error.ts";
import type { GatewayRequest } from "../src/exchange/gateway-request.ts";
import type { Forwarder } from "../src/forward/forwarder.ts";
import { type RawUpstream, type ReceivedRequest, response } from "./raw-upstream.ts";
import { exchange, gatewayRequest, RecordingSink } from "./recording-sink.ts";
import { startForwarder } from "./start-forwarder.ts";
import { soon } from "./until.ts";

const closing: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close();
});

const standard: RetryConfiguration = { statuses: [], idempotencyKey: false, maxBodyBytes: 65_536, maxRetryAfter: 2 };

async function start(
  respond: (socket: Socket, request: ReceivedRequest) => void,
  retries: Partial<RetryConfiguration> | null = {},
  connect: buildConnector.connector = buildConnector({}),
): Promise<{ upstream: RawUpstream; forwarder: Forwarder }> {
  const rules = retries === null ? null : { ...standard, ...retries };
  const started = await startForwarder(respond, { retries: rules, connect });
  closing.push(started.forwarder, started.upstream);
  return started;
}

function withContent(method: string, content: string, headers: Record<string, string> = {}): Partial<GatewayRequest> {
  return {
    method,
    headers: { ...headers, "content-length": String(content.length) },
    body: Readable.from([Buffer.from(content)], { objectMode: false }),
  };
}

/** How often the upstream got the request which it answers by `fail` whenever it comes. */
async function timesSent(
  request: Partial<GatewayRequest>,
  fail: (socket: Socket) => void,
  connection: "fresh" | "reused",
  retries: Partial<RetryConfiguration> | null = {},
): Promise<number> {
  const { upstream, forwarder } = await start((socket, { target }) => {
    if (target === "/warm-up") socket.write(response("warm"));
    else fail(socket);
  }, retries);
  if (connection === "reused") {
    // By the same method, so that it is the pool of that kind that has a connection.
    const { body: _body, ...others } = request;
    await exchange(forwarder.handle, { ...others, target: "/warm-up", headers: {} });
    // undici reuses a connection in a later turn only.
    await soon();
  }
  const { error, head } = await exchange(forwarder.handle, { target: "/", ...request });
  expect(error !== null || head?.status === 503).toBe(true);
  const sent = upstream.requests.filter(({ target }) => target === "/");
  if (connection === "reused" && request.method !== "HEAD") expect(sent[0]?.connection).toBe(1);
  return sent.length;
}

/** The columns of the table that other intermediaries and browsers were measured by. */
describe("how often a request is sent when the upstream takes it and then fails", () => {
  const close = (socket: Socket) => socket.end();
  const reset = (socket: Socket) => socket.resetAndDestroy();
  const half = (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le");
  const busy = (socket: Socket) => socket.write(response("busy", "", "503 Service Unavailable"));

  const methods = [
    { method: "GET", want: 2 },
    { method: "HEAD", want: 2 },
    { method: "DELETE", want: 2 },
    { method: "PUT", content: "new", want: 2 },
    { method: "QUERY", content: "q", want: 2 },
    { method: "POST", content: "order", want: 1 },
    { method: "PATCH", content: "change", want: 1 },
    { method: "MADE-UP", want: 1 },
  ];
  for (const { method, content, want } of methods) {
    const request = () => (content === undefined ? { method } : withContent(method, content));
    test(`${method}: ${want}, on a fresh connection`, async () => {
      expect(await timesSent(request(), close, "fresh")).toBe(want);
    });
    test(`${method}: ${want}, on a reused connection`, async () => {
      expect(await timesSent(request(), close, "reused")).toBe(want);
    });
    test(`${method}: ${want}, with a reset`, async () => {
      expect(await timesSent(request(), reset, "fresh")).toBe(want);
    });
    test(`${method}: ${want}, with half a head`, async () => {
      expect(await timesSent(request(), half, "fresh")).toBe(want);
    });
    test(`${method}: 1 with a 503, ${want} by option`, async () => {
      expect(await timesSent(request(), busy, "fresh")).toBe(1);
      expect(await timesSent(request(), busy, "fresh", { statuses: [503] })).toBe(want);
    });
    test(`${method}: 1 without retries`, async () => {
      expect(await timesSent(request(), close, "fresh", null)).toBe(1);
    });
  }

  test("POST with an Idempotency-Key: 1, and 2 if the route knows keys", async () => {
    const request = () => withContent("POST", "order", { "idempotency-key": '"a"' });
    expect(await timesSent(request(), close, "fresh")).toBe(1);
    expect(await timesSent(request(), close, "fresh", { idempotencyKey: true })).toBe(2);
  });

  test("PUT: 1 when its content is longer than what is kept, or of unknown length", async () => {
    expect(await timesSent(withContent("PUT", "too long"), close, "fresh", { maxBodyBytes: 7 })).toBe(1);
    const body = Readable.from([Buffer.from("new")], { objectMode: false });
    expect(await timesSent({ method: "PUT", body }, close, "fresh")).toBe(1);
  });

  test.each(["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])("GET: 1 with %s", async (name) => {
    const request = { method: "GET", headers: { [name.toLowerCase()]: "POST" } };
    expect(await timesSent(request, close, "fresh")).toBe(1);
    expect(await timesSent(request, busy, "fresh", { statuses: [503] })).toBe(1);
  });

  test("GET: 1 when the answer had begun", async () => {
    const cut = (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n");
    expect(await timesSent({ method: "GET" }, cut, "fresh")).toBe(1);
  });
});

describe("the second attempt", () => {
  test("carries the same fields and content", async () => {
    const { upstream, forwarder } = await start((socket, { total }) => {
      if (total === 1) socket.end();
      else socket.write(response("done"));
    });
    const recorded = await exchange(forwarder.handle, withContent("PUT", "new", { "x-a": "1" }));
    expect(recorded).toMatchObject({ body: "done", error: null });
    const [one, two] = upstream.requests;
    // On a connection of its own.
    const fields = { ...one?.fields, connection: "close" };
    expect(two).toMatchObject({ method: "PUT", body: "new", fields });
  });

  test("waits as long as Retry-After says, and its answer is the client's", async () => {
    const { upstream, forwarder } = await start(
      (socket, { total }) => {
        if (total === 1) socket.write(response("busy", "retry-after: 0\r\n", "503 Service Unavailable"));
        else socket.write(response("done"));
      },
      { statuses: [503] },
    );
    expect(await exchange(forwarder.handle)).toMatchObject({ body: "done", head: { status: 200 } });
    expect(upstream.requests).toHaveLength(2);
  });

  test("does not come when the upstream asks to wait too long: the answer is passed on", async () => {
    const { upstream, forwarder } = await start(
      (socket) => socket.write(response("busy", "retry-after: 60\r\n", "503 Service Unavailable")),
      { statuses: [503] },
    );
    expect(await exchange(forwarder.handle)).toMatchObject({ body: "busy", head: { status: 503 } });
    expect(upstream.requests).toHaveLength(1);
  });

  test("does not come when the client left meanwhile", async () => {
    const { upstream, forwarder } = await start(
      (socket) => socket.write(response("busy", "retry-after: 1\r\n", "503 Service Unavailable")),
      { statuses: [503] },
    );
    const sink = new RecordingSink();
    forwarder.handle(gatewayRequest(), sink);
    while (upstream.requests.length === 0) await soon();
    for (let turn = 0; turn < 5; turn += 1) await soon();
    sink.abort();
    // Closing ends the pool: an attempt after it would be one that fails aloud.
    await forwarder.close();
    expect(upstream.requests).toHaveLength(1);
  });

  test("is not bought when most of many requests fail", async () => {
    const { upstream, forwarder } = await start((socket) => socket.end());
    const total = 300;
    for (let done = 0; done < total; done += 50) {
      await Promise.all(Array.from({ length: 50 }, () => exchange(forwarder.handle)));
    }
    expect(upstream.requests.length).toBeGreaterThan(total);
    // The reserve, and a fifth of the requests.
    expect(upstream.requests.length).toBeLessThanOrEqual(total + 100 + total / 5);
  });
});

describe("closing", () => {
  test("does not wait for a connection that nobody needs any more", async () => {
    const { forwarder } = await start(
      () => {},
      {},
      () => {},
    );
    const sink = new RecordingSink();
    forwarder.handle(gatewayRequest(), sink);
    sink.abort();
    await forwarder.close();
  });

  test("waits for content that is still to be sent", async () => {
    const { forwarder } = await start((socket) => socket.write(response("done")));
    const body = new Readable({ read() {} });
    const recorded = exchange(forwarder.handle, { method: "PUT", headers: { "content-length": "3" }, body });
    const closed = forwarder.close();
    body.push("new");
    body.push(null);
    expect(await recorded).toMatchObject({ body: "done", error: null });
    await closed;
  });
});

describe("upstreams that are not there", () => {
  test("a request that waits for its second attempt gets it when the forwarder closes", async () => {
    const { upstream, forwarder } = await start((socket) => socket.write(response("done")));
    await upstream.close();
    const recorded = exchange(forwarder.handle);
    await soon();
    const closed = forwarder.close();
    await upstream.listen();
    expect(await recorded).toMatchObject({ body: "done", error: null });
    await closed;
  });

  test("GET is answered when the upstream comes back within a moment", async () => {
    const { upstream, forwarder } = await start((socket) => socket.write(response("done")));
    await upstream.close();
    const recorded = exchange(forwarder.handle);
    setTimeout(() => upstream.listen(), 30);
    expect(await recorded).toMatchObject({ body: "done", error: null });
  });

  test("an address that may not be connected to is refused once, in the connector's words", async () => {
    const refusal = new GatewayError("upstream-address-refused", "No.");
    let connections = 0;
    const { forwarder } = await start(
      () => {},
      {},
      (_options, callback) => {
        connections += 1;
        callback(refusal, null);
      },
    );
    expect((await exchange(forwarder.handle)).error).toBe(refusal);
    expect(connections).toBe(1);
  });

  test("POST is refused without a word of where the upstream is", async () => {
    const { upstream, forwarder } = await start(() => {});
    await upstream.close();
    const { error } = await exchange(forwarder.handle, withContent("POST", "order"));
    expect(error).toMatchObject({ code: "upstream-unreachable", status: 502 });
    expect(error?.message).not.toMatch(/127|refused|\d/i);
  });

  test("a connection that the upstream closed while idle costs nobody a request", async () => {
    const { upstream, forwarder } = await start((socket) => {
      socket.write(response("done"), () => setTimeout(() => socket.end(), 5));
    });
    for (const method of ["GET", "POST", "GET", "POST"]) {
      expect((await exchange(forwarder.handle, { method })).error).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(upstream.requests).toHaveLength(4);
  });

  test("a POST takes no connection that was idle for more than a second", async () => {
    const { upstream, forwarder } = await start((socket) => socket.write(response("done")));
    await exchange(forwarder.handle, { method: "GET" });
    await exchange(forwarder.handle, { method: "POST" });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await exchange(forwarder.handle, { method: "GET" });
    await exchange(forwarder.handle, { method: "POST" });
    expect(upstream.requests.map(({ method, connection }) => `${method} ${connection}`)).toEqual([
      "GET 1",
      "POST 2",
      "GET 1",
      "POST 3",
    ]);
  });
});
