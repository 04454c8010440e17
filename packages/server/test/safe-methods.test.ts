import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import createFastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { afterAll, describe, expect, test, vi } from "vitest";
import * as expressAdapter from "../src/adapters/express.ts";
import * as fastifyAdapter from "../src/adapters/fastify.ts";
import * as honoAdapter from "../src/adapters/hono.ts";
import * as koaAdapter from "../src/adapters/koa.ts";
import * as nextAdapter from "../src/adapters/next.ts";
import * as nodeAdapter from "../src/adapters/node.ts";
import * as webAdapter from "../src/adapters/web.ts";
import { assertUnsafeMethod, type SafeMethodsOptions } from "../src/unsafe-method/index.ts";
import type { RunningServer } from "./application.ts";
import { listen } from "./listen.ts";
import { sendRaw } from "./send-raw.ts";
import { serveFetch } from "./serve-fetch.ts";

/** Writes, a while after the request has come; tells what became of it. */
async function write(): Promise<string> {
  await sleep(1);
  try {
    assertUnsafeMethod("UPDATE books");
    return "written";
  } catch (error) {
    return (error as Error).message.split(" is about")[0] as string;
  }
}

const harnesses: Record<string, (options: SafeMethodsOptions) => Promise<RunningServer>> = {
  node: (options) =>
    listen(createServer(nodeAdapter.safeMethods(options)(async (_, response) => response.end(await write())))),
  express: (options) => {
    const app = express();
    app.use(expressAdapter.safeMethods(options), express.text());
    app.use(async (_, response) => {
      response.send(await write());
    });
    return listen(createServer(app));
  },
  async fastify(options) {
    const app = createFastify({ forceCloseConnections: true });
    app.register(fastifyAdapter.safeMethods(options));
    app.register(async (scope) => {
      scope.all("/books", write);
    });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    return { url, close: () => app.close() };
  },
  koa(options) {
    const app = new Koa();
    app.use(koaAdapter.safeMethods(options));
    app.use(async (context) => {
      context.body = await write();
    });
    return listen(createServer(app.callback()));
  },
  hono(options) {
    const app = new Hono();
    app.use(honoAdapter.safeMethods(options));
    app.all("/books", async (context) => context.text(await write()));
    return serveFetch(app.fetch);
  },
  web: (options) => serveFetch(webAdapter.safeMethods(options)(async () => new Response(await write()))),
  next: (options) => serveFetch(nextAdapter.safeMethods(options)(async () => new Response(await write()))),
};

describe.each(Object.entries(harnesses))("safeMethods of %s", (_, start) => {
  const running: RunningServer[] = [];
  afterAll(() => Promise.all(running.map((server) => server.close())));

  test("safe requests may not write, unsafe ones may", async () => {
    const server = await start({});
    running.push(server);
    expect((await sendRaw(server, { path: "/books?a=1" })).body).toBe("GET /books");
    const headers = { "content-type": "text/plain" };
    expect((await sendRaw(server, { method: "POST", path: "/books", headers, body: "Dune" })).body).toBe("written");
  });

  test("in report mode, it is logged", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const server = await start({ reportOnly: true });
    running.push(server);
    expect((await sendRaw(server, { path: "/books" })).body).toBe("written");
    warn.mockRestore();
  });
});
