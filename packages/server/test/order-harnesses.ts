import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import express4 from "express4";
import createFastify from "fastify";
import { type Context, Hono } from "hono";
import Koa from "koa";
import Koa2 from "koa2";
import * as expressAdapter from "../src/adapters/express.ts";
import * as fastifyAdapter from "../src/adapters/fastify.ts";
import * as honoAdapter from "../src/adapters/hono.ts";
import * as koaAdapter from "../src/adapters/koa.ts";
import * as nextAdapter from "../src/adapters/next.ts";
import * as nodeAdapter from "../src/adapters/node.ts";
import * as webAdapter from "../src/adapters/web.ts";
import { idempotencyOf } from "../src/idempotency/index.ts";
import { listen } from "./listen.ts";
import type { OrderApplication, OrderHarness, OrderReply } from "./order-application.ts";
import { serveFetch } from "./serve-fetch.ts";

async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function writeReply(response: ServerResponse, { status, headers = {}, body = "" }: OrderReply): Promise<void> {
  response.writeHead(status, headers);
  if (typeof body !== "string") {
    for (const piece of body) {
      response.write(piece);
      await sleep(2);
    }
    response.end();
  } else response.end(body);
}

function createNodeListener(application: OrderApplication) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    try {
      // Some time passes before the body is read, as with a database to be asked first.
      await sleep(1);
      const body = await readText(request);
      await writeReply(response, await application.answer(request.url ?? "", body, idempotencyOf(request)));
    } catch {
      response.writeHead(500).end();
    }
  };
}

const nodeHarness: OrderHarness = {
  name: "node",
  start: (application, options) =>
    listen(createServer(nodeAdapter.idempotencyKey(options)(createNodeListener(application)))),
};

function expressHarness(name: string, framework: typeof express, parsesBefore: boolean): OrderHarness {
  return {
    name,
    start(application, options) {
      const app = framework();
      const parse = framework.text({ type: () => true });
      const keys = expressAdapter.idempotencyKey(options);
      if (parsesBefore) app.use(parse, keys);
      else app.use(keys, parse);
      app.use((request, response, next) => {
        const body = typeof request.body === "string" ? request.body : "";
        application
          .answer(request.path, body, idempotencyOf(request))
          .then(async (reply) => {
            if (typeof reply.body === "object") return writeReply(response, reply);
            response.status(reply.status).set(reply.headers);
            if (reply.body === undefined) response.end();
            else response.send(reply.body);
          })
          .catch(next);
      });
      return listen(createServer(app));
    },
  };
}

const fastifyHarness: OrderHarness = {
  name: "fastify 5",
  async start(application, options) {
    const app = createFastify({ forceCloseConnections: true });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => done(null, body));
    app.register(fastifyAdapter.idempotencyKey(options));
    app.register(async (scope) => {
      scope.all("/*", async (request, reply) => {
        const text = typeof request.body === "string" ? request.body : "";
        const { status, headers = {}, body } = await application.answer(request.url, text, idempotencyOf(request));
        reply.code(status).headers(headers);
        return reply.send(typeof body === "object" ? Readable.from(body.map((piece) => Buffer.from(piece))) : body);
      });
    });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    return { url, close: () => app.close() };
  },
};

function koaHarness(name: string, create: () => Koa): OrderHarness {
  return {
    name,
    start(application, options) {
      const app = create();
      app.silent = true;
      app.use(koaAdapter.idempotencyKey(options));
      app.use(async (context) => {
        const text = await readText(context.req);
        const { status, headers = {}, body } = await application.answer(context.path, text, idempotencyOf(context));
        context.set(headers as Record<string, string>);
        context.body =
          typeof body === "object" ? Readable.from(body.map((piece) => Buffer.from(piece))) : (body ?? null);
        context.status = status;
      });
      return listen(createServer(app.callback()));
    },
  };
}

function responseOf({ status, headers = {}, body }: OrderReply): Response {
  const content =
    typeof body === "object"
      ? new ReadableStream({
          async start(controller) {
            for (const piece of body) {
              controller.enqueue(new TextEncoder().encode(piece));
              await sleep(2);
            }
            controller.close();
          },
        })
      : (body ?? null);
  return new Response(content, { status, headers });
}

function createHandler(application: OrderApplication) {
  return async (request: Request) =>
    responseOf(await application.answer(new URL(request.url).pathname, await request.text(), idempotencyOf(request)));
}

function fetchHarness(name: string, adapter: Pick<typeof webAdapter, "idempotencyKey">): OrderHarness {
  return {
    name,
    start(application, options) {
      const handler = adapter.idempotencyKey(options)(createHandler(application));
      return serveFetch(async (request) => {
        try {
          return await handler(request);
        } catch {
          return new Response(null, { status: 500 });
        }
      });
    },
  };
}

function createHono(application: OrderApplication, options: Parameters<OrderHarness["start"]>[1]): Hono {
  const app = new Hono();
  app.onError(() => new Response("failed", { status: 500 }));
  app.use(honoAdapter.idempotencyKey(options));
  app.all("/*", async (context: Context) =>
    responseOf(await application.answer(context.req.path, await context.req.text(), idempotencyOf(context))),
  );
  return app;
}

export const orderHarnesses: readonly OrderHarness[] = [
  nodeHarness,
  {
    name: "node, HTTP/2",
    http2: true,
    start: (application, options) =>
      listen(createHttp2Server(nodeAdapter.idempotencyKey(options)(createNodeListener(application) as never) as never)),
  },
  expressHarness("express 5, before the body parser", express, false),
  expressHarness("express 5, after the body parser", express, true),
  expressHarness("express 4, before the body parser", express4 as unknown as typeof express, false),
  expressHarness("express 4, after the body parser", express4 as unknown as typeof express, true),
  fastifyHarness,
  koaHarness("koa 3", () => new Koa()),
  koaHarness("koa 2", () => new Koa2() as unknown as Koa),
  { name: "hono 4", start: (application, options) => serveFetch(createHono(application, options).fetch) },
  {
    name: "hono 4 on Node",
    start: (application, options) =>
      listen(createAdaptorServer(createHono(application, options)) as Parameters<typeof listen>[0]),
  },
  fetchHarness("web", webAdapter),
  fetchHarness("next", nextAdapter),
];
