import type { Http2ServerResponse } from "node:http2";
import { Readable } from "node:stream";
import createFastify, { type FastifyInstance } from "fastify";
import { cors, crossOriginProtection } from "../src/adapters/fastify.ts";
import {
  bodyLimit,
  fetchBehaviours,
  foreignHeaders,
  type Harness,
  type Mount,
  pieces,
  rawBehaviours,
  tags,
} from "./application.ts";
import { rawReply } from "./raw-reply.ts";

export const fastifyHarness: Harness = {
  name: "fastify 5",
  lacks: [...fetchBehaviours, "raw-respond"],
  statuses: { missing: 404, malformed: 400 },
  start: (mounts) => start(createFastify({ bodyLimit, forceCloseConnections: true }), mounts),
};

export const fastifyHttp2Harness: Harness = {
  ...fastifyHarness,
  name: "fastify 5, HTTP/2",
  http2: true,
  lacks: fetchBehaviours,
  start: (mounts) => start(createFastify({ bodyLimit, http2: true }) as unknown as FastifyInstance, mounts),
};

async function start(app: FastifyInstance, mounts: readonly Mount[]) {
  for (const mount of mounts) {
    if (mount.path === "") addAll(app, mount);
    else app.register(async (scope) => addAll(scope, mount), { prefix: mount.path });
  }
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { url, close: () => app.close() };
}

function addAll(app: FastifyInstance, { policies, protection }: Mount): void {
  for (const policy of policies) app.register(cors(policy));
  if (protection !== undefined) app.register(crossOriginProtection(protection));
  app.register(async (scope) => addRoutes(scope));
}

function addRoutes(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (!request.url.endsWith("/early")) return done();
    reply.code(401).header("WWW-Authenticate", "Basic").send("who are you?");
  });
  app.options("/text", (_, reply) => reply.header("Allow", "GET, OPTIONS").send("text"));
  app.route({ method: ["GET", "PUT"], url: "/text", handler: () => "text" });
  app.get("/early", () => "not reached");
  app.route({ method: ["GET", "POST"], url: "/tagged", handler: (_, reply) => reply.headers(tags).send("tagged") });
  app.get("/vary", (_, reply) => reply.header("Vary", "Accept-Language").send("vary"));
  app.get("/vary-all", (_, reply) => reply.header("Vary", "*").send("vary"));
  app.get("/foreign", (_, reply) => reply.headers(foreignHeaders).send("foreign"));
  app.get("/empty", (_, reply) => reply.code(204).send());
  app.get("/not-modified", (_, reply) => reply.code(304).send());
  app.get("/redirect", (_, reply) => reply.redirect("text"));
  app.get("/stream", (_, reply) => reply.send(Readable.from(pieces)));
  app.get("/throw-error", () => {
    throw new Error("thrown");
  });
  app.get("/throw-string", () => {
    // biome-ignore lint/style/useThrowOnlyError: what applications do.
    throw "thrown";
  });
  app.get("/throw-null", async () => {
    // biome-ignore lint/style/useThrowOnlyError: what applications do.
    throw null;
  });
  app.get("/reject", () => Promise.reject(new Error("rejected")));
  app.post("/json", () => "not reached");
  for (const name of rawBehaviours) {
    app.get(`/${name}`, (_, reply) => {
      reply.hijack();
      rawReply(name, reply.raw as typeof reply.raw | Http2ServerResponse);
    });
  }
}
