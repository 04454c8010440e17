import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGateway, type Gateway } from "../src/index.ts";

/**
 * The situations in which gateways were compared: where a usual recipe of nginx or Caddy, or a proxy for Node, gives two
 * answers to one question, loses the policy, holds events back or lets connections go on.
 */

const app = "https://app.example";
const other = "https://other.example";
let upstream: Server;
let upstreamUrl: string;
let gateway: Gateway;
let url: URL;
/** What reached the upstream, the last last. */
const seen: IncomingMessage[] = [];
const left = new Map<string, Promise<unknown>>();

beforeAll(async () => {
  upstream = createServer((incoming, response) => {
    seen.push(incoming);
    left.set(incoming.url ?? "", once(response, "close"));
    answers[(incoming.url ?? "").slice("/v1".length)]?.(incoming, response);
  });
  upstream.on("upgrade", (incoming, socket) => {
    seen.push(incoming);
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    socket.pipe(socket);
  });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  gateway = createGateway(
    {
      routes: [
        { path: "/api/*", upstream: upstreamUrl },
        { path: "/down/*", upstream: "http://127.0.0.1:1" },
      ],
      policy: { origins: [app], credentials: true, methods: ["PUT"] },
      listen: { port: 0 },
    },
    { report: () => {} },
  );
  url = await gateway.listen();
});

afterAll(async () => {
  await gateway.close(0);
  upstream.closeAllConnections();
  upstream.close();
});

const answers: Record<string, (incoming: IncomingMessage, response: import("node:http").ServerResponse) => void> = {
  "/own-cors": (_, response) => {
    response.writeHead(200, [
      ...["Access-Control-Allow-Origin", "*", "Access-Control-Allow-Origin", "null"],
      ...["Access-Control-Allow-Credentials", "true", "Vary", "Accept"],
    ]);
    response.end("ok");
  },
  "/redirect": (_, response) => response.writeHead(302, { Location: `${upstreamUrl}/books?page=2` }).end(),
  "/cookie": (_, response) =>
    response
      .setHeader("Set-Cookie", ["sid=1; Domain=api.example; Path=/v1; Secure; HttpOnly; SameSite=None", "theme=dark"])
      .end("ok"),
  "/options": (_, response) => response.writeHead(204, { Allow: "GET, PATCH" }).end(),
  "/hop": (_, response) =>
    response
      .writeHead(200, { Connection: "X-Secret, keep-alive", "X-Secret": "1", "Keep-Alive": "timeout=9" })
      .end("ok"),
  "/early": (_, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload; as=style" }, () => response.end("ok"));
  },
  "/events": (_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("data: first\n\n");
  },
  "/trailers": (_, response) => {
    response.writeHead(200, { Trailer: "Content-Digest" }).write("ok");
    response.addTrailers({ "Content-Digest": "sha-256=:x:" });
    response.end();
  },
  "/broken": (_, response) => response.writeHead(500).end("broken"),
  "/unchanged": (_, response) => response.writeHead(304, { ETag: '"1"' }).end(),
  "/length": (_, response) => response.writeHead(200, { "Content-Length": "1234" }).end(),
  "/question": (incoming, response) => void incoming.pipe(response.writeHead(200, { "X-Method": incoming.method })),
};

interface Answer {
  readonly status: number;
  /** Lower-case names with each line of their own. */
  readonly headers: NodeJS.Dict<string[]>;
  readonly text: string;
  readonly interim: readonly number[];
}

/** Asks the gateway over a socket of its own. */
async function ask(path: string, { method = "GET", headers = {}, body = "" } = {}): Promise<Answer> {
  const interim: number[] = [];
  const outgoing = request(new URL(path, url), { method, headers: { origin: app, ...headers }, agent: false });
  outgoing.on("information", ({ statusCode }) => interim.push(statusCode));
  outgoing.end(body);
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of incoming) text += chunk;
  return { status: incoming.statusCode ?? 0, headers: incoming.headersDistinct, text, interim };
}

test("the policy replaces what the upstream says of CORS, and Vary is merged", async () => {
  const { headers } = await ask("/api/own-cors");
  expect(headers["access-control-allow-origin"]).toEqual([app]);
  expect(headers["access-control-allow-credentials"]).toEqual(["true"]);
  expect(headers.vary).toEqual(["Accept, Origin"]);
  const refused = await ask("/api/own-cors", { headers: { origin: other } });
  expect(refused.headers["access-control-allow-origin"]).toBeUndefined();
  expect(refused.headers["access-control-allow-credentials"]).toBeUndefined();
});

test("a redirect to the upstream leads to the gateway", async () => {
  const { status, headers } = await ask("/api/redirect");
  expect(status).toBe(302);
  expect(new URL(headers.location?.[0] ?? "", url).href).toBe(new URL("/api/books?page=2", url).href);
  expect(headers["access-control-allow-origin"]).toEqual([app]);
});

test("cookies are made to fit", async () => {
  const { headers } = await ask("/api/cookie");
  expect(headers["set-cookie"]).toHaveLength(2);
  expect(headers["set-cookie"]?.[0]).toMatch(/^sid=1; /);
  expect(headers["set-cookie"]?.[0]).not.toMatch(/domain|secure|samesite=none/i);
  expect(headers["set-cookie"]?.[0]).toMatch(/path=\/api/i);
});

test("OPTIONS that is no preflight is the upstream's", async () => {
  expect(await ask("/api/options", { method: "OPTIONS" })).toMatchObject({
    status: 204,
    headers: { allow: ["GET, PATCH"] },
  });
  const before = seen.length;
  const preflight = await ask("/api/options", {
    method: "OPTIONS",
    headers: { "access-control-request-method": "PUT" },
  });
  expect(preflight).toMatchObject({ status: 204, headers: { "access-control-allow-methods": ["PUT"] } });
  expect(seen).toHaveLength(before);
});

test("fields named in Connection stay on their hop, both ways", async () => {
  const { headers } = await ask("/api/hop", { headers: { connection: "X-Own, close", "x-own": "1", "x-kept": "2" } });
  expect(headers["x-secret"]).toBeUndefined();
  expect(seen.at(-1)?.headers).not.toHaveProperty("x-own");
  expect(seen.at(-1)?.headers).toMatchObject({ "x-kept": "2" });
});

test("early hints pass", async () => {
  expect(await ask("/api/early")).toMatchObject({ status: 200, interim: [103], text: "ok" });
});

test("trailers pass", async () => {
  const outgoing = request(new URL("/api/trailers", url), { headers: { te: "trailers" }, agent: false }).end();
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  incoming.resume();
  await once(incoming, "end");
  expect([incoming.headers.trailer, incoming.trailers]).toEqual([
    "Content-Digest",
    { "content-digest": "sha-256=:x:" },
  ]);
});

test("a client that waits for 100 Continue gets it, and the upstream its content", async () => {
  const headers = { expect: "100-continue", "content-length": "2" };
  const outgoing = request(new URL("/api/question", url), { method: "PUT", headers, agent: false });
  outgoing.flushHeaders();
  await once(outgoing, "continue");
  outgoing.end("hi");
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  incoming.setEncoding("utf8");
  expect(await once(incoming, "data")).toEqual(["hi"]);
});

test("the first event comes at once, and a client that leaves ends the stream at the upstream", async () => {
  const outgoing = request(new URL("/api/events", url), { headers: { origin: app }, agent: false }).end();
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  const [chunk] = (await once(incoming, "data")) as [Buffer];
  expect(chunk.toString()).toBe("data: first\n\n");
  outgoing.destroy();
  await left.get("/v1/events");
});

describe("an upgrade to a WebSocket", () => {
  const handshake = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "a",
  };

  test("passes for a page that the policy names", async () => {
    const outgoing = request(new URL("/api/socket", url), {
      headers: { ...handshake, origin: app },
      agent: false,
    }).end();
    const [incoming, socket] = await once(outgoing, "upgrade");
    expect(incoming.statusCode).toBe(101);
    socket.write("hello");
    expect(String((await once(socket, "data"))[0])).toBe("hello");
    expect(seen.at(-1)?.headers.origin).toBe(app);
    socket.destroy();
  });

  test("is refused for any other", async () => {
    const before = seen.length;
    const outgoing = request(new URL("/api/socket", url), {
      headers: { ...handshake, origin: other },
      agent: false,
    }).end();
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(incoming.statusCode).toBe(403);
    incoming.resume();
    expect(seen).toHaveLength(before);
  });
});

test.each(["/api/broken", "/api/unchanged", "/api/nothing-here", "/down/"])(
  "%s can be read by the page, whatever went wrong",
  { timeout: 5000 },
  async (path) => {
    answers["/nothing-here"] = (_, response) => response.destroy();
    const { headers, status } = await ask(path);
    expect(status).toBe({ "/api/broken": 500, "/api/unchanged": 304 }[path] ?? 502);
    expect(headers["access-control-allow-origin"]).toEqual([app]);
    expect(headers.vary).toEqual(["Origin"]);
  },
);

test("what a client says of who forwards is not believed", async () => {
  await ask("/api/own-cors", {
    headers: { "x-forwarded-for": "9.9.9.9", forwarded: "for=9.9.9.9", "x-forwarded-host": "x" },
  });
  const { headers } = seen.at(-1) as IncomingMessage;
  expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
  expect(headers["x-forwarded-host"]).toBe(url.host);
  expect(headers.forwarded).not.toContain("9.9.9.9");
});

test("HEAD keeps its length, QUERY its content", async () => {
  expect(await ask("/api/length", { method: "HEAD" })).toMatchObject({
    headers: { "content-length": ["1234"] },
    text: "",
  });
  expect(
    await ask("/api/question", { method: "QUERY", headers: { "content-type": "text/plain" }, body: "which?" }),
  ).toMatchObject({
    headers: { "x-method": ["QUERY"] },
    text: "which?",
  });
});

test("two gateways that forward to each other notice it", async () => {
  const first = createGateway({ upstream: "http://127.0.0.1:1", listen: { port: 0 } });
  const firstUrl = await first.listen();
  first.replace({ upstream: firstUrl.href });
  const response = await fetch(firstUrl);
  expect(response.status).toBe(508);
  expect(await response.json()).toMatchObject({ code: "loop-detected" });
  await first.close(0);
});
