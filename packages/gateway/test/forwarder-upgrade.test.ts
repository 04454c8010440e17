import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { HeaderFields } from "../src/exchange/header-fields.ts";
import type { ForwarderOptions } from "../src/forward/forwarder.ts";
import { type RawUpstream, type ReceivedRequest, response } from "./raw-upstream.ts";
import { gatewayRequest } from "./recording-sink.ts";
import { startForwarder } from "./start-forwarder.ts";
import { soon, until } from "./until.ts";

const closing: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const handshake =
  "GET /chat HTTP/1.1\r\nHost: g.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: https://app.example\r\n" +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const accepted =
  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/** A client's connection to a server that hands every upgrade to a forwarder. */
async function open(
  respond: (socket: Socket, request: ReceivedRequest) => void,
  { request = handshake, options = {} }: { request?: string; options?: Partial<ForwarderOptions> } = {},
): Promise<{ client: Socket; upstream: RawUpstream; text: () => string; close: () => Promise<void> }> {
  const { upstream, forwarder } = await startForwarder(respond, options);
  const server = createServer();
  server.on("upgrade", (message, socket, head) => {
    const { connection: _connection, host: _host, ...headers } = message.headers;
    forwarder.upgrade(
      gatewayRequest({ target: message.url ?? "", authority: "g.example", headers: headers as HeaderFields }),
      socket,
      head,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
  let received = "";
  client.setEncoding("latin1").on("data", (chunk) => {
    received += chunk;
  });
  client.on("error", () => {});
  closing.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => forwarder.close(),
    () => upstream.close(),
    () => client.destroy(),
  );
  client.write(request, "latin1");
  return { client, upstream, text: () => received, close: () => forwarder.close() };
}

describe("an upgrade that the upstream agrees to", () => {
  test("passes the handshake on, and its answer as it is", async () => {
    const { upstream, text } = await open((socket) => socket.write(accepted));
    await until(() => text().endsWith("\r\n\r\n"));
    const { host: _host, ...fields } = upstream.requests[0]?.fields ?? {};
    expect(fields).toEqual({
      connection: "upgrade",
      upgrade: "websocket",
      origin: "https://app.example",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
      forwarded: "for=192.0.2.7;host=g.example;proto=http",
      via: "1.1 gw-1",
      "x-forwarded-for": "192.0.2.7",
      "x-forwarded-host": "g.example",
      "x-forwarded-proto": "http",
    });
    expect(text().toLowerCase().split("\r\n").sort()).toEqual([...accepted.toLowerCase().split("\r\n")].sort());
  });

  test("carries what either side sent together with the handshake", async () => {
    const { upstream, text, client } = await open(
      (socket, { target }) => {
        if (target === "/chat") socket.write(`${accepted}welcome`);
      },
      { request: `${handshake}early` },
    );
    await until(() => text().endsWith("\r\n\r\nwelcome"));
    const [socket] = upstream.sockets;
    const echoed: string[] = [];
    socket?.on("data", (chunk) => echoed.push(chunk.toString()));
    client.write("later");
    await until(() => echoed.join("").endsWith("later"));
  });

  test("lets the client stop sending and still hear the rest", async () => {
    const { client, upstream, text } = await open((socket) => {
      socket.removeAllListeners("end");
      socket.write(accepted);
      socket.on("end", () => socket.end("the rest"));
    });
    await until(() => text() !== "");
    client.end();
    await until(() => text().endsWith("the rest"));
    await until(() => upstream.sockets.size === 0 && client.destroyed);
  });

  test("lets the upstream stop sending and still hear the rest", async () => {
    let heard = "";
    const { client, upstream, text } = await open((socket) => {
      socket.end(accepted);
      socket.on("data", (chunk) => {
        heard += chunk;
      });
    });
    await Promise.all([once(client, "end"), until(() => text() !== "")]);
    client.end("the rest");
    await until(() => heard === "the rest" && upstream.sockets.size === 0);
  });

  test("ends for both when one side is reset", async () => {
    const first = await open((socket) => socket.write(accepted));
    await until(() => first.text() !== "");
    for (const socket of first.upstream.sockets) socket.resetAndDestroy();
    await once(first.client, "end");

    const second = await open((socket) => socket.write(accepted));
    await until(() => second.text() !== "");
    second.client.resetAndDestroy();
    await until(() => second.upstream.sockets.size === 0);
  });

  test("holds a sender back whose peer does not read", async () => {
    const { client, text, upstream } = await open((socket) => socket.write(accepted));
    await until(() => text() !== "");
    client.pause();
    const [socket] = upstream.sockets;
    let written = 0;
    // Buffers on the way take some; then nothing moves any more.
    for (let still = 0; still < 20; still += 1) {
      if (socket?.writableLength === 0) {
        socket.write(Buffer.alloc(1024 * 1024));
        written += 1;
        still = 0;
      }
      await soon();
    }
    expect(written).toBeLessThan(64);
  });

  test("goes on when the forwarder closes, as when options are replaced", async () => {
    const { client, text, close, upstream } = await open((socket) => socket.write(accepted));
    await until(() => text() !== "");
    await close();
    for (const socket of upstream.sockets) socket.write("still here");
    await until(() => text().endsWith("still here"));
    client.end();
    await until(() => upstream.sockets.size === 0);
  });
});

describe("an upgrade that fails", () => {
  test("gives the client the upstream's refusal, and closes", async () => {
    const { client, text } = await open((socket) =>
      socket.write(response("no", "sec-websocket-version: 8\r\nconnection: keep-alive\r\n", "426 Upgrade Required")),
    );
    await once(client, "end");
    expect(text()).toBe(
      "HTTP/1.1 426 Upgrade Required\r\nsec-websocket-version: 8\r\ncontent-length: 2\r\nvia: 1.1 gw-1\r\nconnection: close\r\n\r\nno",
    );
  });

  const rows: {
    title: string;
    respond: (socket: Socket) => void;
    want: RegExp;
    options?: Partial<ForwarderOptions>;
  }[] = [
    {
      title: "closed without an answer",
      respond: (socket) => socket.end(),
      want: /^HTTP\/1\.1 502 .*upstream-cut-short/s,
    },
    { title: "reset", respond: (socket) => socket.resetAndDestroy(), want: /^HTTP\/1\.1 502 .*upstream-cut-short/s },
    {
      title: "no HTTP",
      respond: (socket) => socket.write("hello\r\n\r\n"),
      want: /^HTTP\/1\.1 502 .*response-invalid/s,
    },
    {
      title: "half a refusal",
      respond: (socket) => socket.end("HTTP/1.1 403 No\r\ncontent-length: 9\r\n\r\nhalf"),
      want: /^HTTP\/1\.1 403 No\r\n.*\r\n\r\nhalf$/s,
    },
    {
      title: "no upstream",
      respond: () => {},
      options: { upstream: new URL("http://127.0.0.1:1") },
      want: /^HTTP\/1\.1 502 .*unreachable/s,
    },
  ];
  test.each(rows)("$title", async ({ respond, want, options = {} }) => {
    const { client, text } = await open(respond, { options });
    await once(client, "end");
    expect(text()).toMatch(want);
  });

  test.each(["h2c", "HTTP/2.0", "TLS/1.0"])("%s would carry requests past the gateway: refused", async (protocol) => {
    const { client, text, upstream } = await open((socket) => socket.write(accepted), {
      request: handshake.replace("websocket", protocol),
    });
    await once(client, "end");
    expect(text()).toMatch(/^HTTP\/1\.1 403 .*upgrade-refused/s);
    expect(upstream.requests).toHaveLength(0);
  });

  test("a client that leaves before the answer frees the upstream", async () => {
    const { client, upstream } = await open(() => {});
    await until(() => upstream.requests.length === 1);
    const [socket] = upstream.sockets;
    client.resetAndDestroy();
    await until(() => socket?.destroyed === true);
  });
});
