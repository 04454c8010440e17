import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGateway, type Gateway } from "../src/index.ts";

/** A service of the inside, which nobody may be led to; it notes who came. */
let inside: Server;
let insidePort = 0;
let reached = 0;
/** The upstream that is meant. */
let upstream: Server;
let upstreamUrl = "";
let answer: (incoming: IncomingMessage, response: ServerResponse) => void;
let gateway: Gateway;
let url: URL;

const app = "https://app.example";
const names: LookupFunction = (_, __, callback) => {
  process.nextTick(callback, null, [{ address: "127.0.0.1", family: 4 }]);
};

beforeAll(async () => {
  inside = createServer((_, response) => response.end("secret")).listen(0, "127.0.0.1");
  inside.on("connection", () => {
    reached += 1;
  });
  upstream = createServer((incoming, response) => answer(incoming, response)).listen(0, "127.0.0.1");
  await Promise.all([once(inside, "listening"), once(upstream, "listening")]);
  insidePort = (inside.address() as AddressInfo).port;
  upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  gateway = createGateway(
    {
      routes: [
        { path: "/api/*", upstream: `${upstreamUrl}/v1` },
        { path: "/rebound/*", upstream: `http://upstream.example:${insidePort}` },
        { path: "/literal/*", upstream: `http://127.0.0.1:${insidePort}`, privateAddresses: false },
      ],
      policy: { origins: [app] },
      requestHeaders: { "x-key": "the key" },
      open: { allow: [`http://*.open.example:${insidePort}`, `http://127.0.0.1:${insidePort}`] },
      limits: { bodyBytes: 1000, headerBytes: 4000 },
      observe: { metrics: "/-/metrics" },
      listen: { port: 0 },
    },
    { connection: { lookup: names } },
  );
  url = await gateway.listen();
});

afterAll(async () => {
  await gateway.close(0);
  for (const server of [inside, upstream]) {
    server.closeAllConnections();
    server.close();
  }
});

beforeEach(() => {
  reached = 0;
  answer = (_, response) => response.end("ok");
});

/** Asks the gateway, with the target as it is written. */
async function ask(path: string, { method = "GET", headers = {}, body = null as string[] | null } = {}) {
  const outgoing = request({ host: url.hostname, port: url.port, path, method, headers: { origin: app, ...headers } });
  outgoing.on("error", () => {});
  for (const chunk of body ?? []) outgoing.write(chunk);
  outgoing.end();
  const [incoming] = (await Promise.race([once(outgoing, "response"), once(outgoing, "upgrade")])) as [IncomingMessage];
  let text = "";
  for await (const chunk of incoming) text += chunk;
  return { status: incoming.statusCode, headers: incoming.headers, text };
}

const websocket = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

describe("an upstream at an address that is not public", () => {
  test.each([
    ["GET", "/rebound/x", {}],
    ["POST", "/rebound/x", { "content-length": "0" }],
    ["PUT", "/rebound/x", { "content-length": "0" }],
    ["HEAD", "/rebound/x", {}],
    ["OPTIONS", "/rebound/x", {}],
    ["GET", "/rebound/socket", websocket],
    ["GET", "/literal/x", {}],
    ["GET", "/literal/socket", websocket],
    ["GET", "/http://any.open.example:PORT/x", {}],
    ["POST", "/http://any.open.example:PORT/x", { "content-length": "0" }],
    ["GET", "/http://any.open.example:PORT/socket", websocket],
    ["GET", "/http://127.0.0.1:PORT/x", {}],
    ["GET", "/http:/127.0.0.1:PORT/x", {}],
    ["GET", "/http%3A%2F%2F127.0.0.1:PORT%2Fx", {}],
    ["GET", "/http://2130706433:PORT/x", {}],
    ["GET", "/http://0x7f.1:PORT/x", {}],
  ])("%s %s is refused, and nobody is told where it is", async (method, path, headers) => {
    const { status, text, headers: fields } = await ask(path.replace("PORT", String(insidePort)), { method, headers });
    expect(status).toBe(502);
    if (method !== "HEAD") expect(JSON.parse(text)).toMatchObject({ code: "upstream-address-refused" });
    expect(text).not.toMatch(/127|loopback|example/);
    if (!("upgrade" in headers)) expect(fields["access-control-allow-origin"]).toBe(app);
    expect(reached).toBe(0);
  });

  test.each([
    "/http://[::1]:PORT/",
    "/http://localhost:PORT/",
    "/http://127.0.0.1.evil.example:PORT/",
    "/http://0.0.0.0:PORT/",
  ])("%s is no origin of open mode", async (path) => {
    const { status, text } = await ask(path.replace("PORT", String(insidePort)));
    expect([status, JSON.parse(text).code]).toEqual([403, "upstream-not-allowed"]);
    expect(reached).toBe(0);
  });

  test("a redirect to one is passed on and not followed", async () => {
    const location = `http://127.0.0.1:${insidePort}/secret`;
    for (const status of [301, 302, 303, 307, 308]) {
      answer = (_, response) => response.writeHead(status, { location }).end();
      const { status: got, headers } = await ask("/api/x");
      expect([got, headers.location]).toEqual([status, location]);
    }
    expect(reached).toBe(0);
  });
});

test("keys are for the upstream that they are written beside, not for those of open mode", async () => {
  const seen: unknown[] = [];
  answer = (incoming, response) => response.end(String(seen.push(incoming.headers["x-key"])));
  await ask("/api/x", { headers: { "x-key": "a client's", connection: "x-key" } });
  const { open } = gateway.configuration;
  expect(seen).toEqual(["the key"]);
  expect(open?.requestHeaders).toEqual({});
});

describe("a host that the gateway does not answer to", () => {
  test.each([
    ["a name that was rebound", "/api/x", { host: "attacker.example" }],
    ["a name that was rebound, for a WebSocket", "/api/x", { host: "attacker.example", ...websocket }],
    ["a target in absolute form", "http://attacker.example/api/x", {}],
    ["a target in absolute form beside a host that is fine", "http://attacker.example/api/x", { host: "localhost" }],
    ["a name that was rebound, for the metrics", "/-/metrics", { host: "attacker.example" }],
    ["the address that stands for all", "/api/x", { host: "0.0.0.0" }],
  ])("%s is misdirected", async (_, path, headers) => {
    let asked = 0;
    answer = (_, response) => {
      asked += 1;
      response.end();
    };
    const { status, text } = await ask(path, { headers });
    expect([status, JSON.parse(text).code]).toEqual([421, "host-not-allowed"]);
    expect(asked).toBe(0);
  });

  test("a request in the same process is held to its URL", async () => {
    const { status } = await gateway.fetch(new Request("http://attacker.example/api/x"));
    expect(status).toBe(421);
    const named = new Request("http://localhost/api/x", { headers: { host: "attacker.example" } });
    expect((await gateway.fetch(named)).status).toBe(200);
  });
});

test.each(["/api/..%2f..%2fadmin", "/api/..;/admin", "/api/%2e%2e%5cadmin"])("%s stays in no route", async (path) => {
  const { status, text } = await ask(path);
  expect([status, JSON.parse(text).code]).toEqual([400, "request-invalid"]);
});

describe("requests that are too large", () => {
  test("by their declared length, before any content", async () => {
    const { status, headers } = await ask("/api/x", {
      method: "PUT",
      headers: { "content-length": "1001" },
      body: ["x".repeat(1001)],
    });
    expect([status, headers["access-control-allow-origin"]]).toEqual([413, app]);
  });

  test("while they arrive", async () => {
    let outcome = "none";
    answer = (incoming, response) => {
      incoming.on("end", () => response.end("whole"));
      incoming.on("close", () => {
        outcome = incoming.complete ? "whole" : "cut short";
      });
      incoming.resume();
    };
    const { status } = await ask("/api/x", { method: "POST", body: ["x".repeat(600), "x".repeat(600)] });
    expect(status).toBe(413);
    await expect.poll(() => outcome, { interval: 5 }).toBe("cut short");
  });

  test("by their header fields", async () => {
    expect((await ask("/api/x", { headers: { "x-long": "x".repeat(5000) } })).status).toBe(431);
  });
});

test("a client that asks too often is told when to come back, and a page may read that", async () => {
  const limited = createGateway({
    upstream: upstreamUrl,
    policy: { origins: [app] },
    limits: { rate: { requests: 2, window: 3600 } },
    listen: { port: 0 },
  });
  const before = url;
  url = await limited.listen();
  const statuses = [];
  for (let i = 0; i < 3; i++)
    statuses.push((await ask("/x", { headers: { "x-forwarded-for": `192.0.2.${i}` } })).status);
  expect(statuses).toEqual([200, 200, 429]);
  const { headers } = await ask("/x");
  expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  expect(headers["access-control-allow-origin"]).toBe(app);
  url = before;
  await limited.close(0);
});

test("however exchanges end, their places are given back", async () => {
  const limited = createGateway({
    routes: [
      { path: "/up/*", upstream: upstreamUrl, cache: true },
      { path: "/down/*", upstream: "http://127.0.0.1:1" },
    ],
    policy: { origins: [app] },
    retries: false,
    limits: { inFlight: 4, bodyBytes: 100 },
    listen: { port: 0 },
  });
  const before = url;
  url = await limited.listen();
  const ends: Record<string, typeof answer> = {
    "/whole": (_, response) => response.end("ok"),
    "/cached": (_, response) => response.writeHead(200, { "cache-control": "max-age=60" }).end("ok"),
    "/cut": (_, response) => {
      response.writeHead(200, { "content-length": "9" }).write("ok");
      setImmediate(() => response.destroy());
    },
    "/reset": (_, response) => response.socket?.resetAndDestroy(),
    "/slow": () => {},
  };
  answer = (incoming, response) => ends[incoming.url ?? ""]?.(incoming, response);
  const leave = async (path: string) => {
    const outgoing = request({ host: url.hostname, port: url.port, path, agent: false });
    outgoing.on("error", () => {});
    outgoing.end();
    await new Promise((resolve) => setTimeout(resolve, 20));
    outgoing.destroy();
  };
  const inParallel = async () => {
    const asked = ["/up/whole", "/up/cached", "/down/x", "/up/reset"].map((path) => ask(path));
    return (await Promise.all(asked)).map(({ status }) => status);
  };
  for (let i = 0; i < 3; i++) {
    // The gateway may see a moment later that a client has left.
    await expect.poll(inParallel, { interval: 5 }).toEqual([200, 200, 502, 502]);
    await ask("/up/cut").catch(() => {});
    expect((await ask("/up/whole", { method: "POST", body: ["x".repeat(101)] })).status).toBe(413);
    await Promise.all([leave("/up/slow"), leave("/up/slow"), leave("/up/slow?alone"), leave("/down/x")]);
  }
  await expect.poll(inParallel, { interval: 5 }).toEqual([200, 200, 502, 502]);
  url = before;
  await limited.close(0);
});

test("no proxy of the environment is used", async () => {
  const before = { ...process.env };
  for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
    process.env[name] = `http://127.0.0.1:${insidePort}`;
  }
  process.env.NODE_USE_ENV_PROXY = "1";
  const proxied = createGateway({ upstream: upstreamUrl, policy: null });
  const response = await proxied.fetch(new Request("http://localhost/x"));
  expect([response.status, await response.text(), reached]).toEqual([200, "ok", 0]);
  await proxied.close();
  process.env = before;
});

test.each([
  ["nobody listens", "http://127.0.0.1:1", /^http:\/\/127\.0\.0\.1:1 cannot be connected to: .*ECONNREFUSED/],
  [
    "it is inside",
    "http://api.example",
    /^http:\/\/api\.example cannot be connected to: api\.example is at 10\.0\.0\.1/,
  ],
])(
  "why an upstream is not reached, the operator is told once, and clients are not: %s",
  async (_, upstream, reason) => {
    const reports: unknown[] = [];
    const lookup: LookupFunction = (_name, _options, callback) => callback(null, [{ address: "10.0.0.1", family: 4 }]);
    const gateway = createGateway({ upstream }, { report: (error) => reports.push(error), connection: { lookup } });
    for (let i = 0; i < 2; i++) {
      const response = await gateway.fetch(new Request("http://localhost/"));
      expect([response.status, await response.text()]).toEqual([502, expect.not.stringMatching(/ECONN|10\.0\.0\.1/)]);
    }
    expect(reports).toEqual([expect.objectContaining({ message: expect.stringMatching(reason) })]);
    await gateway.close();
  },
);
