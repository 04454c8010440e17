import { createServer } from "node:http";
import express from "express";
import createFastify from "fastify";
import { type Context, Hono } from "hono";
import Koa from "koa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as expressAdapter from "../src/adapters/express.ts";
import * as fastifyAdapter from "../src/adapters/fastify.ts";
import * as honoAdapter from "../src/adapters/hono.ts";
import * as koaAdapter from "../src/adapters/koa.ts";
import * as nodeAdapter from "../src/adapters/node.ts";
import * as webAdapter from "../src/adapters/web.ts";
import { definePolicy } from "../src/index.ts";
import type { RunningServer } from "./application.ts";
import { listen } from "./listen.ts";
import { sendRaw } from "./send-raw.ts";
import { serveFetch } from "./serve-fetch.ts";

const policy = definePolicy({
  origins: ["https://app.example", "https://other.example"],
  methods: ["PUT"],
  requestHeaders: ["Idempotency-Key"],
  exposedHeaders: ["Idempotency-Replayed"],
});
const hook = { validators: () => ({ etag: '"1"' }) as const };

const harnesses: Record<string, () => Promise<RunningServer>> = {
  node() {
    const served = nodeAdapter.resource(
      { GET: (_, response) => response.end("got"), POST: (_, response) => response.end("posted") },
      hook,
    );
    return listen(createServer(nodeAdapter.cors(policy)(nodeAdapter.idempotencyKey()(served))));
  },
  express() {
    const app = express();
    app.use(expressAdapter.cors(policy), expressAdapter.idempotencyKey());
    app.all(
      "/books",
      expressAdapter.resource<express.Request, express.Response>(
        { GET: (_, response) => response.send("got"), POST: (_, response) => response.send("posted") },
        hook,
      ),
    );
    return listen(createServer(app));
  },
  async fastify() {
    const app = createFastify({ forceCloseConnections: true });
    app.register(fastifyAdapter.cors(policy)).register(fastifyAdapter.idempotencyKey());
    app.register(async (scope) => {
      scope.all("/books", fastifyAdapter.resource({ GET: () => "got", POST: () => "posted" }, hook));
    });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    return { url, close: () => app.close() };
  },
  koa() {
    const app = new Koa();
    app.use(koaAdapter.cors(policy)).use(koaAdapter.idempotencyKey());
    const text = (body: string) => (context: Koa.Context) => {
      context.body = body;
    };
    app.use(koaAdapter.resource<Koa.Context>({ GET: text("got"), POST: text("posted") }, hook));
    return listen(createServer(app.callback()));
  },
  hono() {
    const app = new Hono();
    app.use(honoAdapter.cors(policy), honoAdapter.idempotencyKey());
    const text = (body: string) => (context: Context) => context.text(body);
    app.all("/books", honoAdapter.resource<Context>({ GET: text("got"), POST: text("posted") }, hook));
    return serveFetch(app.fetch);
  },
  web() {
    const served = webAdapter.resource({ GET: () => new Response("got"), POST: () => new Response("posted") }, hook);
    return serveFetch(webAdapter.cors(policy)(webAdapter.idempotencyKey()(served)));
  },
};

describe.each(Object.entries(harnesses))("%s", (_, start) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());

  const from = (origin: string, headers: Readonly<Record<string, string>> = {}) => ({ origin, ...headers });
  const allowOrigin = "access-control-allow-origin";

  test("preflights are the policy's, other OPTIONS the resource's", async () => {
    const preflight = await sendRaw(server, {
      method: "OPTIONS",
      path: "/books",
      headers: from("https://app.example", { "access-control-request-method": "PUT" }),
    });
    expect([preflight.status, preflight.headers["access-control-allow-methods"], preflight.headers.allow]).toEqual([
      204,
      "PUT",
      undefined,
    ]);
    const options = await sendRaw(server, { method: "OPTIONS", path: "/books", headers: from("https://app.example") });
    expect([options.status, options.headers.allow, options.headers[allowOrigin]]).toEqual([
      204,
      "GET, HEAD, POST, OPTIONS",
      "https://app.example",
    ]);
  });

  test.each([
    ["GET", {}, 200],
    ["HEAD", {}, 200],
    ["GET", { "if-none-match": '"1"' }, 304],
    ["POST", { "if-match": '"2"' }, 412],
    ["PUT", {}, 405],
    ["PURGE", {}, 501],
    ["POST", { "idempotency-key": "malformed" }, 400],
  ] as const)("the page may read the answer to %s %j: %i", async (method, headers, status) => {
    const answer = await sendRaw(server, { method, path: "/books", headers: from("https://app.example", headers) });
    // Fastify routes what it knows.
    expect(answer.status === 404 ? 501 : answer.status).toBe(status);
    expect([answer.headers[allowOrigin], answer.headers.vary]).toEqual(["https://app.example", "Origin"]);
  });

  test("who asks again is given the headers of his own origin", async () => {
    const send = (origin: string) =>
      sendRaw(server, { method: "POST", path: "/books", headers: from(origin, { "idempotency-key": '"1"' }) });
    await send("https://app.example");
    const again = await send("https://other.example");
    expect([again.body, again.headers["idempotency-replayed"], again.headers[allowOrigin], again.headers.vary]).toEqual(
      ["posted", "true", "https://other.example", "Origin"],
    );
  });
});
