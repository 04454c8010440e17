import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from "node:http2";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DevelopmentCertificate, developmentCertificate } from "../src/certificate/development-certificate.ts";
import { createNodeDoor, type NodeDoor } from "../src/client/node-door.ts";
import { GatewayError } from "../src/exchange/gateway-error.ts";
import type { GatewayRequest } from "../src/exchange/gateway-request.ts";
import type { Handler, ResponseSink } from "../src/exchange/response-sink.ts";

const handlers: Record<string, Handler> = {};
const requests: GatewayRequest[] = [];
let folder: string;
let tls: DevelopmentCertificate;
let ca: string;
let door: NodeDoor;
let url: URL;
let session: ClientHttp2Session;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corsac-http2-"));
  tls = await developmentCertificate({ folder });
  ca = await readFile(tls.authorityFile, "utf8");
  door = createNodeDoor(
    (request, sink) => {
      requests.push(request);
      (handlers[request.target] ?? answer)(request, sink);
    },
    (_request, socket) => socket.destroy(),
    {
      port: 0,
      address: "127.0.0.1",
      tls,
      headerBytes: 16_384,
      requestTime: 0.2,
      stallTime: 0.1,
      lingerTime: 0.05,
    },
  );
  url = await door.listen();
  session = connect(`https://localhost:${url.port}`, { ca });
});
afterAll(async () => {
  session.destroy();
  await door.close(0);
  await rm(folder, { recursive: true });
});

function answer(_request: unknown, sink: ResponseSink): void {
  sink.start({ status: 200, statusText: "ignored", headers: { "content-length": "2", "set-cookie": ["a=b", "c=d"] } });
  sink.write(Buffer.from("ok"));
  sink.end(null);
}

interface Outcome {
  interims: number[];
  headers: Record<string, unknown>;
  body: string;
  trailers: Record<string, unknown> | null;
  /** The code of the RST_STREAM; 0 if there was none. */
  code: number;
}

function ask(
  headers: OutgoingHttpHeaders,
  content: string | null | ((stream: ClientHttp2Stream) => void) = null,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const stream = session.request(headers, { endStream: content === null });
    const outcome: Outcome = { interims: [], headers: {}, body: "", trailers: null, code: 0 };
    stream.on("headers", (fields) => outcome.interims.push(fields[":status"] ?? 0));
    stream.on("response", (fields) => {
      outcome.headers = { ...fields };
    });
    stream.on("trailers", (fields) => {
      outcome.trailers = { ...fields };
    });
    stream.on("data", (chunk) => {
      outcome.body += chunk;
    });
    stream.on("error", () => {});
    stream.on("close", () => resolve({ ...outcome, code: stream.rstCode }));
    if (typeof content === "string") stream.end(content);
    else content?.(stream);
  });
}

test("a request and its response", async () => {
  const { headers, body } = await ask({ ":path": "/a?b", cookie: ["a=1", "b=2"], te: "trailers", x: "y" });
  expect([headers[":status"], headers["set-cookie"], body]).toEqual([200, ["a=b", "c=d"], "ok"]);
  expect(requests.at(-1)).toMatchObject({
    ...{ method: "GET", scheme: "https", target: "/a?b", httpVersion: "2.0", body: null, clientAddress: "127.0.0.1" },
    authority: `localhost:${url.port}`,
  });
  expect({ ...requests.at(-1)?.headers }).toEqual({
    cookie: "a=1; b=2",
    te: "trailers",
    x: "y",
    host: `localhost:${url.port}`,
  });
});

test("a QUERY with content, a method that nobody knows", async () => {
  handlers["/echo"] = ({ body }, sink) => {
    sink.start({ status: 200, statusText: "", headers: {} });
    body?.on("data", (chunk) => sink.write(chunk));
    body?.on("end", () => sink.end({ digest: "x", "content-length": "3" }));
  };
  const echoed = await ask({ ":method": "QUERY", ":path": "/echo" }, "content");
  expect([echoed.body, Object.entries(echoed.trailers ?? {})]).toEqual(["content", [["digest", "x"]]]);
  await ask({ ":method": "FOO" });
  expect(requests.at(-1)?.method).toBe("FOO");
});

test("interim responses, HEAD, and no fields of a connection", async () => {
  handlers["/hints"] = (_request, sink) => {
    sink.inform(103, { link: "</a>; rel=preload", connection: "x" });
    const headers = {
      "content-length": "1000",
      connection: "close",
      "transfer-encoding": "chunked",
      "keep-alive": "x",
    };
    sink.start({ status: 200, statusText: "", headers });
    sink.write(Buffer.from("dropped"));
    sink.end(null);
  };
  const { interims, headers, body } = await ask({ ":method": "HEAD", ":path": "/hints" });
  expect([interims, headers[":status"], headers["content-length"], headers.connection, body]).toEqual([
    [103],
    200,
    "1000",
    undefined,
    "",
  ]);
});

const refused: [title: string, headers: OutgoingHttpHeaders, status: number, code: string][] = [
  ["CONNECT", { ":method": "CONNECT", ":authority": "a:443" }, 501, "method-not-implemented"],
  ["a fragment", { ":path": "/a#b" }, 400, "request-invalid"],
  ["two hosts", { ":authority": "a", host: "b" }, 400, "request-invalid"],
  ["an authority with user information", { ":authority": "a@b" }, 400, "request-invalid"],
  ["another expectation", { expect: "more" }, 400, "request-invalid"],
];
test.each(refused)("refused: %s", async (_title, given, status, code) => {
  const { headers, body } = await ask(given);
  expect([headers[":status"], headers["content-type"], JSON.parse(body).code]).toEqual([
    status,
    "application/problem+json",
    code,
  ]);
});

test("header fields that are too long, and a path in absolute form, never become a request", async () => {
  const before = requests.length;
  expect((await ask({ x: "x".repeat(17_000) })).code).not.toBe(0);
  expect((await ask({ ":path": "https://a/" })).code).not.toBe(0);
  expect(requests.length).toBe(before);
});

test("an error before the response is a problem, one within resets the stream", async () => {
  handlers["/before"] = (_request, sink) => sink.fail(new GatewayError("upstream-unreachable", "Down."));
  handlers["/within"] = (_request, sink) => {
    sink.start({ status: 200, statusText: "", headers: {} });
    sink.write(Buffer.from("half"));
    setTimeout(() => sink.fail(new Error("late")), 10);
  };
  handlers["/short"] = (_request, sink) => {
    sink.start({ status: 200, statusText: "", headers: { "content-length": "9" } });
    sink.write(Buffer.from("half"));
    sink.end(null);
  };
  handlers["/field"] = (_request, sink) => sink.start({ status: 200, statusText: "", headers: { x: "a\r\nb: c" } });
  expect((await ask({ ":path": "/before" })).headers[":status"]).toBe(502);
  expect((await ask({ ":path": "/field" })).headers[":status"]).toBe(502);
  expect(await ask({ ":path": "/within" })).toMatchObject({ body: "half", code: constants.NGHTTP2_INTERNAL_ERROR });
  expect((await ask({ ":path": "/short" })).code).toBe(constants.NGHTTP2_INTERNAL_ERROR);
});

test("100 is sent when the content is first read", async () => {
  handlers["/continue"] = ({ body }, sink) => {
    body?.resume().on("end", () => answer(null, sink));
  };
  const continued = await new Promise<boolean>((resolve) => {
    const stream = session.request(
      { ":path": "/continue", ":method": "POST", expect: "100-continue" },
      { endStream: false },
    );
    stream.on("continue", () => {
      stream.end("abc");
      resolve(true);
    });
    stream.on("response", () => resolve(false));
  });
  expect(continued).toBe(true);
});

test("a client that is still sending gets the whole answer, and is told to stop", async () => {
  const { body, code } = await ask({ ":method": "POST" }, (stream) => stream.write("x".repeat(10_000)));
  expect([body, code]).toEqual(["ok", constants.NGHTTP2_NO_ERROR]);
});

test("content that does not arrive in time is not waited for", async () => {
  handlers["/slow"] = ({ body }) => body?.resume();
  const { headers } = await ask({ ":method": "POST", ":path": "/slow" }, (stream) => stream.write("x"));
  expect(headers[":status"]).toBe(408);
});

test.each([
  ["CANCEL", constants.NGHTTP2_CANCEL],
  ["NO_ERROR", constants.NGHTTP2_NO_ERROR],
])("a client that resets the stream with %s is noticed, and its content errors", async (_title, code) => {
  const left: string[] = [];
  const content = new Promise<string>((resolve) => {
    handlers["/leave"] = ({ body }, sink) => {
      sink.onAbort(() => left.push("aborted"));
      body?.on("data", () => socket.write(frame(3, 0, Buffer.from([0, 0, 0, code]))));
      body?.on("end", () => resolve("complete"));
      body?.on("error", () => resolve("cut short"));
    };
  });
  // Node's own client ends the content before it resets a stream.
  const socket = connectTls({ host: "localhost", port: Number(url.port), ca, ALPNProtocols: ["h2"] });
  const head = Buffer.concat([
    Buffer.from([0x83, 0x87, 0x04, 6]),
    Buffer.from("/leave"),
    Buffer.from([0x01, 1]),
    Buffer.from("a"),
  ]);
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(Buffer.concat([frame(4, 0, Buffer.alloc(0), 0), frame(1, 4, head), frame(0, 0, Buffer.from("half"))]));
  expect(await content).toBe("cut short");
  expect(left).toEqual(["aborted"]);
  socket.destroy();
});

test("a client that grants no room for a short answer loses the stream", async () => {
  const socket = connectTls({ host: "localhost", port: Number(url.port), ca, ALPNProtocols: ["h2"] });
  const head = Buffer.concat([Buffer.from([0x82, 0x87, 0x84, 0x01, 1]), Buffer.from("a")]);
  const noRoom = Buffer.from([0, 4, 0, 0, 0, 0]);
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(Buffer.concat([frame(4, 0, noRoom, 0), frame(1, 5, head)]));
  const reset = frame(3, 0, Buffer.from([0, 0, 0, constants.NGHTTP2_CANCEL]));
  let received = Buffer.alloc(0);
  while (!received.includes(reset)) received = Buffer.concat([received, (await once(socket, "data"))[0]]);
  socket.destroy();
});

/** A frame of HTTP/2, of the first stream unless another is named. */
function frame(type: number, flags: number, payload: Buffer, stream = 1): Buffer {
  return Buffer.concat([Buffer.from([0, 0, payload.length, type, flags, 0, 0, stream >> 8, stream & 255]), payload]);
}

test("a slow reader makes the writer wait; one that stops altogether loses the stream", async () => {
  let written = 0;
  const aborted = new Promise<void>((resolve) => {
    handlers["/endless"] = (_request, sink) => {
      const fill = () => {
        do written += 64 * 1024;
        while (sink.write(Buffer.alloc(64 * 1024)));
      };
      sink.onDrain(fill);
      sink.onAbort(resolve);
      sink.start({ status: 200, statusText: "", headers: {} });
      fill();
    };
  });
  void ask({ ":path": "/endless" }, (stream) => stream.end().on("response", () => stream.pause()));
  await aborted;
  expect(written).toBeLessThan(8 * 1024 * 1024);
});

test("HTTP/1.1 at the same port", async () => {
  const [status, body] = await new Promise<[number, string]>((resolve, reject) => {
    httpsRequest({ port: url.port, host: "localhost", ca, path: "/one" }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve([response.statusCode ?? 0, text]));
    })
      .on("error", reject)
      .end();
  });
  expect([status, body, requests.at(-1)?.httpVersion, requests.at(-1)?.scheme]).toEqual([200, "ok", "1.1", "https"]);
});

test("a flood of requests that are reset at once ends the connection", async () => {
  let taken = 0;
  const flooded = createNodeDoor(
    (request, sink) => {
      taken += 1;
      answer(request, sink);
    },
    (_request, socket) => socket.destroy(),
    { port: 0, address: "127.0.0.1", tls, headerBytes: 16_384, requestTime: 5, lingerTime: 0.05, idleTime: 0.2 },
  );
  const { port } = await flooded.listen();
  const socket = connectTls({ host: "localhost", port: Number(port), ca, ALPNProtocols: ["h2"] });
  const closed = new Promise((resolve) => socket.on("close", resolve));
  const head = Buffer.concat([Buffer.from([0x82, 0x87, 0x84, 0x01, 1]), Buffer.from("a")]);
  const cancel = Buffer.from([0, 0, 0, constants.NGHTTP2_CANCEL]);
  const frames = [frame(4, 0, Buffer.alloc(0), 0)];
  for (let stream = 1; stream < 6000; stream += 2) frames.push(frame(1, 5, head, stream), frame(3, 0, cancel, stream));
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(Buffer.concat(frames));
  socket.on("error", () => {}).resume();
  await closed;
  expect(taken).toBeLessThan(2500);
  await flooded.close(0);
});

test("a stop lets running streams end", async () => {
  const asked = new Promise<() => void>((resolve) => {
    handlers["/last"] = (request, sink) => resolve(() => answer(request, sink));
  });
  const last = ask({ ":path": "/last" });
  const finish = await asked;
  const closed = door.close(60);
  finish();
  expect((await last).body).toBe("ok");
  await closed;
});
