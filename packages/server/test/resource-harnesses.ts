import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import express4 from "express4";
import createFastify, { type FastifyReply } from "fastify";
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
import { listen } from "./listen.ts";
import type { Reply, ResourceHarness, ResourceSpec } from "./resource-application.ts";
import { serveFetch } from "./serve-fetch.ts";

type Resources = Readonly<Record<string, ResourceSpec>>;

/** The handlers of a resource, each with what makes of its reply an answer of the framework. */
function adapted<Handler>(
  { handlers }: ResourceSpec,
  adapt: (run: () => Reply | Promise<Reply>) => Handler,
): Record<Uppercase<string>, Handler> {
  return Object.fromEntries(Object.entries(handlers).map(([method, run]) => [method, adapt(run)]));
}

const byPath = <Handler>(resources: Resources, make: (spec: ResourceSpec) => Handler) =>
  new Map(Object.entries(resources).map(([path, spec]) => [path, make(spec)]));

/** With callbacks and without a promise, as much of Node is written. */
function createNodeListener(resources: Resources) {
  const listeners = byPath(resources, (spec) =>
    nodeAdapter.resource<IncomingMessage, ServerResponse>(
      adapted(spec, (run) => (_, response) => {
        const fail = (error: unknown) => response.writeHead(500).end(String(error));
        const reply = () => {
          const result = run();
          const send = ({ status, headers, body }: Reply) => {
            response.writeHead(status, headers);
            response.end(body);
          };
          if (result instanceof Promise) result.then(send).catch(fail);
          else {
            for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, value);
            response.statusCode = result.status;
            response.end(result.body);
          }
        };
        reply();
      }),
      spec.options as never,
    ),
  );
  return (request: IncomingMessage, response: ServerResponse) => {
    try {
      const served = listeners.get(request.url ?? "")?.(request, response);
      if (served instanceof Promise) served.catch(() => response.writeHead(500).end());
    } catch {
      response.writeHead(500).end();
    }
  };
}

const nodeHarness: ResourceHarness = {
  name: "node",
  unknownMethod: 501,
  query: "routed",
  namesRoutes: false,
  start: (resources) => listen(createServer(createNodeListener(resources))),
};

function expressHarness(name: string, framework: typeof express): ResourceHarness {
  return {
    name,
    unknownMethod: 501,
    query: "routed",
    namesRoutes: true,
    start(resources) {
      const app = framework();
      app.disable("etag");
      const router = framework.Router();
      for (const [path, spec] of Object.entries(resources)) {
        router.all(
          path,
          expressAdapter.resource<express.Request, express.Response>(
            adapted(spec, (run) => async (_, response) => {
              const { status, headers = {}, body } = await run();
              response.status(status).set(headers);
              if (body === undefined) response.end();
              else response.send(body);
            }),
            spec.options as never,
          ),
        );
      }
      app.use(router);
      return listen(createServer(app));
    },
  };
}

const fastifyHarness: ResourceHarness = {
  name: "fastify 5",
  // Fastify routes what it knows.
  unknownMethod: 404,
  query: "routed",
  namesRoutes: true,
  async start(resources) {
    const app = createFastify({ forceCloseConnections: true });
    if (!app.supportedMethods.includes("QUERY")) app.addHttpMethod("QUERY", { hasBody: true });
    for (const [path, spec] of Object.entries(resources)) {
      app.all(
        path,
        fastifyAdapter.resource(
          adapted(spec, (run) => async (_: unknown, reply: FastifyReply) => {
            const { status, headers = {}, body } = await run();
            return reply.code(status).headers(headers).send(body);
          }),
          spec.options as never,
        ),
      );
    }
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    return { url, close: () => app.close() };
  },
};

function koaHarness(name: string, create: () => Koa): ResourceHarness {
  return {
    name,
    unknownMethod: 501,
    query: "routed",
    namesRoutes: false,
    start(resources) {
      const app = create();
      app.silent = true;
      const middleware = byPath(resources, (spec) =>
        koaAdapter.resource<Koa.Context>(
          adapted(spec, (run) => async (context) => {
            const { status, headers = {}, body } = await run();
            context.set(headers as Record<string, string>);
            context.body = body ?? null;
            context.status = status;
          }),
          spec.options as never,
        ),
      );
      app.use((context, next) => middleware.get(context.path)?.(context, next));
      return listen(createServer(app.callback()));
    },
  };
}

function responseOf({ status, headers, body }: Reply): Response {
  return new Response(body ?? null, { status, ...(headers === undefined ? {} : { headers }) });
}

function createHono(resources: Resources): Hono {
  const app = new Hono();
  app.onError(() => new Response("failed", { status: 500 }));
  for (const [path, spec] of Object.entries(resources)) {
    app.all(
      path,
      honoAdapter.resource<Context>(
        adapted(spec, (run) => async () => responseOf(await run())),
        spec.options as never,
      ),
    );
  }
  return app;
}

type Handler = (request: Request) => Promise<Response>;

function serveByPath(handlers: ReadonlyMap<string, Handler | Readonly<Record<string, Handler>>>) {
  return serveFetch(async (request) => {
    const found = handlers.get(new URL(request.url).pathname);
    const handler = typeof found === "function" ? found : found?.[request.method];
    try {
      return (await handler?.(request)) ?? new Response(null, { status: 400 });
    } catch {
      return new Response("failed", { status: 500 });
    }
  });
}

export const resourceHarnesses: readonly ResourceHarness[] = [
  nodeHarness,
  {
    ...nodeHarness,
    name: "node, HTTP/2",
    http2: true,
    start: (resources) => listen(createHttp2Server(createNodeListener(resources) as never)),
  },
  expressHarness("express 5", express),
  expressHarness("express 4", express4 as unknown as typeof express),
  fastifyHarness,
  koaHarness("koa 3", () => new Koa()),
  koaHarness("koa 2", () => new Koa2() as unknown as Koa),
  {
    name: "hono 4",
    unknownMethod: 501,
    query: "routed",
    namesRoutes: true,
    start: (resources) => serveFetch(createHono(resources).fetch),
  },
  {
    name: "hono 4 on Node",
    unknownMethod: 501,
    query: "routed",
    namesRoutes: true,
    start: (resources) => listen(createAdaptorServer(createHono(resources)) as Parameters<typeof listen>[0]),
  },
  {
    name: "web",
    unknownMethod: 501,
    query: "routed",
    namesRoutes: false,
    start: (resources) =>
      serveByPath(
        byPath(resources, (spec) =>
          webAdapter.resource(
            adapted(spec, (run) => async () => responseOf(await run())),
            spec.options as never,
          ),
        ),
      ),
  },
  {
    name: "next",
    unknownMethod: 400,
    query: null,
    namesRoutes: false,
    start: (resources) =>
      serveByPath(
        byPath(
          resources,
          (spec) =>
            nextAdapter.resource(
              adapted(spec, (run) => async () => responseOf(await run())),
              spec.options as never,
            ) as unknown as Record<string, Handler>,
        ),
      ),
  },
];
