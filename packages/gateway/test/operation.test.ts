import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { createGateway } from "../src/create-gateway.ts";
import { GatewayError } from "../src/exchange/gateway-error.ts";
import type { HeaderFields } from "../src/exchange/header-fields.ts";
import type { Handler } from "../src/exchange/response-sink.ts";
import { type AccessLogEntry, accessLogEntry } from "../src/operation/access-log.ts";
import { recordHar } from "../src/operation/har-file.ts";
import { createObservation } from "../src/operation/observation.ts";
import { withObservation } from "../src/operation/observe-stage.ts";
import { exchange, gatewayRequest, RecordingSink } from "./recording-sink.ts";

const folder = mkdtempSync(join(tmpdir(), "corsac-operation-"));
afterAll(() => rmSync(folder, { recursive: true }));

const none = { accessLog: null, metrics: null, har: null };
const context = {
  refuseHost: ({ authority }: { authority: string }) =>
    authority === "evil.example" ? new GatewayError("host-not-allowed", "Not here.") : null,
  onError: (file: string, error: Error) => {
    throw new Error(file, { cause: error });
  },
};

/** Answers as the stages inside a gateway do. */
function answering(status: number, headers: HeaderFields = {}, body: string | Buffer = ""): Handler {
  return (request, sink) => {
    Object.assign(request.notes ?? {}, { route: "/*", attempts: 2, upstreamTime: 12.34567, decision: "allowed" });
    const answer = () => {
      sink.start({ status, statusText: "", headers: { ...headers } });
      if (body.length > 0) sink.write(Buffer.from(body));
      sink.end(null);
    };
    if (request.body === null) answer();
    else request.body.resume().once("end", answer);
  };
}

const failing: Handler = (_request, sink) => sink.fail(new GatewayError("upstream-timeout", "Too late."));

test("without anything to watch, nothing is around the handler", async () => {
  const handler = answering(200);
  const observation = createObservation(none, context);
  expect(observation.around(handler)).toBe(handler);
  await observation.close();
});

test("what an observer is told of: a whole response, a failure, a cut one, a client that left", () => {
  const told: unknown[] = [];
  const observer = {
    contentBytes: 0,
    ended: ({
      outcome,
      status,
      size,
      notes,
    }: {
      outcome: string;
      status: number | null;
      size: number;
      notes: object;
    }) => told.push([outcome, status, size, notes]),
  };
  const run = (handler: Handler): RecordingSink => {
    const sink = new RecordingSink();
    withObservation(handler, [observer])(gatewayRequest(), sink);
    return sink;
  };
  run((_, sink) => {
    sink.start({ status: 200, statusText: "", headers: {} });
    sink.write(Buffer.from("four"));
    sink.end(null);
  }).abort();
  run(failing);
  run((_, sink) => {
    sink.start({ status: 200, statusText: "", headers: {} });
    sink.write(Buffer.from("two"));
    sink.fail(new GatewayError("upstream-cut-short", "Half."));
  });
  run(() => {}).abort();
  expect(told).toEqual([
    ["complete", 200, 4, {}],
    ["complete", 504, 0, { error: "upstream-timeout" }],
    ["failed", 200, 3, { error: "upstream-cut-short" }],
    ["aborted", null, 0, {}],
  ]);
});

describe("the access log", () => {
  test("has a line for each exchange, without secrets", async () => {
    const file = join(folder, "access.log");
    const observation = createObservation({ ...none, accessLog: file }, context);
    const handler = observation.around(answering(200, { "cache-status": "corsac; hit; ttl=3" }, "hello"));
    await exchange(handler, {
      target: "/v1?q=Berlin&appid=hunter2",
      headers: { origin: "https://app.example", authorization: "Bearer hunter2", "x-request-id": "abc-1" },
    });
    await exchange(observation.around(failing), { method: "PUT", headers: { "x-request-id": "a\nb" } });
    await observation.close();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain("hunter2");
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      id: "abc-1",
      client: "192.0.2.7",
      method: "GET",
      host: "gateway.example:8080",
      target: "/v1?q=Berlin&appid=redacted",
      http: "1.1",
      origin: "https://app.example",
      userAgent: null,
      route: "/*",
      status: 200,
      outcome: "complete",
      bytes: 5,
      duration: expect.any(Number),
      upstreamTime: 12.346,
      attempts: 2,
      cache: "hit",
      decision: "allowed",
      error: null,
    });
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      status: 504,
      error: "upstream-timeout",
    });
  });

  test("that cannot be written is said once, and requests go on", async () => {
    const errors: string[] = [];
    const observation = createObservation(
      { ...none, accessLog: join(folder, "no/such/folder") },
      { ...context, onError: (file) => errors.push(file) },
    );
    const handler = observation.around(answering(200));
    await exchange(handler);
    await observation.close();
    expect((await exchange(handler)).head?.status).toBe(200);
    expect(errors).toHaveLength(1);
  });

  test("tells the upstream the identifier", async () => {
    let seen: unknown;
    const handler: Handler = (request, sink) => {
      seen = request.headers["x-request-id"];
      answering(204)(request, sink);
    };
    await exchange(withObservation(handler, [{ contentBytes: 0, ended: ({ id }) => expect(id).toBe(seen) }]));
    expect(seen).toMatch(/^[\da-f-]{36}$/);
  });
});

describe("metrics", () => {
  test("count requests, cache results, retries, refusals, upstream errors and decisions", async () => {
    const observation = createObservation({ ...none, metrics: "/-/metrics" }, context);
    const refusing: Handler = (_, sink) => sink.fail(new GatewayError("too-many-requests", "Slower."));
    await exchange(observation.around(answering(200, { "cache-status": "other; hit, corsac; fwd=uri-miss; stored" })));
    await exchange(observation.around(answering(404)), { method: "INVENTED" });
    await exchange(observation.around(failing));
    await exchange(observation.around(refusing));
    observation.around(() => {})(gatewayRequest(), new RecordingSink());
    const { head, body } = await exchange(observation.around(failing), { target: "/-/metrics?x" });
    expect(head).toMatchObject({
      status: 200,
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    });
    const values = body
      .split("\n")
      .filter((line) => line.startsWith("corsac_gateway_") && !/_(?:bucket|sum)\b/.test(line));
    expect(values).toEqual([
      'corsac_gateway_requests_total{route="/*",method="GET",status="2xx"} 1',
      'corsac_gateway_requests_total{route="/*",method="other",status="4xx"} 1',
      'corsac_gateway_requests_total{route="",method="GET",status="5xx"} 1',
      'corsac_gateway_requests_total{route="",method="GET",status="4xx"} 1',
      'corsac_gateway_request_duration_seconds_count{route="/*"} 2',
      'corsac_gateway_request_duration_seconds_count{route=""} 2',
      // The one that is never answered, and the one that asks.
      "corsac_gateway_requests_in_flight 2",
      'corsac_gateway_cache_results_total{route="/*",result="uri-miss"} 1',
      'corsac_gateway_retries_total{route="/*"} 2',
      'corsac_gateway_refusals_total{code="too-many-requests"} 1',
      'corsac_gateway_upstream_errors_total{route="",code="upstream-timeout"} 1',
      'corsac_gateway_policy_decisions_total{route="/*",reason="allowed"} 2',
    ]);
    await observation.close();
  });

  test("are not for a page whose name leads here", async () => {
    const handler = createObservation({ ...none, metrics: "/-/metrics" }, context).around(failing);
    const { error } = await exchange(handler, { target: "/-/metrics", authority: "evil.example" });
    expect(error).toMatchObject({ code: "host-not-allowed" });
  });

  test("answer HEAD without content, and nothing but reading", async () => {
    const handler = createObservation({ ...none, metrics: "/-/metrics" }, context).around(failing);
    const { head, body } = await exchange(handler, { method: "HEAD", target: "/-/metrics" });
    expect([head?.status, body]).toEqual([200, ""]);
    const { error } = await exchange(handler, { method: "POST", target: "/-/metrics" });
    expect(error).toMatchObject({ code: "method-not-allowed", status: 405, allow: ["GET", "HEAD"] });
  });
});

describe("a HAR", () => {
  interface Har {
    readonly log: { readonly version: string; readonly creator: object; readonly entries: readonly Entry[] };
  }
  interface Entry {
    readonly request: { readonly url: string; readonly postData?: { readonly text?: string } };
    readonly response: {
      readonly status: number;
      readonly content: { readonly text?: string; readonly size: number; readonly comment?: string };
    };
    readonly time: number;
    readonly timings: { readonly wait: number; readonly receive: number };
  }
  const read = (file: string): Har => JSON.parse(readFileSync(file, "utf8"));

  test("replaces what was there, and has both sides of each exchange, secrets redacted", async () => {
    const file = join(folder, "one.har");
    writeFileSync(file, "something longer than the beginning of a HAR".repeat(20));
    const observation = createObservation({ ...none, har: file }, context);
    const handler = observation.around(
      answering(
        201,
        {
          "content-type": "application/json",
          "content-encoding": "gzip",
          "set-cookie": ["sid=hunter2; Path=/", "a=b"],
          location: "/x?token=hunter2",
        },
        gzipSync('{"title":"Dune","api_key":"hunter2"}'),
      ),
    );
    await exchange(handler, {
      method: "POST",
      target: "/login?code=hunter2&next=/",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        cookie: "sid=hunter2",
        authorization: "Basic hunter2",
        "x-api-key": "hunter2",
      },
      body: Readable.from([Buffer.from("name=me&pass"), Buffer.from("word=hunter2")]),
    });
    await observation.close();
    expect(readFileSync(file, "utf8")).not.toContain("hunter2");
    const { log } = read(file);
    expect(log).toMatchObject({
      version: "1.2",
      creator: { name: "corsac gateway", version: expect.stringMatching(/^\d/) },
    });
    expect(log.entries).toHaveLength(1);
    expect(log.entries[0]).toMatchObject({
      request: {
        method: "POST",
        url: "http://gateway.example:8080/login?code=redacted&next=/",
        httpVersion: "HTTP/1.1",
        cookies: [{ name: "sid", value: "redacted" }],
        queryString: [
          { name: "code", value: "redacted" },
          { name: "next", value: "/" },
        ],
        postData: { mimeType: "application/x-www-form-urlencoded", text: "name=me&password=redacted" },
        bodySize: 24,
      },
      response: {
        status: 201,
        statusText: "Created",
        cookies: [
          { name: "sid", value: "redacted" },
          { name: "a", value: "redacted" },
        ],
        redirectURL: "/x?token=redacted",
        content: { mimeType: "application/json", text: '{"title":"Dune","api_key":"redacted"}' },
      },
    });
    const { time, timings } = log.entries[0] as Entry;
    expect(timings.wait + timings.receive).toBeCloseTo(time);
  });

  test("is a whole one after each exchange, while it is recorded", async () => {
    const file = join(folder, "many.har");
    const har = recordHar(file, (error) => expect(error).toBeNull());
    const handler = withObservation(answering(200), [har]);
    const isThere = async (count: number) => {
      while (read(file).log.entries.length < count) await new Promise((settle) => setImmediate(settle));
    };
    await exchange(handler, { target: "/1" });
    await expect.poll(() => read(file).log.entries.length).toBe(1);
    for (const target of ["/2", "/3", "/4"]) void exchange(handler, { target });
    await isThere(4);
    await har.close();
    expect(read(file).log.entries.map(({ request }) => request.url.slice(-2))).toEqual(["/1", "/2", "/3", "/4"]);
  });

  test("keeps the beginning of long contents, no other than text, and no more than its bound", async () => {
    const file = join(folder, "bounded.har");
    const errors: Error[] = [];
    const har = recordHar(file, (error) => errors.push(error), { contentBytes: 4, fileBytes: 2500 });
    await exchange(withObservation(answering(200, { "content-type": "text/plain" }, "abcdefgh"), [har]));
    await exchange(withObservation(answering(200, { "content-type": "image/png" }, "abcdefgh"), [har]));
    await har.close();
    expect(read(file).log.entries.map(({ response }) => response.content)).toEqual([
      { mimeType: "text/plain", size: 8, text: "abcd", comment: "the first 4 bytes" },
      { mimeType: "image/png", size: 8, comment: "not text, left out" },
    ]);
    const full = recordHar(file, (error) => errors.push(error), { fileBytes: 200 });
    for (const target of ["/1", "/2"]) await exchange(withObservation(answering(200), [full]), { target });
    await full.close();
    expect(read(file).log.entries).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([
      "the recording has reached 200 bytes; what comes now is not in it",
    ]);
  });
});

test("a whole gateway notes what its stages did", async () => {
  const asked: string[] = [];
  const upstream = createServer((request, response) => {
    asked.push(request.url ?? "");
    // The first answer to this one is lost with its connection.
    if (request.url === "/lost" && asked.filter((path) => path === "/lost").length === 1) request.socket.destroy();
    else response.setHeader("cache-control", "max-age=60").end("hello");
  });
  await new Promise<void>((settle) => upstream.listen(0, "127.0.0.1", settle));
  const { port } = upstream.address() as AddressInfo;
  const entries: AccessLogEntry[] = [];
  const gateway = createGateway(
    {
      policy: { origins: ["https://app.example"] },
      cache: true,
      routes: [
        { path: "/*", upstream: `http://127.0.0.1:${port}` },
        { path: "/down/*", upstream: "http://127.0.0.1:1", retries: false },
      ],
    },
    { observers: [{ contentBytes: 0, ended: (exchange) => entries.push(accessLogEntry(exchange)) }] },
  );
  const ask = async (path: string, method = "GET", origin = "https://app.example"): Promise<void> => {
    const response = await gateway.fetch(new Request(`http://localhost${path}`, { method, headers: { origin } }));
    await response.text();
  };
  await ask("/lost");
  await ask("/lost");
  await ask("/down/x");
  await ask("/x", "DELETE", "https://evil.example");
  await ask("/x", "OPTIONS");
  await gateway.close();
  upstream.close();
  expect(
    entries.map(({ route, attempts, cache, decision, error, status }) => [
      status,
      route,
      attempts,
      cache,
      decision,
      error,
    ]),
  ).toEqual([
    [200, "/*", 2, "uri-miss", "allowed", null],
    [200, "/*", 0, "hit", "allowed", null],
    [502, "/down/*", 0, null, "allowed", "upstream-unreachable"],
    [403, "/*", 0, null, "origin-not-allowed", "cross-origin-refused"],
    [200, "/*", 1, "method", "allowed", null],
  ]);
  expect(entries[0]?.upstreamTime).toBeGreaterThan(0);
  expect(entries[1]?.upstreamTime).toBeNull();
});

test("upgrades are observed until their connections end", async () => {
  const upstream = createServer().on("upgrade", (_request, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
    socket.once("data", () => socket.end());
  });
  await new Promise<void>((settle) => upstream.listen(0, "127.0.0.1", settle));
  const { port } = upstream.address() as AddressInfo;
  const file = join(folder, "upgrades.log");
  const gateway = createGateway({
    upstream: `http://127.0.0.1:${port}`,
    policy: { origins: ["https://app.example"] },
    listen: { port: 0 },
    observe: { accessLog: file },
  });
  const url = await gateway.listen();
  const open = (origin: string) =>
    new Promise<number>((settle) => {
      const headers = { Connection: "Upgrade", Upgrade: "websocket", Origin: origin };
      get(new URL("chat", url), { headers, agent: false })
        .on("upgrade", (response, socket) => {
          socket.once("close", () => settle(response.statusCode ?? 0));
          socket.write("bye");
        })
        .on("response", (response) => settle(response.resume().statusCode ?? 0));
    });
  expect([await open("https://app.example"), await open("https://evil.example")]).toEqual([101, 403]);
  await gateway.close();
  upstream.close();
  const entries = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(entries).toMatchObject([
    { target: "/chat", route: "/*", status: 101, outcome: "complete", bytes: expect.any(Number) },
    { target: "/chat", route: "/*", status: 403, error: "cross-origin-refused" },
  ]);
});
