import type { IncomingMessage, ServerResponse } from "node:http";
import type { PolicyOptions } from "@corsac/server";
import { cors as corsacExpress } from "@corsac/server/express";
import { cors as corsacFastify } from "@corsac/server/fastify";
import { cors as corsacHono } from "@corsac/server/hono";
import { cors as corsacKoa } from "@corsac/server/koa";
import fastifyCors from "@fastify/cors";
import { getRequestListener } from "@hono/node-server";
import koaCors from "@koa/cors";
import expressCors from "cors";
import { fastify } from "fastify";
import { Hono } from "hono";
import { cors as honoCors } from "hono/cors";
import Koa from "koa";
import { rest } from "./cases.ts";
import { headersByHand } from "./headers-by-hand.ts";

/**
 * What stands before the application: nothing; corsac's adapter; what the framework's users use; or a line of code for
 * each header that corsac would send, which decides nothing and shows what no library can be cheaper than.
 */
export const libraries = ["none", "corsac", "peer", "hand"] as const;
export type Library = (typeof libraries)[number];

/** Serves a request; a promise where the framework works in promises. */
export type Listen = (request: IncomingMessage, response: ServerResponse) => unknown;

type Origins = readonly string[];

/** The application: a short body, and an answer to `OPTIONS` for when nobody else answers. */
const body = '[{"title":"Dune"}]';
const type = "application/json";

/** Sets a library up in a framework that answers by Node's responses. */
export function createListener(
  framework: "express" | "fastify" | "hono-node" | "koa",
  library: Library,
  origins: Origins,
): Listen | Promise<Listen> {
  switch (framework) {
    case "express":
      return expressListener(library, origins);
    case "fastify":
      return fastifyListener(library, origins);
    case "koa":
      return koaListener(library, origins);
    case "hono-node":
      return getRequestListener(createHono(library, origins).fetch);
  }
}

/** Sets a library up in Hono. */
export function createFetch(library: Library, origins: Origins): (request: Request) => Response | Promise<Response> {
  return createHono(library, origins).fetch;
}

/** The middleware alone, without Express. */
function expressListener(library: Library, origins: Origins): Listen {
  const middleware = {
    none: () => (_: unknown, __: unknown, next: () => void) => next(),
    corsac: () => corsacExpress(policyOf(origins)),
    peer: () => expressCors(peerOptions(origins)),
    hand: () => (request: IncomingMessage, response: ServerResponse, next: () => void) => {
      for (const [name, value] of headersByHand(request)) response.setHeader(name, value);
      next();
    },
  }[library]();
  return (request, response) => middleware(request, response, () => answer(request, response));
}

/** Fastify from where its server calls it, since how it collects headers is what both sides have to deal with. */
async function fastifyListener(library: Library, origins: Origins): Promise<Listen> {
  const app = fastify();
  if (library === "corsac") app.register(corsacFastify(policyOf(origins)));
  if (library === "peer") app.register(fastifyCors, peerOptions(origins));
  if (library === "hand") {
    app.addHook("onRequest", ({ raw }, reply, done) => {
      for (const [name, value] of headersByHand(raw)) reply.header(name, value);
      if (raw.method === "OPTIONS") reply.code(204).send();
      else done();
    });
  }
  app.get("/books", (_, reply) => {
    reply.header("content-type", type).send(body);
  });
  if (library === "none") app.options("/books", (_, reply) => reply.code(204).send());
  await app.ready();
  return (request, response) => app.server.emit("request", request, response);
}

/** The middleware alone, with Koa's context. */
function koaListener(library: Library, origins: Origins): Listen {
  const app = new Koa();
  const { origin: _, ...options } = peerOptions(origins);
  // Its users write the look-up themselves; these write a good one.
  const listed = new Set(origins);
  const middleware: Koa.Middleware = {
    none: (): Koa.Middleware => (_, next) => next(),
    corsac: () => corsacKoa(policyOf(origins)) as Koa.Middleware,
    hand: (): Koa.Middleware => (context, next) => {
      for (const [name, value] of headersByHand(context.req)) context.set(name, value);
      return next();
    },
    peer: () =>
      koaCors({
        ...options,
        allowMethods: options.methods,
        allowHeaders: options.allowedHeaders,
        exposeHeaders: options.exposedHeaders,
        origin: (context) => (listed.has(context.get("Origin")) ? context.get("Origin") : ""),
      }),
  }[library]();
  return async (request, response) => {
    const context = app.createContext(request, response);
    await middleware(context, async () => answer(request, response));
    if (!response.headersSent) response.end();
  };
}

function createHono(library: Library, origins: Origins): Hono {
  const app = new Hono();
  const { origin, methods, allowedHeaders, exposedHeaders, ...options } = peerOptions(origins);
  const names = { origin, allowMethods: methods, allowHeaders: allowedHeaders, exposeHeaders: exposedHeaders };
  if (library === "corsac") app.use(corsacHono(policyOf(origins)));
  if (library === "peer") app.use(honoCors({ ...options, ...names }));
  if (library === "hand") {
    app.use(async (context, next) => {
      await next();
      const { method, headers } = context.req.raw;
      const origin = headers.get("origin") ?? undefined;
      for (const [name, value] of headersByHand({ method, headers: { origin } })) context.header(name, value);
    });
  }
  app.get("/books", (context) => context.body(body, 200, { "content-type": type }));
  app.options("/books", (context) => context.body(null, 204));
  return app;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === "OPTIONS") {
    response.statusCode = 204;
    response.end();
    return;
  }
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Length", body.length);
  response.end(body);
}

function policyOf(origins: Origins): PolicyOptions {
  return { origins, credentials: true, ...rest };
}

function peerOptions(origins: Origins) {
  return {
    origin: [...origins],
    credentials: true,
    methods: [...rest.methods],
    allowedHeaders: [...rest.requestHeaders],
    exposedHeaders: [...rest.exposedHeaders],
    maxAge: rest.maxAge,
  };
}
