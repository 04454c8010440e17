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

/** Which application to serve, and whether with corsac. It comes as arguments of this process. */
const [framework, library] = process.argv.slice(2);

const isCors = library === "corsac";
const policy = { origins: policies.three, credentials: true, ...rest };
const books = [{ title: "Dune" }];

function createExpress(): Server {
  const app = express();
  if (isCors) app.use(expressCors(policy));
  app.get("/books", (_, response) => void response.json(books));
  return createServer(app as RequestListener);
}

async function createFastify(): Promise<Server> {
  const app = fastify();
  if (isCors) app.register(fastifyCors(policy));
  app.get("/books", (_, reply) => reply.send(books));
  await app.ready();
  return app.server;
}

function createHono(): Server {
  const app = new Hono();
  if (isCors) app.use(honoCors(policy));
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
