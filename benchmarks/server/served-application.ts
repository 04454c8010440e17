import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cors as expressCors } from "@corsac/server/express";
import { cors as fastifyCors } from "@corsac/server/fastify";
import { cors as honoCors } from "@corsac/server/hono";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import { fastify } from "fastify";
import { Hono } from "hono";
import { policies, rest } from "./cases.ts";
import { headersByHand } from "./headers-by-hand.ts";

/** Which application to serve, and with what before it. It comes as arguments of this process. */
const [framework, library] = process.argv.slice(2);

const isCors = library === "corsac";
const isByHand = library === "hand";
const policy = { origins: policies.three, credentials: true, ...rest };
const books = [{ title: "Dune" }];

function createExpress(): Server {
  const app = express();
  if (isCors) app.use(expressCors(policy));
  if (isByHand) {
    app.use((request, response, next) => {
      for (const [name, value] of headersByHand(request)) response.setHeader(name, value);
      next();
    });
  }
  app.get("/books", (_, response) => void response.json(books));
  return createServer(app as RequestListener);
}

async function createFastify(): Promise<Server> {
  const app = fastify();
  if (isCors) app.register(fastifyCors(policy));
  if (isByHand) {
    app.addHook("onRequest", ({ raw }, reply, done) => {
      for (const [name, value] of headersByHand(raw)) reply.header(name, value);
      done();
    });
  }
  app.get("/books", (_, reply) => reply.send(books));
  await app.ready();
  return app.server;
}

function createHono(): Server {
  const app = new Hono();
  if (isCors) app.use(honoCors(policy));
  if (isByHand) {
    app.use(async (context, next) => {
      const { method, headers } = context.req.raw;
      const origin = headers.get("origin") ?? undefined;
      for (const [name, value] of headersByHand({ method, headers: { origin } })) context.header(name, value);
      await next();
    });
  }
  app.get("/books", (context) => context.json(books));
  return createAdaptorServer(app) as Server;
}

const create = { express: createExpress, fastify: createFastify, hono: createHono }[framework as "express"];
const server = await create();
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
// The parent asks how much processor time was used so far.
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
