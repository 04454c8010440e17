import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createNodeDoor, type DoorOptions, type NodeDoor, type UpgradeHandler } from "../src/client/node-door.ts";
import { GatewayError } from "../src/exchange/gateway-error.ts";
import type { Handler } from "../src/exchange/response-sink.ts";
import { exchangeRaw } from "./raw-client.ts";

const doors: NodeDoor[] = [];
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close(0);
});

const defaults = { port: 0, address: "127.0.0.1", tls: null, headerBytes: 16_384, requestTime: 5, lingerTime: 0.05 };

async function listen(
  handler: Handler,
  options: Partial<DoorOptions> = {},
  upgrade: UpgradeHandler = (_request, socket) => socket.destroy(),
): Promise<{ url: URL; door: NodeDoor }> {
  const door = createNodeDoor(handler, upgrade, { ...defaults, ...options });
  doors.push(door);
  return { url: await door.listen(), door };
}

function answering(status: number, headers: Record<string, string | string[]>, content: string): Handler {
  return (_request, sink) => {
    sink.start({ status, statusText: "", headers });
    sink.write(Buffer.from(content));
    sink.end(null);
  };
}

/** A connection whose bytes can be waited for. */
async function open(
  url: URL,
): Promise<{ socket: Socket; received: () => string; until: (text: string) => Promise<void> }> {
  const socket = createConnection(Number(url.port), url.hostname);
  let bytes = "";
  socket.on("data", (chunk) => {
    bytes += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  const until = async (text: string) => {
    while (!bytes.includes(text)) await once(socket, "data");
  };
  return { socket, received: () => bytes, until };
}

const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const getAndClose = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

test("100 is sent when the content is first read, and not before", async () => {
  let read = () => {};
  const { url } = await listen(({ body }, sink) => {
    read = () => body?.resume().on("end", () => answering(200, { "content-length": "0" }, "")({} as never, sink));
  });
  const { socket, received, until } = await open(url);
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(received()).toBe("");
  read();
  await until("\r\n\r\n");
  expect(received()).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  socket.write("abc");
  await until("HTTP/1.1 200");
  socket.destroy();
});

test("no 100 when the answer is decided without the content, and the connection ends", async () => {
  const { url } = await listen((_request, sink) => sink.fail(new GatewayError("request-too-large", "Too long.")));
  const { socket, received } = await open(url);
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  await once(socket, "end");
  expect(received()).toMatch(/^HTTP\/1.1 413 /);
  expect(received()).toMatch(/\r\nConnection: close\r\n/);
});

test("interim responses pass on, but for those with fields that would become others", async () => {
  const { url } = await listen((request, sink) => {
    sink.inform(103, { link: ["</a>; rel=preload", "</b>; rel=preload"], connection: "x" });
    sink.inform(103, { x: "a\r\nset-cookie: b=c" });
    sink.inform(102, {});
    sink.inform(100, {});
    answering(200, { "content-length": "2" }, "ok")(request, sink);
  });
  const { socket, received } = await open(url);
  socket.write(getAndClose);
  await once(socket, "end");
  expect(received().split("HTTP/1.1 200")[0]).toBe(
    "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\nlink: </b>; rel=preload\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n",
  );
  const old = await open(url);
  old.socket.write("GET / HTTP/1.0\r\n\r\n");
  await once(old.socket, "end");
  expect(old.received()).toMatch(/^HTTP\/1.1 200 /);
});

test("trailers follow a chunked response, without those that change what came before", async () => {
  const { url } = await listen((_request, sink) => {
    sink.start({ status: 200, statusText: "Fine", headers: {} });
    sink.write(Buffer.from("ok"));
    sink.end({ digest: ["a", "b"], "content-length": "5", "set-cookie": "a=b", bad: "a\r\nb" });
  });
  const { socket, received } = await open(url);
  socket.write(getAndClose);
  await once(socket, "end");
  expect(received()).toMatch(/^HTTP\/1.1 200 Fine\r\n/);
  expect(received()).toMatch(/\r\n\r\n2\r\nok\r\n0\r\ndigest: a\r\ndigest: b\r\n\r\n$/);
});

const lengths: [title: string, method: string, status: number, length: string | undefined][] = [
  ["HEAD", "HEAD", 200, "1000"],
  ["304", "GET", 304, "1000"],
  ["204", "GET", 204, undefined],
];
test.each(lengths)("the length that belongs to %s, and no content", async (_title, method, status, length) => {
  const { url } = await listen(answering(status, { "content-length": "1000" }, "content"));
  const { socket, received } = await open(url);
  socket.write(`${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  await once(socket, "end");
  expect(/\r\ncontent-length: (\d+)/.exec(received())?.[1]).toBe(length);
  expect(received()).toMatch(/\r\n\r\n$/);
});

test("an error before the response is a problem; fields that cannot be sent are one, too", async () => {
  const handlers: Record<string, Handler> = {
    "/busy": (_request, sink) => sink.fail(new GatewayError("too-busy", "Busy.", { retryAfter: 1.2 })),
    "/own": (_request, sink) => sink.fail(new Error("secret")),
    "/value": answering(200, { x: "a\r\nset-cookie: a=b" }, ""),
    "/name": answering(200, { "x\r\ny": "a" }, ""),
    "/text": (_request, sink) => sink.start({ status: 200, statusText: "a\r\nset-cookie: a=b", headers: {} }),
    "/length": answering(200, { "content-length": "1, 1" }, ""),
    "/status": answering(99, {}, ""),
  };
  const { url } = await listen((request, sink) => handlers[request.target]?.(request, sink));
  const bytes = Object.keys(handlers).map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
  const { responses } = await exchangeRaw(url, bytes.join(""), bytes.length);
  expect(
    responses.map(({ status, body, fields }) => [
      status,
      JSON.parse(body).code,
      fields["retry-after"] ?? fields["set-cookie"],
    ]),
  ).toEqual([
    [503, "too-busy", "2"],
    [500, "gateway-failed", undefined],
    ...Array.from({ length: 5 }, () => [502, "upstream-response-invalid", undefined]),
  ]);
  expect(responses[1]?.body).not.toContain("secret");
});

const cuts: [
  title: string,
  request: string,
  headers: Record<string, string>,
  run: (sink: Parameters<Handler>[1]) => void,
  want: RegExp,
  ended: string,
][] = [
  [
    "an error in a chunked response leaves it unfinished",
    get,
    {},
    (sink) => sink.fail(new Error("late")),
    /\r\n\r\n3\r\nabc\r\n$/,
    "end",
  ],
  [
    "an error in a response with a length leaves it short",
    get,
    { "content-length": "9" },
    (sink) => sink.fail(new Error("late")),
    /\r\n\r\nabc$/,
    "end",
  ],
  [
    "content shorter than its length is cut",
    get,
    { "content-length": "9" },
    (sink) => sink.end(null),
    /\r\n\r\nabc$/,
    "end",
  ],
  [
    "content longer than its length is cut, not sent",
    get,
    { "content-length": "5" },
    (sink) => sink.write(Buffer.from("defHTTP/1.1 200")),
    /\r\n\r\nabc$/,
    "end",
  ],
  [
    "an error in a response that the connection delimits resets it",
    "GET / HTTP/1.0\r\n\r\n",
    {},
    (sink) => sink.fail(new Error("late")),
    /\r\n\r\nabc$/,
    "reset",
  ],
];
test.each(cuts)("%s", async (_title, request, headers, run, want, ended) => {
  const { url } = await listen((_request, sink) => {
    sink.start({ status: 200, statusText: "", headers: { ...headers } });
    sink.write(Buffer.from("abc"));
    setTimeout(() => run(sink), 20);
  });
  const outcome = await exchangeRaw(url, request);
  expect(outcome.ended).toBe(ended);
  const head = outcome.responses.length === 0 ? "" : "\r\n\r\n";
  expect(head + outcome.rest).toMatch(want);
});

test("a head goes out before there is content, content of one event at once", async () => {
  let push: (text: string) => void = () => {};
  const { url } = await listen((_request, sink) => {
    push = (text) => sink.write(Buffer.from(text));
    sink.start({ status: 200, statusText: "", headers: { "content-type": "text/event-stream" } });
  });
  const { socket, until } = await open(url);
  socket.write(get);
  await until("\r\n\r\n");
  push("data: 1\n\n");
  await until("data: 1\n\n");
  socket.destroy();
});

test("after an answer that needed no content, a short rest is skipped and a long one ends the connection", async () => {
  const { url } = await listen(answering(200, { "content-length": "2" }, "ok"), { drainBytes: 1000 });
  const short = await exchangeRaw(
    url,
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n${"x".repeat(900)}${get}`,
    2,
  );
  expect(short.responses.map(({ status, fields }) => [status, fields.connection])).toEqual([
    [200, "keep-alive"],
    [200, "keep-alive"],
  ]);
  const long = await exchangeRaw(
    url,
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n${"x".repeat(500)}`,
  );
  expect([long.responses.map(({ fields }) => fields.connection), long.ended]).toEqual([["close"], "end"]);
});

test("a client that is still sending gets the answer whole", async () => {
  const content = "x".repeat(4_000_000);
  const { url } = await listen(answering(413, { "content-length": "4000000" }, content), { lingerTime: 5 });
  const { socket, received } = await open(url);
  socket.pause();
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
  const send = (): void => {
    if (!socket.destroyed && !socket.readableEnded) socket.write("x".repeat(50_000), send);
  };
  send();
  setTimeout(() => socket.resume(), 20);
  await once(socket, "close");
  expect(received().split("\r\n\r\n")[1]?.length).toBe(content.length);
});

test("whoever destroys the content, or stops reading it, does not take the answer with it", async () => {
  const { url } = await listen((request, sink) => {
    request.body?.once("data", () => {
      request.body?.destroy();
      answering(403, { "content-length": "2" }, "no")(request, sink);
    });
  });
  const { responses, ended } = await exchangeRaw(
    url,
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n${"x".repeat(40_000)}`,
  );
  expect([responses.map(({ status, body }) => [status, body]), ended]).toEqual([[[403, "no"]], "end"]);
});

test("a client that leaves is noticed, and its content errors", async () => {
  const left: string[] = [];
  const { promise, resolve } = withResolvers();
  const { url } = await listen(({ body }, sink) => {
    sink.onAbort(() => left.push("aborted"));
    body?.resume();
    body?.on("error", () => {
      left.push("content");
      resolve();
    });
    sink.start({ status: 200, statusText: "", headers: {} });
  });
  const { socket, until } = await open(url);
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  await until("200");
  socket.destroy();
  await promise;
  expect(left.sort()).toEqual(["aborted", "content"]);
});

test("a complete answer is no abort, not even before the call of end", async () => {
  const left: string[] = [];
  const { url } = await listen((_request, sink) => {
    sink.onAbort(() => left.push("aborted"));
    sink.start({ status: 200, statusText: "", headers: { "content-length": "2" } });
    sink.write(Buffer.from("ok"));
    setTimeout(() => sink.end(null), 20);
  });
  await exchangeRaw(url, getAndClose);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(left).toEqual([]);
});

test("a slow reader makes the writer wait; one that stops altogether is disconnected", async () => {
  let written = 0;
  let drains = 0;
  const { promise: aborted, resolve: abort } = withResolvers();
  const { url } = await listen(
    (_request, sink) => {
      const chunk = Buffer.alloc(64 * 1024);
      const fill = () => {
        do written += chunk.length;
        while (sink.write(chunk));
      };
      sink.onAbort(abort);
      sink.onDrain(() => {
        drains += 1;
        fill();
      });
      sink.start({ status: 200, statusText: "", headers: {} });
      fill();
    },
    { stallTime: 0.1 },
  );
  const { socket } = await open(url);
  socket.write(get);
  while (drains < 20) await once(socket, "data");
  socket.pause();
  await aborted;
  expect(written).toBeLessThan(64 * 1024 * 1024);
  socket.destroy();
});

test("an answer that was written at once, and that nobody takes, does not hold the connection", async () => {
  const { url, door } = await listen(answering(200, { "content-length": "20000000" }, "x".repeat(20_000_000)), {
    stallTime: 0.1,
  });
  const { socket, until } = await open(url);
  socket.write(get);
  await until("200");
  socket.pause();
  await door.close(60);
  socket.destroy();
});

test("a quiet response is no stall, an idle connection ends", async () => {
  const { url } = await listen(
    (_request, sink) => {
      sink.start({ status: 200, statusText: "", headers: {} });
      setTimeout(() => sink.end(null), 150);
    },
    { stallTime: 0.05, idleTime: 0.05 },
  );
  const { socket, received } = await open(url);
  socket.write(get);
  await once(socket, "close");
  expect(received()).toMatch(/\r\nConnection: keep-alive\r\n[\s\S]*\r\n0\r\n\r\n$/);
});

test("a handler that throws ends its exchange alone", async () => {
  const { url } = await listen(() => {
    throw new Error("secret");
  });
  const { responses } = await exchangeRaw(url, get + get, 2);
  expect(responses.map(({ status }) => status)).toEqual([500, 500]);
});

const slow: [title: string, bytes: string, want: RegExp][] = [
  ["header fields", "GET / HTTP/1.1\r\nHost: a\r\n", /^HTTP\/1.1 408 [\s\S]*"request-timeout"/],
  ["content", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc", /^HTTP\/1.1 408 [\s\S]*"request-timeout"/],
  ["nothing at all", "", /^HTTP\/1.1 408 /],
];
test.each(slow)("too slow: %s", async (_title, bytes, want) => {
  let aborts = 0;
  const { url } = await listen(
    ({ body }, sink) => {
      body?.resume();
      sink.onAbort(() => {
        aborts += 1;
      });
    },
    { requestTime: 0.1 },
  );
  const { socket, received } = await open(url);
  socket.write(bytes);
  await once(socket, "end");
  expect(received()).toMatch(want);
  expect(aborts).toBe(bytes.startsWith("POST") ? 1 : 0);
});

test("a WebSocket is handed over with what came behind it, a broken one harms nobody", async () => {
  const asked: unknown[] = [];
  const { url } = await listen(
    (request, sink) => answering(200, { "content-length": "0" }, "")(request, sink),
    {},
    ({ target, headers }, socket, head) => {
      asked.push([target, headers["sec-websocket-key"], headers.upgrade, headers.connection, head.toString()]);
      socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\nhello");
    },
  );
  const fields = "Host: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: k\r\n";
  const { socket, until } = await open(url);
  socket.write(`GET /socket HTTP/1.1\r\n${fields}\r\nearly`);
  await until("hello");
  socket.resetAndDestroy();
  for (const more of [
    "Host: b\r\n\r\n",
    "Content-Length: 5\r\n\r\nhello",
    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ]) {
    const refused = await exchangeRaw(url, `GET /socket HTTP/1.1\r\n${fields}${more}`);
    expect(refused.responses.map(({ status }) => status)).toEqual([400]);
  }
  expect(asked).toEqual([["/socket", "k", undefined, undefined, "early"]]);
});

test("a client that resets what the parser has let go of harms nobody", async () => {
  const { url, door } = await listen(answering(200, { "content-length": "2" }, "ok"));
  for (const head of ["CONNECT a:1 HTTP/1.1", "GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c"]) {
    for (let count = 0; count < 10; count += 1) {
      const { socket } = await open(url);
      socket.write(`${head}\r\nHost: a\r\n\r\n`);
      setImmediate(() => socket.resetAndDestroy());
    }
  }
  expect((await exchangeRaw(url, get, 1)).responses[0]?.status).toBe(200);
  await door.close(60);
});

test("a connection that keeps asking for another protocol ends", async () => {
  const { url } = await listen(answering(200, { "content-length": "2" }, "ok"));
  const ask = "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n";
  const { socket, received, until } = await open(url);
  for (let count = 1; count <= 4; count += 1) {
    socket.write(ask);
    while (received().split("ok").length <= count) await once(socket, "data");
  }
  socket.write(ask);
  await until("upgrade-refused");
  await once(socket, "close");
});

test("a stop ends idle and upgraded connections, and lets running answers end", async () => {
  const { promise: asked, resolve: ask } = withResolvers();
  let answer = () => {};
  const { url, door } = await listen(
    (request, sink) => {
      if (request.target === "/idle") return answering(200, { "content-length": "2" }, "ok")(request, sink);
      answer = () => answering(200, { "content-length": "4" }, "last")(request, sink);
      ask();
    },
    {},
    (_request, socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
  );
  const [idle, silent, running, upgraded] = await Promise.all([open(url), open(url), open(url), open(url)]);
  idle.socket.write("GET /idle HTTP/1.1\r\nHost: a\r\n\r\n");
  upgraded.socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
  running.socket.write("GET /running HTTP/1.1\r\nHost: a\r\n\r\n");
  await Promise.all([idle.until("ok"), upgraded.until("101"), asked]);
  const ends = [idle, silent, upgraded].map(({ socket }) => new Promise((resolve) => socket.on("close", resolve)));
  const closed = door.close(5);
  await Promise.all(ends);
  answer();
  await Promise.all([closed, once(running.socket, "close")]);
  expect(running.received()).toMatch(/\r\nConnection: close\r\n[\s\S]*last$/);
  await expect(open(url)).rejects.toThrow("ECONNREFUSED");
});

test("a stop cuts off what is not done by the deadline", async () => {
  const { promise: aborted, resolve: abort } = withResolvers();
  const { url, door } = await listen((_request, sink) => {
    sink.onAbort(abort);
    sink.start({ status: 200, statusText: "", headers: {} });
  });
  const { socket, until } = await open(url);
  socket.write(get);
  await until("200");
  await door.close(0.05);
  await aborted;
});

test("where it cannot listen is told by a code", async () => {
  const { url } = await listen(() => {});
  const codeOf = (options: Partial<DoorOptions>) => listen(() => {}, options).then(String, ({ code }) => code);
  expect(await codeOf({ port: Number(url.port) })).toBe("port-in-use");
  expect(await codeOf({ address: "203.0.113.1" })).toBe("address-not-available");
  expect(await codeOf({ tls: { key: "", certificate: "nonsense" } })).toBe("certificate-invalid");
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
