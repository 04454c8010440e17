import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Browser, type Page } from "../src/index.ts";

let listener: RequestListener;
let page: Page;
let browser: Browser;
const server = createServer((request, response) => listener(request, response));
const connections = new Set<unknown>();

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => server.close().closeAllConnections());
beforeEach(() => {
  server.on("connection", (socket) => connections.add(socket));
  browser = new Browser();
  page = browser.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page/`);
});
afterEach(async () => {
  await browser.close();
  connections.clear();
});

/** Answers with what it was sent. */
const echo: RequestListener = async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { "content-type": type, "content-length": length, "transfer-encoding": coding } = request.headers;
  response.end(
    JSON.stringify({
      method: request.method,
      url: request.url,
      type,
      length,
      coding,
      body: Buffer.concat(chunks).toString(),
    }),
  );
};

function stream(...chunks: unknown[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk as Uint8Array);
    },
  });
}
const bytes = (text: string) => new TextEncoder().encode(text);

describe("request bodies on the wire", () => {
  const form = new FormData();
  form.append("a", "1");
  const rows: { title: string; body: unknown; want: object }[] = [
    { title: "a string", body: "\u00e9", want: { type: "text/plain;charset=UTF-8", length: "2", body: "\u00e9" } },
    { title: "an empty string", body: "", want: { type: "text/plain;charset=UTF-8", length: "0", body: "" } },
    {
      title: "form parameters",
      body: new URLSearchParams("a=1"),
      want: { type: "application/x-www-form-urlencoded;charset=UTF-8", length: "3", body: "a=1" },
    },
    { title: "a blob", body: new Blob(["x"], { type: "text/x" }), want: { type: "text/x", length: "1", body: "x" } },
    { title: "a blob without a type", body: new Blob(["x"]), want: { type: undefined, length: "1", body: "x" } },
    { title: "bytes", body: bytes("x"), want: { type: undefined, length: "1", body: "x" } },
    {
      title: "form data",
      body: form,
      want: {
        type: expect.stringContaining("multipart/form-data; boundary="),
        length: expect.any(String),
        body: expect.stringContaining('name="a"\r\n\r\n1\r\n'),
      },
    },
  ];
  test.each(rows)("$title", async ({ body, want }) => {
    listener = echo;
    const response = await page.fetch("echo", { method: "POST", body: body as string });
    expect(await response.json()).toEqual({ method: "POST", url: "/page/echo", ...want });
  });

  test("a stream is sent as it comes", async () => {
    listener = echo;
    const body = stream(bytes("a"), bytes("b"));
    const response = await page.fetch("echo", { method: "POST", body, duplex: "half" });
    expect(await response.json()).toMatchObject({ coding: "chunked", body: "ab" });
  });

  test("a stream with a chunk that is not bytes fails the fetch", async () => {
    listener = echo;
    const body = stream("text");
    await expect(page.fetch("echo", { method: "POST", body, duplex: "half" })).rejects.toThrow(TypeError);
  });

  test("a request object lends its body once", async () => {
    listener = echo;
    const request = new page.Request("echo", { method: "POST", body: "x" });
    expect(await (await page.fetch(request)).json()).toMatchObject({ body: "x", length: "1" });
    expect(request.bodyUsed).toBe(true);
    await expect(page.fetch(request)).rejects.toThrow(TypeError);
  });

  test("one of Node's own request objects does too", async () => {
    listener = echo;
    const request = new Request(`${page.url}echo`, { method: "POST", body: "x" });
    expect(await (await page.fetch(request)).json()).toMatchObject({
      body: "x",
      length: "1",
      type: "text/plain;charset=UTF-8",
    });
    expect(request.bodyUsed).toBe(true);
  });

  test("a body is sent again after 307, a stream is not", async () => {
    listener = (request, response) => {
      if (request.url === "/page/echo") echo(request, response);
      else response.writeHead(307, { location: "echo" }).end();
    };
    expect(await (await page.fetch("old", { method: "PUT", body: "x" })).json()).toMatchObject({
      method: "PUT",
      body: "x",
    });
    const body = stream(bytes("x"));
    await expect(page.fetch("old", { method: "PUT", body, duplex: "half" })).rejects.toThrow(TypeError);
  });
});

describe("responses", () => {
  test("421 is answered by asking once more over a new connection", async () => {
    const ports: (number | undefined)[] = [];
    listener = (request, response) => {
      ports.push(request.socket.remotePort);
      response.writeHead(421).end("wrong");
    };
    const response = await page.fetch("/", { method: "POST", body: "x" });
    expect([response.status, await response.text()]).toEqual([421, "wrong"]);
    expect(new Set(ports).size).toBe(2);
    expect(ports.length).toBe(2);
  });

  test("a connection that breaks rejects whoever waits: read, closed and text", async () => {
    listener = (_, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("abc", () => response.destroy());
    };
    const reader = (await page.fetch("/")).body?.getReader();
    expect(await reader?.read()).toEqual({ done: false, value: bytes("abc") });
    await expect(reader?.closed).rejects.toThrow(TypeError);
    await expect(reader?.read()).rejects.toThrow(TypeError);
    await expect((await page.fetch("/")).text()).rejects.toThrow(TypeError);
  });

  test("HEAD and 204 have no body", async () => {
    listener = (request, response) => response.writeHead(request.method === "HEAD" ? 200 : 204, { a: "1" }).end();
    expect((await page.fetch("/", { method: "HEAD" })).body).toBeNull();
    expect((await page.fetch("/")).body).toBeNull();
  });

  test("integrity that does not match rejects", async () => {
    listener = (_, response) => response.end("x");
    const matching = "sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=";
    expect(await (await page.fetch("/", { integrity: matching })).text()).toBe("x");
    await expect(page.fetch("/", { integrity: matching.replace("L", "M") })).rejects.toThrow(TypeError);
  });
});

describe("abort", () => {
  test("before: rejects with the reason, and nothing is sent", async () => {
    listener = () => expect.unreachable();
    const reason = new Error("never mind");
    await expect(page.fetch("/", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const request = new page.Request("/", { signal: AbortSignal.abort(reason) });
    await expect(page.fetch(request)).rejects.toBe(reason);
    expect(connections.size).toBe(0);
  });

  test("while the answer is awaited: rejects, and the connection is closed", async () => {
    const controller = new AbortController();
    const closed = new Promise((resolve) => {
      listener = (request) => {
        request.on("close", resolve);
        controller.abort();
      };
    });
    await expect(page.fetch("/", { signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" });
    await closed;
  });

  test("while the body arrives: whoever reads is rejected with the reason", async () => {
    listener = (_, response) => void response.writeHead(200, { "content-length": "10" }).write("abc");
    const controller = new AbortController();
    const [whole, streamed] = await Promise.all([
      page.fetch("/", { signal: controller.signal }),
      page.fetch("/", { signal: controller.signal }),
    ]);
    const text = whole.text();
    const reader = streamed.body?.getReader();
    await reader?.read();
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(text).rejects.toBe(reason);
    await expect(reader?.read()).rejects.toBe(reason);
  });

  test("after the body has arrived: nothing happens", async () => {
    listener = (_, response) => response.end("x");
    const controller = new AbortController();
    const response = await page.fetch("/", { signal: controller.signal });
    expect(await response.text()).toBe("x");
    controller.abort();
  });
});

describe("blob: URLs", () => {
  const url = URL.createObjectURL(new Blob(["0123456789"], { type: "text/x" }));
  afterAll(() => URL.revokeObjectURL(url));

  test("are answered with type and length", async () => {
    const response = await page.fetch(`${url}#fragment`);
    expect([response.status, response.type, response.url]).toEqual([200, "basic", url]);
    expect([...response.headers]).toEqual([
      ["content-length", "10"],
      ["content-type", "text/x"],
    ]);
    expect(await response.text()).toBe("0123456789");
  });

  const ranges = [
    { range: "bytes=2-4", want: "234", contentRange: "bytes 2-4/10" },
    { range: "bytes=8-", want: "89", contentRange: "bytes 8-9/10" },
    { range: "bytes=-3", want: "789", contentRange: "bytes 7-9/10" },
    { range: "bytes=5-50", want: "56789", contentRange: "bytes 5-9/10" },
  ];
  test.each(ranges)("$range gives $contentRange", async ({ range, want, contentRange }) => {
    const response = await page.fetch(url, { headers: { range } });
    expect([response.status, response.statusText, await response.text()]).toEqual([206, "Partial Content", want]);
    expect(response.headers.get("content-range")).toBe(contentRange);
    expect(response.headers.get("content-length")).toBe(String(want.length));
  });

  const refused: { title: string; url: string; init?: { method?: string; headers?: Record<string, string> } }[] = [
    { title: "a range that begins after the end", url, init: { headers: { range: "bytes=10-" } } },
    { title: "several ranges", url, init: { headers: { range: "bytes=0-1,3-4" } } },
    { title: "another method than GET", url, init: { method: "POST" } },
    { title: "a blob that is not there", url: "blob:nodedata:0" },
    { title: "a blob of another origin", url: "blob:https://other.example/0" },
  ];
  test.each(refused)("$title is refused", async ({ url, init }) => {
    await expect(page.fetch(url, init)).rejects.toThrow(TypeError);
  });
});
