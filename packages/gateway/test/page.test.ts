import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Browser } from "@corsac/browser";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createGateway, type Gateway } from "../src/index.ts";

const app = "https://app.example";
const evil = "https://evil.example";

/** What browsers prove WebSocket servers by. */
function acceptOf({ headers }: IncomingMessage): string {
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  return createHash("sha1").update(key).digest("base64");
}

/** A server that says nothing of CORS. */
let upstream: Server;
let api: string;
let gateway: Gateway;
let url: string;
const asked: string[] = [];

beforeAll(async () => {
  upstream = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { etag: '"1"', "x-secret": "1" }).end("hello");
  });
  upstream.on("upgrade", (request, socket) => {
    asked.push(`WebSocket ${request.headers.origin}`);
    const greeting = Buffer.from("hello");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${acceptOf(request)}\r\n\r\n`,
    );
    // One unmasked text frame, then the closing frame.
    socket.end(Buffer.concat([Buffer.from([0x81, greeting.length]), greeting, Buffer.from([0x88, 0x02, 0x03, 0xe8])]));
  });
  await once(upstream.listen(0, "127.0.0.1"), "listening");
  api = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`;
  const policy = { origins: [app], methods: ["PUT"], exposedHeaders: ["ETag"] };
  gateway = createGateway({ upstream: api, policy, listen: { port: 0 } });
  url = (await gateway.listen()).href;
});
afterAll(async () => {
  await gateway.close(0);
  upstream.closeAllConnections();
  upstream.close();
});
beforeEach(() => {
  asked.length = 0;
});

const pageOf = (origin: string) => new Browser().open(origin);

test("what a page may not read from the API, it reads through the gateway", async () => {
  await expect(pageOf(app).fetch(api)).rejects.toThrow(TypeError);
  const response = await pageOf(app).fetch(url, { method: "PUT" });
  const { headers } = response;
  expect([await response.text(), headers.get("etag"), headers.get("x-secret")]).toEqual(["hello", '"1"', null]);
  expect(asked).toEqual(["GET /", "PUT /"]);
});

test.each([
  ["a page of another origin reads nothing", evil, "GET", ["GET /"]],
  ["its unsafe request does not reach the API", evil, "PUT", []],
  ["nor does one of a form's kind", evil, "POST", []],
  ["nor does a method that the policy does not name", app, "DELETE", []],
])("%s", async (_, origin, method, reached) => {
  await expect(pageOf(origin).fetch(url, { method })).rejects.toThrow(TypeError);
  expect(asked).toEqual(reached);
});

/** What becomes of a page's WebSocket: its first message, or an error. */
async function greetingFor(origin: string): Promise<string> {
  const socket = pageOf(origin).webSocket(url.replace("http:", "ws:"));
  return new Promise((resolve) => {
    socket.addEventListener("message", ({ data }) => resolve(String(data)), { once: true });
    socket.addEventListener("error", () => resolve("an error"), { once: true });
  });
}

test("only pages of the policy's origins open WebSockets", async () => {
  expect([await greetingFor(app), await greetingFor(evil)]).toEqual(["hello", "an error"]);
  expect(asked).toEqual([`WebSocket ${app}`]);
});

test("a page reads that it asks for what there is not", async () => {
  const policy = { origins: [app], methods: ["PUT"] };
  const routes = [{ path: "/books", methods: ["GET"], mock: {} }];
  const mocked = createGateway({ policy, routes, listen: { port: 0 } });
  const place = await mocked.listen();
  const [elsewhere, unknown] = await Promise.all([
    pageOf(app).fetch(new URL("/shelves", place)),
    pageOf(app).fetch(new URL("/books", place), { method: "PUT" }),
  ]);
  expect([elsewhere.status, await elsewhere.json()]).toMatchObject([404, { code: "route-not-found" }]);
  expect([unknown.status, await unknown.json()]).toMatchObject([405, { code: "method-not-allowed" }]);
  await expect(pageOf(evil).fetch(new URL("/shelves", place))).rejects.toThrow(TypeError);
  const { headers } = await mocked.fetch(new Request(new URL("/books", place), { method: "DELETE" }));
  expect(headers.get("allow")).toBe("GET");
  await mocked.close(0);
});
