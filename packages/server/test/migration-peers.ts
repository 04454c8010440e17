import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fastifyCors from "@fastify/cors";
import { getRequestListener } from "@hono/node-server";
import koaCors from "@koa/cors";
import expressCors from "cors";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { cors as honoCors } from "hono/cors";
import Koa from "koa";
import { fromExpressCors, fromFastifyCors, fromHonoCors, fromKoaCors, type Migration } from "../src/migration/index.ts";

/** A library that corsac reads the options of. */
export type PeerName = "@fastify/cors" | "@koa/cors" | "cors" | "hono/cors";

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks a server that has the library installed. Every answer of its application has `X-App`. */
export type Ask = (
  headers: Readonly<Record<string, string>>,
  target?: { method?: string; path?: string },
) => Promise<Answer>;

/** The library itself behind a real server, and what corsac says about its options. */
export interface Peer {
  readonly read: (options?: object) => Migration;
  /** Starts an application with the library. `/vary` sets `Vary: Accept`; `/own` sets `Access-Control-Allow-Origin: *`; `/plain` is not under the library. */
  readonly start: (options?: object) => Promise<Server>;
}

const routes: Readonly<Record<string, readonly [string, string]>> = {
  "/own": ["Access-Control-Allow-Origin", "*"],
  "/vary": ["Vary", "Accept"],
};

/** Sets what the path asks for. */
function applyRoute(path: string, set: (name: string, value: string) => unknown): void {
  set("X-App", "reached");
  const header = routes[path];
  if (header !== undefined) set(...header);
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

export const peers: Readonly<Record<PeerName, Peer>> = {
  cors: {
    read: fromExpressCors,
    start: (options) => {
      const app = express();
      app.get("/plain", (_, response) => void response.send("plain"));
      app.use(expressCors(options as expressCors.CorsOptions));
      app.use((incoming, response) => {
        applyRoute(incoming.path, (name, value) => response.set(name, value));
        response.send("ok");
      });
      app.use((_error: unknown, _incoming: IncomingMessage, response: ServerResponse, _next: unknown) => {
        response.statusCode = 500;
        response.end();
      });
      return listening(createServer(app));
    },
  },
  "@fastify/cors": {
    read: fromFastifyCors,
    start: async (options) => {
      const app = fastify();
      await app.register(fastifyCors, options as object);
      app.all("/", (_, reply) => {
        applyRoute("/", (name, value) => reply.header(name, value));
        return reply.send("ok");
      });
      for (const path of Object.keys(routes)) {
        app.get(path, (_, reply) => {
          applyRoute(path, (name, value) => reply.header(name, value));
          return reply.send("ok");
        });
      }
      await app.listen({ port: 0, host: "127.0.0.1" });
      return app.server;
    },
  },
  "@koa/cors": {
    read: fromKoaCors,
    start: (options) => {
      const app = new Koa();
      app.silent = true;
      app.use(koaCors(options as koaCors.Options));
      app.use((context) => {
        applyRoute(context.path, (name, value) => context.set(name, value));
        context.body = "ok";
      });
      return listening(createServer(app.callback()));
    },
  },
  "hono/cors": {
    read: fromHonoCors,
    start: (options) => {
      const app = new Hono();
      app.onError((_, context) => context.text("failed", 500));
      app.use(honoCors(options as Parameters<typeof honoCors>[0]));
      app.all("*", (context) => {
        applyRoute(context.req.path, (name, value) => context.header(name, value));
        return context.text("ok");
      });
      return listening(createServer(getRequestListener(app.fetch)));
    },
  },
};

/** Where the server is. */
export function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Returns how to ask the server. */
export function askerOf(server: Server): Ask {
  const { port } = server.address() as AddressInfo;
  return (headers, { method = "GET", path = "/" } = {}) =>
    new Promise((resolve, reject) => {
      const outgoing = request({ port, host: "127.0.0.1", method, path, headers, agent: false }, (incoming) => {
        incoming.resume();
        const flat = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: Object.fromEntries(flat) }));
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
}

/** Asks as a browser asks before a request. */
export function preflight(ask: Ask, origin: string, method = "PUT", names?: string): Promise<Answer> {
  return ask(
    {
      origin,
      "access-control-request-method": method,
      ...(names === undefined ? {} : { "access-control-request-headers": names }),
    },
    { method: "OPTIONS" },
  );
}
