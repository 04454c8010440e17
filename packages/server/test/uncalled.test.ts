import { createServer } from "node:http";
import express from "express";
import createFastify from "fastify";
import { Hono, type MiddlewareHandler } from "hono";
import Koa from "koa";
import { afterAll, describe, expect, test, vi } from "vitest";
import { cors as corsExpress, crossOriginProtection as protectionExpress } from "../src/adapters/express.ts";
import { cors as corsFastify, crossOriginProtection as protectionFastify } from "../src/adapters/fastify.ts";
import { cors as corsHono, crossOriginProtection as protectionHono } from "../src/adapters/hono.ts";
import { cors as corsKoa, crossOriginProtection as protectionKoa } from "../src/adapters/koa.ts";
import { cors as corsNext, crossOriginProtection as protectionNext } from "../src/adapters/next.ts";
import { cors as corsNode, crossOriginProtection as protectionNode } from "../src/adapters/node.ts";
import { cors as corsWeb, crossOriginProtection as protectionWeb } from "../src/adapters/web.ts";
import { PolicyError } from "../src/index.ts";
import type { RunningServer } from "./application.ts";
import { ask } from "./cors-client.ts";
import { listen } from "./listen.ts";

const running: RunningServer[] = [];
afterAll(() => Promise.all(running.map((server) => server.close())));

/** Sends a request to a server and returns how it was answered, which must not be not at all. */
async function answerOf(listener: Parameters<typeof createServer>[1]): Promise<string> {
  const server = await listen(createServer(listener));
  running.push(server);
  const { status, body } = await ask(server, { path: "/" });
  return `${status} ${body}`;
}

const adapters = {
  express: { cors: corsExpress, crossOriginProtection: protectionExpress },
  fastify: { cors: corsFastify, crossOriginProtection: protectionFastify },
  hono: { cors: corsHono, crossOriginProtection: protectionHono },
  koa: { cors: corsKoa, crossOriginProtection: protectionKoa },
  next: { cors: corsNext, crossOriginProtection: protectionNext },
  node: { cors: corsNode, crossOriginProtection: protectionNode },
  web: { cors: corsWeb, crossOriginProtection: protectionWeb },
};

const unchecked = <T>(value: unknown): T => value as T;
const callIt = (name: string) =>
  new RegExp(`${name} makes a handler and is none itself: call it first, as in .*${name}\\(`);

describe.each(["cors", "crossOriginProtection"] as const)("app.use(%s) without a call", (name) => {
  test("Express answers with the error", async () => {
    const app = express();
    app.use(unchecked<express.RequestHandler>(adapters.express[name]));
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    expect(await answerOf(app)).toMatch(/^500 /);
    printed.mockRestore();
    const called = unchecked<(...given: unknown[]) => void>(adapters.express[name]);
    expect(() => called({}, {}, () => {})).toThrow(callIt(name));
  });

  test("Koa answers with the error", async () => {
    const app = new Koa();
    const errors: Error[] = [];
    app.on("error", (error: Error) => errors.push(error));
    app.use(unchecked<Koa.Middleware>(adapters.koa[name]));
    expect(await answerOf(app.callback())).toMatch(/^500 /);
    expect(String(errors)).toMatch(callIt(name));
  });

  test("Hono answers with the error", async () => {
    const app = new Hono();
    app.use(unchecked<MiddlewareHandler>(adapters.hono[name]));
    app.onError((error, context) => context.text(error.message, 500));
    const response = await app.request("/");
    expect([response.status, await response.text()]).toEqual([500, expect.stringMatching(callIt(name))]);
  });

  test("Fastify does not start", async () => {
    // Fastify calls a plugin without catching what it throws.
    const plugin = unchecked<(...given: unknown[]) => void>(adapters.fastify[name]);
    const app = createFastify();
    app.register(async (instance) => plugin(instance, {}, () => {}));
    await expect(app.ready()).rejects.toThrow(callIt(name));
  });

  test.each(["node", "web", "next"] as const)("%s: a handler, or a request, is no policy", (adapter) => {
    const called = unchecked<(...given: unknown[]) => void>(adapters[adapter][name]);
    expect(() => called(() => new Response())).toThrow(callIt(name));
    expect(() => called(new Request("http://localhost/"), {})).toThrow(callIt(name));
  });
});

test.each(Object.entries(adapters))("%s: options with issues are refused at once, and so are none", (_, { cors }) => {
  expect(() => cors({ origins: ["https://App.example/"] })).toThrow(PolicyError);
  expect(() => unchecked<() => void>(cors)()).toThrow(PolicyError);
});
