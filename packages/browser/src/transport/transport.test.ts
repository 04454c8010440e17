import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { gzipSync } from "node:zlib";
import type { NetworkResponse } from "@corsac/protocol";
import { afterEach, describe, expect, test } from "vitest";
import { networkRequest } from "../../test/network-request.ts";
import { type RawRequest, type RawServer, rawServer } from "../../test/raw-server.ts";
import type { BodySource } from "../body-source.ts";
import { Transport } from "./transport.ts";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function transport(options?: ConstructorParameters<typeof Transport>[0]): Transport {
  const created = new Transport(options);
  closing.push(() => created.close());
  return created;
}

async function raw(answer: string | ((request: RawRequest) => void)): Promise<RawServer> {
  const server = await rawServer(
    typeof answer === "string" ? ({ socket }) => socket.end(Buffer.from(answer, "latin1")) : answer,
  );
  closing.push(() => server.close());
  return server;
}

async function http(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

function answered(response: NetworkResponse): Extract<NetworkResponse, { kind: "response" }> {
  if (response.kind !== "response") throw new Error(`${response.reason}: ${response.message}`);
  return response;
}

async function text(response: NetworkResponse): Promise<string> {
  const body = answered(response).body as BodySource | null;
  return body === null ? "(null)" : Buffer.from(await body.bytes()).toString("latin1");
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

describe("request", () => {
  test("sentHeaders are the lines on the wire, in their order", async () => {
    const server = await raw(ok);
    const response = await transport().send(networkRequest(`${server.origin}/a?b=c#d`), [
      ["Origin", "https://app.example"],
      ["X-Latin", "caf\xe9"],
    ]);
    const lines = server.requests[0]?.head.split("\r\n") ?? [];
    expect(lines[0]).toBe("GET /a?b=c HTTP/1.1");
    expect(answered(response).sentHeaders?.map(([name, value]) => `${name}: ${value}`)).toEqual(lines.slice(1));
    expect(lines.slice(1)).toEqual([
      `host: 127.0.0.1:${server.port}`,
      "connection: keep-alive",
      "Origin: https://app.example",
      "X-Latin: caf\xe9",
      `Accept-Encoding: ${answered(response).sentHeaders?.at(-1)?.[1]}`,
    ]);
  });

  const payload = new TextEncoder().encode("hello");
  const stream = () =>
    new ReadableStream({
      start(sink) {
        sink.enqueue(payload);
        sink.close();
      },
    });
  const bodies = [
    { title: "bytes announce their length", method: "POST", payload, length: 5, want: ["content-length: 5"] },
    { title: "DELETE with bytes", method: "DELETE", payload, length: 5, want: ["content-length: 5"] },
    { title: "a method of one's own", method: "CHICKEN", payload, length: 5, want: ["content-length: 5"] },
    {
      title: "a blob announces its length and adds no type",
      method: "PUT",
      payload: new Blob(["hello"], { type: "text/x-blob" }),
      length: 5,
      want: ["content-length: 5"],
    },
    {
      title: "a stream is chunked",
      method: "POST",
      payload: stream(),
      length: null,
      want: ["transfer-encoding: chunked"],
    },
    { title: "POST without a body", method: "POST", payload: null, length: null, want: ["content-length: 0"] },
    {
      title: "PUT with an empty body",
      method: "PUT",
      payload: new Uint8Array(),
      length: 0,
      want: ["content-length: 0"],
    },
    { title: "GET without a body", method: "GET", payload: null, length: null, want: [] },
    { title: "patch stays lower case", method: "patch", payload: null, length: null, want: [] },
  ];
  test.each(bodies)("body: $title", async ({ method, payload, length, want }) => {
    const server = await raw(({ head, socket }) => {
      if (head.includes("HTTP/1.1")) socket.write(ok);
    });
    const body = payload === null ? null : { payload, length, replayable: true };
    const response = answered(
      await transport().send(networkRequest(server.origin, { method, body }), [["Accept-Encoding", "identity"]]),
    );
    const [start, ...lines] = server.requests[0]?.head.split("\r\n") ?? [];
    expect(start).toBe(`${method} / HTTP/1.1`);
    expect(lines.slice(3)).toEqual(want);
    expect(response.sentHeaders?.map(([name, value]) => `${name}: ${value}`)).toEqual(lines);
  });

  test("bodies arrive as they are", async () => {
    const origin = await http(async (message, response) => response.end(await readAll(message)));
    const network = transport();
    for (const [payload, length] of [
      [payloadBytes(300_000), 300_000],
      [new Blob([payloadBytes(300_000)]), 300_000],
      [new Blob([payloadBytes(300_000)]).stream(), null],
    ] as const) {
      const request = networkRequest(origin, { method: "POST", body: { payload, length, replayable: false } });
      const body = answered(await network.send(request, [])).body as BodySource;
      expect(Buffer.compare(await body.bytes(), payloadBytes(300_000))).toBe(0);
    }
  });

  test("control characters in values, which scripts may set, are sent", async () => {
    const server = await raw(ok);
    const response = await transport().send(networkRequest(server.origin), [
      ["X-A", "1"],
      ["Accept", "a\x01b\x7f"],
      ["X-B", "2"],
    ]);
    expect(answered(response).status).toBe(200);
    expect(server.requests[0]?.head).toContain("X-A: 1\r\nAccept: a\x01b\x7f\r\nX-B: 2");
  });

  test("a body that breaks is a network error and ends the connection", async () => {
    const origin = await http((message) => void message.resume());
    const payload = new ReadableStream({
      start: (sink) => sink.enqueue(new TextEncoder().encode("x")),
      pull: (sink) => sink.error(new Error("the source broke")),
    });
    const request = networkRequest(origin, { method: "POST", body: { payload, length: null, replayable: false } });
    expect(await transport().send(request, [])).toMatchObject({ kind: "network-error", message: "the source broke" });
  });
});

function payloadBytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).map((_, index) => index % 251);
}

describe("response head", () => {
  test("every line is kept, in order and as written", async () => {
    const server = await raw(
      "HTTP/1.1 200 caf\xe9\r\nSet-Cookie: a=1\r\nACCESS-control-Allow-Origin:  http://a\x0b \r\nVary: x\r\nset-cookie: b=2\r\n" +
        "X-Empty:\r\nBlank : 1\r\nX-Latin: \xff\r\nContent-Length: 0\r\n\r\n",
    );
    const response = answered(await transport().send(networkRequest(server.origin), []));
    expect(response.statusText).toBe("caf\xe9");
    expect(response.headers).toEqual([
      ["Set-Cookie", "a=1"],
      ["ACCESS-control-Allow-Origin", "http://a\x0b"],
      ["Vary", "x"],
      ["set-cookie", "b=2"],
      ["X-Empty", ""],
      ["Blank ", "1"],
      ["X-Latin", "\xff"],
      ["Content-Length", "0"],
    ]);
  });

  test("1xx answers before the real one are passed over", async () => {
    const server = await raw(
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi`,
    );
    expect(await text(await transport().send(networkRequest(server.origin), []))).toBe("hi");
  });

  test("a head may arrive byte by byte", async () => {
    const server = await raw(async ({ socket }) => {
      for (const byte of ok) {
        socket.write(byte);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    expect(await text(await transport().send(networkRequest(server.origin), []))).toBe("hi");
  });

  const bodies = [
    {
      title: "204 has no body",
      method: "GET",
      answer: "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n",
      want: "(null)",
    },
    {
      title: "304 has no body",
      method: "GET",
      answer: "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n",
      want: "(null)",
    },
    {
      title: "HEAD has no body",
      method: "HEAD",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
      want: "(null)",
    },
    {
      title: "an empty body is not null",
      method: "GET",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      want: "",
    },
    {
      title: "the end of the connection ends the body",
      method: "GET",
      answer: "HTTP/1.1 200 OK\r\n\r\nhello",
      want: "hello",
    },
    { title: "HTTP/1.0", method: "GET", answer: "HTTP/1.0 200 OK\r\n\r\nhello", want: "hello" },
    {
      title: "chunks win over a length",
      method: "GET",
      answer:
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
      want: "hello",
    },
    {
      title: "the same length twice",
      method: "GET",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2, 2\r\n\r\nhi",
      want: "hi",
    },
    { title: "lone line feeds", method: "GET", answer: "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", want: "hi" },
  ];
  test.each(bodies)("body: $title", async ({ method, answer, want }) => {
    const server = await raw(answer);
    expect(await text(await transport().send(networkRequest(server.origin, { method }), []))).toBe(want);
  });
});

describe("body", () => {
  test.each([
    { title: "length", head: "Content-Length: 20" },
    { title: "chunks", head: "Transfer-Encoding: chunked" },
  ])("a body that breaks off ($title) rejects with a TypeError", async ({ head }) => {
    const server = await raw(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n5\r\nhello`);
    const network = transport();
    await expect(text(await network.send(networkRequest(server.origin), []))).rejects.toThrow(TypeError);
    const body = answered(await network.send(networkRequest(server.origin), [])).body as BodySource;
    await expect(new Response(body.stream()).text()).rejects.toThrow(TypeError);
  });

  test("content codings are undone, the headers stay", async () => {
    const origin = await http((_, response) => {
      response.setHeader("Content-Encoding", "gzip");
      response.end(gzipSync("hello ".repeat(50_000)));
    });
    const network = transport();
    const response = answered(await network.send(networkRequest(origin), []));
    expect(response.headers).toContainEqual(["Content-Encoding", "gzip"]);
    expect(await text(response)).toBe("hello ".repeat(50_000));
    const streamed = answered(await network.send(networkRequest(origin), [])).body as BodySource;
    expect(await new Response(streamed.stream()).text()).toBe("hello ".repeat(50_000));
  });

  test("a stream holds back the server until it is read", async () => {
    let written = 0;
    const origin = await http((_, response) => {
      const write = () => {
        while (written < 64 * 1024 * 1024) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return response.once("drain", write);
        }
        return response.end();
      };
      write();
    });
    const body = answered(await transport().send(networkRequest(origin), [])).body as BodySource;
    const reader = body.stream().getReader();
    await reader.read();
    let before = -1;
    while (before !== written) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(written).toBeLessThan(32 * 1024 * 1024);
    let read = 0;
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) read += chunk.value.byteLength;
    expect(written).toBe(64 * 1024 * 1024);
    expect(read).toBeGreaterThan(60 * 1024 * 1024);
  });

  test("cancelling a stream closes the connection", async () => {
    const closed = deferred();
    const origin = await http((_, response) => {
      response.on("close", () => closed.resolve());
      response.write("x");
    });
    const body = answered(await transport().send(networkRequest(origin), [])).body as BodySource;
    await body.stream().cancel();
    await closed.promise;
  });

  test("aborting while the body arrives rejects it with the reason and closes the connection", async () => {
    const closed = deferred();
    const origin = await http((_, response) => {
      response.on("close", () => closed.resolve());
      response.write("x");
    });
    const controller = new AbortController();
    const response = answered(await transport().send(networkRequest(origin), [], controller.signal));
    const whole = (response.body as BodySource).bytes();
    controller.abort();
    await expect(whole).rejects.toMatchObject({ name: "AbortError" });
    await closed.promise;
  });
});

function deferred(): { promise: Promise<void>; resolve(): void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}

describe("connections", () => {
  test("one connection serves one request after the other, HEAD and 204 included", async () => {
    const server = await raw(({ head, socket }) =>
      socket.write(head.startsWith("GET") ? ok : "HTTP/1.1 204 No Content\r\n\r\n"),
    );
    const network = transport();
    for (const method of ["GET", "HEAD", "DELETE", "GET"]) {
      await text(await network.send(networkRequest(server.origin, { method }), []));
    }
    expect(server.requests.map(({ before }) => before)).toEqual([0, 1, 2, 3]);
  });

  test("a cancelled short body leaves the connection in use", async () => {
    const server = await raw(({ socket }) => socket.write(ok));
    const network = transport();
    (answered(await network.send(networkRequest(server.origin), [])).body as BodySource).cancel();
    await text(await network.send(networkRequest(server.origin), []));
    expect(server.requests.map(({ before }) => before)).toEqual([0, 1]);
  });

  const drops = [
    { title: "GET on a kept connection is sent again", method: "GET", wire: ["GET", "GET", "GET"], want: "hi" },
    { title: "POST on a kept connection is not", method: "POST", wire: ["GET", "POST"], want: "connection-closed" },
  ];
  test.each(drops)("a connection closed instead of an answer: $title", async ({ method, wire, want }) => {
    const server = await raw(({ socket, before }) => (before === 0 ? socket.write(ok) : socket.destroy()));
    const network = transport();
    await text(await network.send(networkRequest(server.origin), []));
    const second = await network.send(networkRequest(server.origin, { method }), []);
    expect(second.kind === "response" ? await text(second) : second.reason).toBe(want);
    expect(server.requests.map(({ head }) => head.split(" ")[0])).toEqual(wire);
  });

  test("a new connection that is closed is not tried again", async () => {
    const server = await raw(({ socket }) => socket.end());
    const response = await transport().send(networkRequest(server.origin), []);
    expect(response).toMatchObject({ kind: "network-error", reason: "connection-closed" });
    expect(server.requests).toHaveLength(1);
  });
});

describe("network errors", () => {
  test("refused, naming the address", async () => {
    const server = await raw(ok);
    await server.close();
    const response = await transport().send(networkRequest(server.origin), []);
    expect(response).toEqual({
      kind: "network-error",
      reason: "connection-refused",
      message: `connect ECONNREFUSED 127.0.0.1:${server.port}`,
    });
  });

  test("a name that does not exist", async () => {
    const response = await transport().send(networkRequest("http://nothing.invalid/"), []);
    expect(response).toMatchObject({ kind: "network-error", reason: "dns" });
  });

  test("no answer in time", async () => {
    const server = await raw(() => {});
    const response = await transport({ timeout: 50 }).send(networkRequest(server.origin), []);
    expect(response).toMatchObject({
      kind: "network-error",
      reason: "timeout",
      message: `no answer within 50 ms from 127.0.0.1:${server.port}`,
    });
  });

  /** A resolver that never answers, so that nothing ever connects. */
  const silent = { lookup: () => {} };

  test("no connection in time", async () => {
    const response = await transport({ ...silent, timeout: 20 }).send(networkRequest("http://api.example/"), []);
    expect(response).toEqual({
      kind: "network-error",
      reason: "timeout",
      message: "no connection within 20 ms from api.example",
    });
  });

  test("aborted while connecting", async () => {
    const controller = new AbortController();
    const response = transport(silent).send(networkRequest("http://api.example/"), [], controller.signal);
    controller.abort();
    expect(await response).toMatchObject({ kind: "network-error", reason: "aborted" });
  });

  test("close breaks off what is under way", async () => {
    const network = new Transport();
    const server = await raw(({ head, socket }) => {
      if (head.includes("/body")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
      else void network.close();
    });
    const started = await network.send(networkRequest(`${server.origin}/body`), []);
    const waiting = network.send(networkRequest(`${server.origin}/head`), []);
    await expect(text(started)).rejects.toThrow(TypeError);
    expect(await waiting).toMatchObject({ kind: "network-error", reason: "aborted" });
  });

  test("aborted before and during", async () => {
    const controller = new AbortController();
    const server = await raw(() => controller.abort());
    const network = transport();
    const request = networkRequest(server.origin);
    expect(await network.send(request, [], controller.signal)).toMatchObject({ reason: "aborted" });
    expect(await network.send(request, [], controller.signal)).toMatchObject({ reason: "aborted" });
    expect(server.requests).toHaveLength(1);
  });

  const malformed = [
    { title: "not HTTP", answer: "hello there\r\n\r\n", message: 'not an HTTP response: it begins with "hello there"' },
    {
      title: "NUL in a value",
      answer: "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
      message: "a NUL byte in the head of the response",
    },
    {
      title: "two lengths",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
      message: "Content-Length says 2 and 3",
    },
    {
      title: "endless head",
      answer: `HTTP/1.1 200 OK\r\nX: ${"a".repeat(300_000)}`,
      message: "a head of more than 256 KiB",
    },
  ];
  test.each(malformed)("http-parse: $title", async ({ answer, message }) => {
    const server = await raw(answer);
    expect(await transport().send(networkRequest(server.origin), [])).toMatchObject({ reason: "http-parse", message });
  });

  test("a head that breaks off is a closed connection", async () => {
    const server = await raw("HTTP/1.1 200 OK\r\nX: 1\r\n");
    expect(await transport().send(networkRequest(server.origin), [])).toMatchObject({ reason: "connection-closed" });
  });

  test("plain HTTP where TLS was expected", async () => {
    const tcp = createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(ok));
    });
    await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => tcp.close(resolve)));
    const { port } = tcp.address() as { port: number };
    expect(await transport().send(networkRequest(`https://127.0.0.1:${port}/`), [])).toMatchObject({
      reason: "tls",
      message: "TLS handshake failed: wrong version number",
    });
  });
});

describe("names", () => {
  test.each(["localhost", "api.localhost", "LOCALHOST."])("%s is loopback", async (name) => {
    const server = await raw(ok);
    const response = await transport().send(networkRequest(`http://${name}:${server.port}/`), []);
    expect(await text(response)).toBe("hi");
    expect(server.requests[0]?.head).toContain(`host: ${name.toLowerCase()}:${server.port}`);
  });

  test("resolve gives the address and keeps the name", async () => {
    const server = await raw(ok);
    const network = transport({ resolve: { [`api.example:${server.port}`]: "127.0.0.1" } });
    expect(await text(await network.send(networkRequest(`http://api.example:${server.port}/`), []))).toBe("hi");
    expect(server.requests[0]?.head).toContain(`host: api.example:${server.port}`);
  });
});
