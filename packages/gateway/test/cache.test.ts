import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createGateway, type Gateway } from "../src/index.ts";

/** The cache between real sockets, with all stages around it. */

const origins = ["https://one.example", "https://two.example"];
let upstream: Server;
let upstreamUrl: string;
let gateway: Gateway;
let url: URL;
/** How often the upstream was asked for each path. */
const trips = new Map<string, number>();
let state = 0;
let held: ServerResponse[] = [];

const answers: Record<string, (incoming: IncomingMessage, response: ServerResponse) => void> = {
  "/shared": (_, response) => {
    response.setHeader("Access-Control-Allow-Origin", "https://first.example");
    response.setHeader("Cache-Control", "max-age=60");
    response.setHeader("ETag", '"a"');
    response.end("0123456789");
  },
  "/own": ({ headers }, response) => {
    response.setHeader("Access-Control-Allow-Origin", headers.origin ?? "null");
    response.setHeader("Vary", "Origin");
    response.setHeader("Cache-Control", "max-age=60");
    response.end("own");
  },
  "/held": (_, response) => {
    response.setHeader("Cache-Control", "max-age=60");
    response.write("begin ");
    held.push(response);
  },
  "/moved": (_, response) => {
    response.writeHead(301, { location: `${upstreamUrl}/shared`, "cache-control": "max-age=60" });
    response.end();
  },
  "/state": (incoming, response) => {
    if (incoming.method === "PUT") {
      state += 1;
      response.writeHead(204).end();
      return;
    }
    response.setHeader("Cache-Control", "max-age=60");
    response.end(String(state));
  },
  "/question": async (incoming, response) => {
    const content = await text(incoming);
    response.setHeader("Cache-Control", "max-age=60");
    response.end(`answer to ${content}`);
  },
};

beforeAll(async () => {
  upstream = createServer((incoming, response) => {
    const path = (incoming.url ?? "").slice("/v1".length);
    trips.set(path, (trips.get(path) ?? 0) + 1);
    answers[path]?.(incoming, response);
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  gateway = createGateway({
    cache: true,
    routes: [
      { path: "/api/*", upstream: upstreamUrl, policy: { origins, methods: ["PUT", "QUERY"] } },
      { path: "/plain/*", upstream: upstreamUrl, policy: null, forwardOrigin: true },
    ],
    listen: { port: 0 },
  });
  url = await gateway.listen();
});

beforeEach(() => {
  trips.clear();
  held = [];
});

afterAll(async () => {
  await gateway.close(0);
  upstream.closeAllConnections();
  upstream.close();
});

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(path, url), { redirect: "manual", ...init });
}

test("one stored response is for every origin, each under the policy", async () => {
  for (const [index, origin] of [...origins, "https://other.example", undefined].entries()) {
    const response = await ask("/api/shared", { headers: origin === undefined ? {} : { origin } });
    const { headers } = response;
    expect(headers.get("access-control-allow-origin")).toBe(index < 2 ? origin : null);
    expect(headers.get("vary")).toContain("Origin");
    expect(headers.get("cache-status")).toMatch(index === 0 ? /fwd=uri-miss; stored/ : /hit; ttl=\d+/);
    expect(await response.text()).toBe("0123456789");
  }
  expect(trips.get("/shared")).toBe(1);
});

test("what the upstream says of CORS is stored for the origin that it was said to", async () => {
  for (const origin of [...origins, ...origins]) {
    const { headers } = await ask("/plain/own", { headers: { origin } });
    expect(headers.get("access-control-allow-origin")).toBe(origin);
  }
  expect(trips.get("/own")).toBe(2);
});

test.each<[string, RequestInit, number, string, string | null]>([
  ["HEAD", { method: "HEAD" }, 200, "", "10"],
  // Node's fetch would ask for no-cache by itself.
  ["If-None-Match", { headers: { "if-none-match": '"a"', "cache-control": "max-age=60" } }, 304, "", null],
  ["Range", { headers: { range: "bytes=2-4" } }, 206, "234", "3"],
  ["a Range behind the end", { headers: { range: "bytes=10-" } }, 416, "", "0"],
])("%s is answered from the store", async (_title, init, status, content, length) => {
  await (await ask("/api/shared")).text();
  trips.clear();
  const response = await ask("/api/shared", init);
  expect(response.status).toBe(status);
  expect(await response.text()).toBe(content);
  expect(response.headers.get("content-length")).toBe(length);
  expect(trips.size).toBe(0);
});

test("a stored redirect leads into the gateway", async () => {
  for (const _ of [1, 2]) {
    expect((await ask("/api/moved")).headers.get("location")).toBe("/api/shared");
  }
  expect(trips.get("/moved")).toBe(1);
});

test("many requests at once are one to the upstream, and some of the clients may leave", async () => {
  const leaving = new AbortController();
  const left = ask("/api/held", { signal: leaving.signal });
  while (held.length === 0) await once(upstream, "request");
  const others = Array.from({ length: 20 }, () => ask("/api/held"));
  const heads = await Promise.all(others);
  await left;
  leaving.abort();
  held[0]?.end("end");
  for (const response of heads) expect(await response.text()).toBe("begin end");
  expect(trips.get("/held")).toBe(1);
});

test("content that is cut off is so for all, and not stored", async () => {
  const path = "/api/held?cut";
  answers["/held?cut"] = answers["/held"] as (typeof answers)[string];
  const [one, other] = await Promise.all([ask(path), ask(path)]);
  held[0]?.destroy();
  await expect(one.text()).rejects.toThrow();
  await expect(other.text()).rejects.toThrow();
  const again = await ask(path);
  held[1]?.end("end");
  expect(await again.text()).toBe("begin end");
  expect(trips.get("/held?cut")).toBe(2);
});

test("whoever has heard of a change never reads the state before it, however many read meanwhile", async () => {
  let known = state;
  const read = async () => {
    const before = known;
    expect(Number(await (await ask("/api/state")).text())).toBeGreaterThanOrEqual(before);
  };
  for (let round = 0; round < 20; round++) {
    const reading = Array.from({ length: 5 }, read);
    const change = ask("/api/state", { method: "PUT" }).then(() => {
      known = state;
    });
    await Promise.all([...reading, change, read(), change.then(read)]);
  }
  expect(trips.get("/state")).toBeLessThan(20 * 8);
});

function query(content: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "text/plain", "content-length": content.length };
    const outgoing = request(new URL("/api/question", url), { method: "QUERY", headers });
    outgoing.on("response", (response) => text(response).then(resolve, reject));
    outgoing.on("error", reject);
    outgoing.end(content);
  });
}

test("a QUERY is answered by its content", async () => {
  for (const content of ["a", "b", "a", "b"]) expect(await query(content)).toBe(`answer to ${content}`);
  expect(trips.get("/question")).toBe(2);
});
