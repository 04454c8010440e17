import { expect, test } from "vitest";
import { createFetchDoor } from "../src/client/fetch-door.ts";
import { GatewayError } from "../src/exchange/gateway-error.ts";
import type { GatewayRequest } from "../src/exchange/gateway-request.ts";
import type { Handler, ResponseSink } from "../src/exchange/response-sink.ts";
import { createGateway } from "../src/index.ts";
import { RawUpstream } from "./raw-upstream.ts";

const url = "https://gateway.example:8443/a?b#c";

function answer(sink: ResponseSink, status = 200, headers: Record<string, string | string[]> = {}): void {
  sink.start({ status, statusText: "", headers });
  sink.write(Buffer.from("ok"));
  sink.end({ digest: "dropped" });
}

test("a request becomes one of the gateway", async () => {
  let seen: GatewayRequest | undefined;
  const fetch = createFetchDoor((request, sink) => {
    seen = request;
    answer(sink);
  });
  await fetch(new Request(url, { headers: { x: "y", connection: "z", z: "1", te: "trailers" } }));
  expect({ ...seen, headers: { ...seen?.headers } }).toEqual({
    ...{ method: "GET", scheme: "https", authority: "gateway.example:8443", target: "/a?b", httpVersion: "1.1" },
    ...{ headers: { x: "y", te: "trailers", host: "gateway.example:8443" }, body: null, clientAddress: null },
  });
});

test("content streams both ways", async () => {
  const fetch = createFetchDoor(({ body }, sink) => {
    sink.start({ status: 201, statusText: "Made", headers: { "set-cookie": ["a=b", "c=d"], x: ["1", "2"] } });
    body?.on("data", (chunk: Buffer) => sink.write(Buffer.from(chunk.toString().toUpperCase())));
    body?.on("end", () => sink.end(null));
  });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const response = await fetch(new Request(url, { method: "QUERY", body: readable, duplex: "half" } as RequestInit));
  expect([response.status, response.statusText, response.headers.getSetCookie(), response.headers.get("x")]).toEqual([
    ...[201, "Made", ["a=b", "c=d"], "1, 2"],
  ]);
  const reader = response.body?.getReader();
  for (const text of ["one", "two"]) {
    await writer.write(Buffer.from(text));
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(text.toUpperCase());
  }
  await writer.close();
  expect((await reader?.read())?.done).toBe(true);
});

test.each([
  ["HEAD", 200],
  ["GET", 204],
  ["GET", 304],
])("%s %i has no content", async (method, status) => {
  const fetch = createFetchDoor((_request, sink) => answer(sink, status, { "content-length": "1000" }));
  const response = await fetch(new Request(url, { method }));
  expect([response.status, response.body, response.headers.get("content-length")]).toEqual([
    status,
    null,
    status === 204 ? null : "1000",
  ]);
});

test("an error before the response is a problem, one within errors the content", async () => {
  const refused = await createFetchDoor((_request, sink) => sink.fail(new GatewayError("too-busy", "Busy.")))(
    new Request(url),
  );
  expect([refused.status, refused.headers.get("content-type"), JSON.parse(await refused.text()).code]).toEqual([
    503,
    "application/problem+json",
    "too-busy",
  ]);
  const impossible = await createFetchDoor((_request, sink) => answer(sink, 200, { x: "a\r\nb" }))(new Request(url));
  expect(impossible.status).toBe(502);
  const cut: Handler = (_request, sink) => {
    sink.start({ status: 200, statusText: "", headers: {} });
    sink.write(Buffer.from("half"));
    sink.fail(new Error("late"));
  };
  await expect((await createFetchDoor(cut)(new Request(url))).text()).rejects.toThrow(TypeError);
});

test("an abort rejects before the response, and errors the content after it", async () => {
  const left: string[] = [];
  let content: Promise<unknown> | undefined;
  const fetch = createFetchDoor(({ target, body }, sink) => {
    sink.onAbort(() => left.push(target));
    content ??= new Promise((resolve) => body?.on("error", resolve));
    if (target === "/after") sink.start({ status: 200, statusText: "", headers: {} });
  });
  const before = new AbortController();
  const waiting = fetch(new Request("http://a/before", { signal: before.signal, method: "POST", body: "content" }));
  before.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  const after = new AbortController();
  const response = await fetch(new Request("http://a/after", { signal: after.signal }));
  after.abort();
  await expect(response.text()).rejects.toMatchObject({ name: "AbortError" });
  expect(left).toEqual(["/before", "/after"]);
  expect(await content).toBeInstanceOf(Error);
  await expect(fetch(new Request("http://a/", { signal: AbortSignal.abort() }))).rejects.toMatchObject({
    name: "AbortError",
  });
});

test("a reader that does not read makes the writer wait, one that leaves is noticed", async () => {
  let written = 0;
  const aborted = new Promise<void>((resolve) => {
    const fetch = createFetchDoor((_request, sink) => {
      const fill = () => {
        do written += 16 * 1024;
        while (sink.write(Buffer.alloc(16 * 1024)));
      };
      sink.onAbort(resolve);
      sink.onDrain(fill);
      sink.start({ status: 200, statusText: "", headers: {} });
      fill();
    });
    void fetch(new Request(url)).then(async ({ body }) => {
      const reader = body?.getReader();
      expect(written).toBe(64 * 1024);
      for (let index = 0; index < 40; index += 1) await reader?.read();
      expect(written).toBeGreaterThan(600 * 1024);
      await reader?.cancel();
    });
  });
  await aborted;
  expect(written).toBeLessThan(800 * 1024);
});

test("what never ends is cut off when the gateway closes", async () => {
  const upstream = await RawUpstream.start((socket) => socket.write("HTTP/1.1 200 OK\r\n\r\nendless"));
  const gateway = createGateway({ upstream: upstream.url.href });
  const response = await gateway.fetch(new Request("http://localhost/"));
  const content = expect(response.text()).rejects.toThrow("cut short");
  await gateway.close(0.02);
  await content;
  await upstream.close();
});
