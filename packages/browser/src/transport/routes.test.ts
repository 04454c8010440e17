import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import type { HeaderList, NetworkResponse } from "@corsac/protocol";
import { describe, expect, test } from "vitest";
import { networkRequest } from "../../test/network-request.ts";
import type { BodySource } from "../body-source.ts";
import { type RouteHandler, Routes } from "./routes.ts";

const origin = "https://api.example";

async function ask(
  handler: RouteHandler,
  init: Parameters<typeof networkRequest>[1] = {},
  headers: HeaderList = [],
  signal?: AbortSignal,
): Promise<NetworkResponse> {
  const routes = new Routes();
  routes.add(origin, handler);
  return routes.send(networkRequest(`${origin}/books?q=1`, init), headers, signal) as Promise<NetworkResponse>;
}

function answered(response: NetworkResponse): Extract<NetworkResponse, { kind: "response" }> {
  if (response.kind !== "response") throw new Error(`${response.reason}: ${response.message}`);
  return response;
}

async function text(response: NetworkResponse): Promise<string> {
  return Buffer.from(await (answered(response).body as BodySource).bytes()).toString();
}

/** A stream whose chunks come one at a time, when the test says so. */
function steppedStream() {
  let sink: ReadableStreamDefaultController<Uint8Array> | undefined;
  let onCancel = (): void => {};
  const cancelled = new Promise<void>((resolve) => {
    onCancel = resolve;
  });
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      sink = controller;
    },
    cancel: () => onCancel(),
  });
  return {
    stream,
    cancelled,
    push: (chunk: string) => sink?.enqueue(new TextEncoder().encode(chunk)),
    close: () => sink?.close(),
    fail: (error: Error) => sink?.error(error),
  };
}

const headers: HeaderList = [
  ["Origin", "https://app.example"],
  ["Cookie", "a=1"],
  ["Sec-Fetch-Mode", "cors"],
];

describe("a Web handler", () => {
  test("gets a genuine Request with every header and the whole URL", async () => {
    let seen: Request | undefined;
    const response = await ask(
      (request: Request) => {
        seen = request;
        return new Response("hi", { status: 201, statusText: "Made" });
      },
      {},
      headers,
    );
    expect(seen).toBeInstanceOf(Request);
    expect(seen?.url).toBe(`${origin}/books?q=1`);
    expect(Object.fromEntries(seen?.headers ?? [])).toMatchObject({
      host: "api.example",
      origin: "https://app.example",
      cookie: "a=1",
      "sec-fetch-mode": "cors",
    });
    expect(answered(response)).toMatchObject({ status: 201, statusText: "Made" });
    expect(answered(response).sentHeaders).toEqual(expect.arrayContaining([["host", "api.example"], ...headers]));
    expect(await text(response)).toBe("hi");
  });

  test("may be an object with fetch", async () => {
    const app = {
      greeting: "hello",
      async fetch() {
        return new Response(this.greeting);
      },
    };
    expect(await text(await ask(app))).toBe("hello");
  });

  test("each Set-Cookie is a line of its own", async () => {
    const response = await ask(() => {
      const answer = new Response(null);
      answer.headers.append("Set-Cookie", "a=1");
      answer.headers.append("Set-Cookie", "b=2");
      return answer;
    });
    expect(answered(response).headers).toEqual([
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
    expect(await text(response)).toBe("");
  });

  test("what it throws is a network error", async () => {
    expect(await ask(() => Promise.reject(new Error("no database")))).toMatchObject({
      kind: "network-error",
      reason: "unknown",
      message: "the handler threw: Error: no database",
    });
    expect(await ask(() => Response.error())).toMatchObject({ kind: "network-error" });
  });

  test.each(["HEAD", "GET"])("%s: a body where none can be is given up", async (method) => {
    const body = steppedStream();
    const status = method === "HEAD" ? 200 : 205;
    const answer = Object.defineProperty(new Response(body.stream), "status", { value: status });
    expect(answered(await ask(() => answer, { method })).body).toBeNull();
    await body.cancelled;
  });
});

const echoListener: RequestListener = (request, response) => void request.pipe(response);
const both: Array<{ title: string; echo: RouteHandler }> = [
  { title: "a Web handler", echo: (request: Request) => new Response(request.body) },
  { title: "a Node listener", echo: echoListener },
  { title: "a Node server", echo: createServer(echoListener) },
];

describe.each(both)("$title", ({ echo }) => {
  test("streams both ways at once", async () => {
    const up = steppedStream();
    const asked = ask(echo, { method: "POST", body: { payload: up.stream, length: null, replayable: false } });
    up.push("one");
    const reader = (answered(await asked).body as BodySource).stream().getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("one");
    up.push("two");
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("two");
    up.close();
    expect((await reader.read()).done).toBe(true);
  });

  test("bytes come back as they were", async () => {
    const payload = new Uint8Array(300_000).map((_, index) => index % 251);
    const response = await ask(echo, { method: "PUT", body: { payload, length: payload.length, replayable: true } });
    expect(Buffer.compare(await (answered(response).body as BodySource).bytes(), payload)).toBe(0);
  });
});

describe("a Node listener", () => {
  test("sees what a server behind TLS sees", async () => {
    let seen: Pick<IncomingMessage, "headers" | "url"> & { encrypted?: unknown } = { headers: {} };
    const response = await ask(
      (request, response) => {
        seen = {
          headers: request.headers,
          url: request.url ?? "",
          encrypted: (request.socket as { encrypted?: unknown }).encrypted,
        };
        response.writeHead(
          200,
          "Fine",
          [
            ["Set-Cookie", "a=1"],
            ["set-cookie", "b=2"],
            ["X-A", "\xe9"],
          ].flat(),
        );
        response.end("hi");
      },
      {},
      headers,
    );
    expect(seen.url).toBe("/books?q=1");
    expect(seen.encrypted).toBe(true);
    expect(seen.headers).toMatchObject({ host: "api.example", cookie: "a=1", origin: "https://app.example" });
    expect(answered(response).headers.slice(0, 3)).toEqual([
      ["Set-Cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["X-A", "\xe9"],
    ]);
    expect(await text(response)).toBe("hi");
  });

  test("a function with three parameters is one, as Express applications are", async () => {
    const app = (_request: IncomingMessage, response: Parameters<RequestListener>[1], _next: () => void) => {
      response.end("express");
    };
    expect(await text(await ask(app as RequestListener))).toBe("express");
  });

  test.each([
    {
      title: "at once",
      listener: ((_request, _response) => {
        throw new Error("no database");
      }) as RequestListener,
    },
    {
      title: "later",
      listener: (async (_request, _response) => {
        throw new Error("no database");
      }) as RequestListener,
    },
  ])("what it throws $title is a network error", async ({ listener }) => {
    expect(await ask(listener)).toMatchObject({
      kind: "network-error",
      reason: "unknown",
      message: "the handler threw: Error: no database",
    });
  });

  test("a hijacked connection that is closed is a closed connection", async () => {
    expect(await ask((request, _response) => void request.socket.destroy())).toMatchObject({
      reason: "connection-closed",
    });
  });

  test("many requests share few connections", async () => {
    const sockets = new Set<unknown>();
    const routes = new Routes();
    routes.add(origin, (request, response) => {
      sockets.add(request.socket);
      response.end("x".repeat(100_000));
    });
    for (let count = 0; count < 5; count++) {
      const response = await routes.send(networkRequest(`${origin}/`), []);
      expect(await text(response as NetworkResponse)).toHaveLength(100_000);
    }
    expect(sockets.size).toBe(1);
    await routes.close();
  });
});

describe("giving up", () => {
  test("an answer without content is whole: the handler is not told that the client gave up", async () => {
    let signal: AbortSignal | undefined;
    const handler = (request: Request) => {
      signal = request.signal;
      return new Response(null, { status: 204 });
    };
    expect(await ask(handler)).toMatchObject({ status: 204, body: null });
    expect(signal?.aborted).toBe(false);
  });

  const handlers = (onAbort: () => void): Array<{ title: string; handler: RouteHandler }> => [
    {
      title: "a Web handler",
      handler: (request: Request) => {
        request.signal.addEventListener("abort", onAbort);
        return new Promise<Response>(() => {});
      },
    },
    {
      title: "a Node listener",
      handler: ((_request, response) => void response.on("close", onAbort)) as RequestListener,
    },
  ];

  test.each([0, 1])("aborting reaches the handler (%i)", async (which) => {
    const controller = new AbortController();
    let onAbort = (): void => {};
    const reached = new Promise<void>((resolve) => {
      onAbort = resolve;
    });
    const asked = ask(handlers(onAbort)[which]!.handler, {}, [], controller.signal);
    setImmediate(() => controller.abort());
    expect(await asked).toMatchObject({ kind: "network-error", reason: "aborted" });
    await reached;
  });

  test("aborting while the body arrives rejects it with the reason", async () => {
    const body = steppedStream();
    const controller = new AbortController();
    const response = await ask(() => new Response(body.stream), {}, [], controller.signal);
    const whole = (answered(response).body as BodySource).bytes();
    controller.abort(new Error("enough"));
    await expect(whole).rejects.toThrow("enough");
    await body.cancelled;
  });

  test("cancelling the body cancels the handler's stream", async () => {
    const body = steppedStream();
    await (answered(await ask(() => new Response(body.stream))).body as BodySource).stream().cancel();
    await body.cancelled;
  });

  test("a body that fails rejects with a TypeError", async () => {
    const body = steppedStream();
    const response = await ask(() => new Response(body.stream));
    body.fail(new Error("disk"));
    await expect(text(response)).rejects.toThrow(TypeError);
  });

  test("a time limit", async () => {
    const routes = new Routes({ timeout: 20 });
    routes.add(origin, () => new Promise<Response>(() => {}));
    expect(await routes.send(networkRequest(origin), [])).toMatchObject({
      reason: "timeout",
      message: "no answer within 20 ms from api.example",
    });
  });
});

test("content codings are undone as over the wire", async () => {
  const headers = { "Content-Encoding": "gzip" };
  const handler = () => new Response(gzipSync("hello"), { headers });
  expect(await text(await ask(handler))).toBe("hello");
  expect(await new Response((answered(await ask(handler)).body as BodySource).stream()).text()).toBe("hello");
});

test.each(["api.example", "https://api.example/books", "ftp://api.example", "https://user@api.example", ""])(
  "%j is no origin",
  (value) => {
    expect(() => new Routes().add(value, () => new Response())).toThrow(
      expect.objectContaining({ code: "route-origin-invalid" }),
    );
  },
);

test("an origin without a route is not answered", () => {
  expect(new Routes().send(networkRequest("https://other.example/"), [])).toBeUndefined();
});
