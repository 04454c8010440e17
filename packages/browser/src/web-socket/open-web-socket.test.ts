import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { pageFetcher } from "../../test/page-fetcher.ts";
import { rawServer } from "../../test/raw-server.ts";
import { Browser } from "../browser.ts";
import { Routes } from "../transport/routes.ts";
import { openWebSocket } from "./open-web-socket.ts";

const page = "http://app.localhost:1/dir/";
const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Accepts handshakes and sends every (short) text frame back. */
function echoServer(requests: IncomingMessage[], headers: readonly string[] = []): Server {
  const server = createServer((_, response) => response.writeHead(426).end());
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    requests.push(request);
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    const lines = [
      "Upgrade: websocket",
      "Connection: keep-alive, Upgrade",
      `Sec-WebSocket-Accept: ${accept}`,
      ...headers,
    ];
    socket.on("error", () => {});
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
    let frame = Buffer.of();
    socket.on("data", (bytes: Buffer) => {
      frame = Buffer.concat([frame, bytes]);
      // A frame may come in two parts: its head, its payload.
      const length = (frame[1] ?? 0) & 0x7f;
      if (frame.length < 6 + length) return;
      const mask = frame.subarray(2, 6);
      const payload = frame.subarray(6, 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
      socket.write(Buffer.concat([Buffer.of(frame[0] ?? 0, length), payload]));
      if (((frame[0] ?? 0) & 0x0f) === 8) socket.end();
      frame = Buffer.of();
    });
  });
  return server;
}

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Duplex>();
  server.on("connection", (socket: Duplex) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  return `ws://localhost:${(server.address() as { port: number }).port}`;
}

/** Sends one message; resolves with what happened. */
function converse(socket: ReturnType<typeof openWebSocket>): Promise<string[]> {
  const log: string[] = [];
  return new Promise((resolve) => {
    socket.addEventListener("open", () => {
      log.push("open");
      socket.send("hello");
    });
    socket.addEventListener("message", ({ data }) => {
      log.push(`message ${data}`);
      socket.close(1000, "bye");
    });
    socket.addEventListener("error", () => log.push("error"));
    socket.addEventListener("close", ({ code, wasClean }) => {
      log.push(`close ${code} ${wasClean}`);
      resolve(log);
    });
  });
}

const conversation = ["open", "message hello", "close 1000 true"];

test("the handshake is a browser's, and the socket works", async () => {
  const requests: IncomingMessage[] = [];
  const origin = await listen(echoServer(requests));
  const socket = openWebSocket(`${origin}/chat?a`, [], pageFetcher(page));
  expect(socket.url).toBe(`${origin}/chat?a`);
  expect(await converse(socket)).toEqual(conversation);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({ method: "GET", url: "/chat?a" });
  expect(requests[0]?.headers).toMatchObject({
    connection: "upgrade",
    upgrade: "websocket",
    origin: "http://app.localhost:1",
    pragma: "no-cache",
    "cache-control": "no-cache",
    "sec-websocket-version": "13",
    "sec-websocket-key": expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
    "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
    "sec-fetch-mode": "websocket",
  });
  expect(requests[0]?.headers.referer).toBeUndefined();
  expect(requests[0]?.headers["sec-websocket-protocol"]).toBeUndefined();
});

test("http URLs and relative ones are those of a WebSocket", async () => {
  const requests: IncomingMessage[] = [];
  const origin = (await listen(echoServer(requests))).replace("ws:", "http:");
  const socket = openWebSocket("chat", [], pageFetcher(`${origin}/dir/`));
  expect(socket.url).toBe(`${origin.replace("http:", "ws:")}/dir/chat`);
  expect(await converse(socket)).toEqual(conversation);
});

describe("subprotocols", () => {
  test("are offered, and the server chooses", async () => {
    const requests: IncomingMessage[] = [];
    const origin = await listen(echoServer(requests, ["Sec-WebSocket-Protocol: b"]));
    const socket = openWebSocket(origin, ["a", "b"], pageFetcher(page));
    expect(await converse(socket)).toEqual(conversation);
    expect(socket.protocol).toBe("b");
    expect(requests[0]?.headers["sec-websocket-protocol"]).toBe("a, b");
  });

  test("a choice that was not offered fails", async () => {
    const origin = await listen(echoServer([], ["Sec-WebSocket-Protocol: c"]));
    expect(await converse(openWebSocket(origin, "a", pageFetcher(page)))).toEqual(["error", "close 1006 false"]);
  });
});

const refusals = [
  { title: "404", answer: "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno" },
  { title: "200", answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" },
  { title: "a redirect", answer: "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n" },
  {
    title: "101 with another accept",
    answer: "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
  },
  { title: "101 for another protocol", answer: "HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" },
  { title: "no HTTP", answer: "what?\r\n\r\n" },
  { title: "no answer", answer: "" },
];
test.each(refusals)("fails on $title after one request", async ({ answer }) => {
  const server = await rawServer(({ socket }) => (answer === "" ? socket.destroy() : socket.write(answer)));
  cleanups.push(() => server.close());
  const socket = openWebSocket(`ws://localhost:${server.port}/`, [], pageFetcher(page));
  expect(await converse(socket)).toEqual(["error", "close 1006 false"]);
  expect(server.requests).toHaveLength(1);
});

test("closing before the answer gives up", async () => {
  const server = await rawServer(() => socket.close());
  cleanups.push(() => server.close());
  const socket = openWebSocket(`ws://localhost:${server.port}/`, [], pageFetcher(page));
  expect((await converse(socket)).at(-1)).toBe("close 1006 false");
});

test("an insecure socket of a secure page is blocked before it is sent", async () => {
  const server = await rawServer(() => {});
  cleanups.push(() => server.close());
  const socket = openWebSocket(`ws://api.example:${server.port}/`, [], pageFetcher("https://app.example/"));
  expect((await converse(socket)).at(-1)).toBe("close 1006 false");
  expect(server.requests).toHaveLength(0);
});

test("a routed server speaks it too", async () => {
  const requests: IncomingMessage[] = [];
  const routes = new Routes();
  routes.add("https://api.example", echoServer(requests));
  const socket = openWebSocket("wss://api.example/chat", [], pageFetcher("https://app.example/", routes));
  expect(await converse(socket)).toEqual(conversation);
  expect(requests[0]?.headers).toMatchObject({ host: "api.example", origin: "https://app.example" });
});

test.each(["http://", "ftp://a.example/"])("%s is no URL of a WebSocket", (url) => {
  expect(() => openWebSocket(url, [], pageFetcher(page))).toThrow(expect.objectContaining({ name: "SyntaxError" }));
});

test("closing the browser breaks the connection off", async () => {
  const url = await listen(echoServer([]));
  const browser = new Browser();
  const socket = browser.open(page).webSocket(url);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  await browser.close();
  expect(await closed).toBe(1006);
});
