import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import express from "express";
import createFastify, { type FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cors as corsExpress } from "../src/adapters/express.ts";
import { cors as corsFastify } from "../src/adapters/fastify.ts";
import { cors as corsNode } from "../src/adapters/node.ts";
import { type AsyncPolicy, definePolicy, type PolicyEvent } from "../src/index.ts";
import type { RunningServer } from "./application.ts";
import { allowedOrigin, deniedOrigin, mainPolicy } from "./cases.ts";
import { ask } from "./cors-client.ts";
import { listen } from "./listen.ts";

const running: RunningServer[] = [];
afterAll(() => Promise.all(running.map((server) => server.close())));
async function serve(listener: Parameters<typeof createServer>[1]): Promise<RunningServer> {
  const server = await listen(createServer(listener));
  running.push(server);
  return server;
}
const answer = (_: IncomingMessage, response: ServerResponse) => response.end("text");
const preflight = { origin: allowedOrigin, "access-control-request-method": "PUT" };

describe("decisions are published to the channel corsac:policy", () => {
  let events: PolicyEvent[] = [];
  const collect = (event: unknown) => events.push(event as PolicyEvent);
  beforeEach(() => {
    events = [];
    subscribe("corsac:policy", collect);
  });
  afterEach(() => unsubscribe("corsac:policy", collect));

  test("of a policy that publishes nowhere", async () => {
    const policy = mainPolicy();
    const server = await serve(corsNode(policy)(answer));
    await ask(server, { path: "/", headers: { origin: deniedOrigin } });
    expect(events).toMatchObject([{ type: "decision", policy, decision: { reason: "origin-not-allowed" } }]);
  });

  test("not of one that publishes elsewhere", async () => {
    const own = channel("test:policy");
    const policy = definePolicy({ origins: [allowedOrigin] }, { channel: own });
    const server = await serve(corsNode(policy)(answer));
    await ask(server, { path: "/", headers: { origin: allowedOrigin } });
    expect([events, policy.channel]).toEqual([[], own]);
  });
});

describe("a preflight that no policy saw", () => {
  let warnings: string[] = [];
  beforeEach(() => {
    warnings = [];
    vi.resetModules();
    vi.spyOn(process, "emitWarning").mockImplementation((message) => {
      warnings.push(String(message));
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test.each<[title: string, mode: string, build: (cors: typeof corsExpress) => express.Express, want: RegExp | null]>([
    [
      "authentication stands before cors()",
      "development",
      (cors) =>
        express()
          .use((_, response) => void response.sendStatus(401))
          .use(cors(mainPolicy())),
      /^A CORS-preflight request for PUT \/books was answered with 401 before cors\(\) saw it\./,
    ],
    [
      "cors() stands at a route for another method",
      "development",
      (cors) => express().put("/books", cors(mainPolicy()), (_, response) => void response.send("text")),
      /with 200 before cors\(\) saw it/,
    ],
    [
      "in production nobody looks",
      "production",
      (cors) =>
        express()
          .use((_, response) => void response.sendStatus(401))
          .use(cors(mainPolicy())),
      null,
    ],
    [
      "something else grants it, such as a gateway in the same process",
      "development",
      (cors) =>
        express()
          .use((_, response) => void response.writeHead(204, ["Access-Control-Allow-Origin", allowedOrigin]).end())
          .use(cors(mainPolicy())),
      null,
    ],
    ["cors() answered it", "development", (cors) => express().use(cors(mainPolicy())), null],
  ])("%s", async (_, mode, build, want) => {
    vi.stubEnv("NODE_ENV", mode);
    const { cors } = await import("../src/adapters/express.ts");
    const server = await serve(build(cors));
    await ask(server, { method: "OPTIONS", path: "/books", headers: preflight });
    await ask(server, { method: "OPTIONS", path: "/books", headers: preflight });
    expect(warnings).toEqual(want === null ? [] : [expect.stringMatching(want)]);
  });
});

describe("Fastify", () => {
  async function start(build: (app: FastifyInstance) => void): Promise<RunningServer> {
    const app = createFastify({ forceCloseConnections: true });
    build(app);
    const server = { url: await app.listen({ host: "127.0.0.1", port: 0 }), close: () => app.close() };
    running.push(server);
    return server;
  }

  test("what hooks registered earlier answer has the headers too", async () => {
    const policy = mainPolicy();
    const server = await start((app) => {
      app.addHook("onRequest", (_, reply) => reply.code(401).send("who are you?"));
      app.register(corsFastify(policy));
    });
    const { status, headers } = await ask(server, { path: "/", headers: { origin: allowedOrigin } });
    expect([status, headers["access-control-allow-origin"]]).toEqual([401, allowedOrigin]);
    expect(policy.counters.pass.allowed).toBe(1);
  });

  test("a request is decided about once", async () => {
    const policy = mainPolicy();
    const server = await start((app) => app.register(corsFastify(policy)).get("/", () => "text"));
    await ask(server, { path: "/", headers: { origin: allowedOrigin } });
    await ask(server, { method: "OPTIONS", path: "/", headers: preflight });
    expect([policy.counters.pass.allowed, policy.counters.preflight.granted]).toEqual([1, 1]);
  });

  test("injected requests are decided about as well", async () => {
    const app = createFastify();
    app.register(corsFastify(mainPolicy())).get("/", () => "text");
    const { headers } = await app.inject({ url: "/", headers: { origin: allowedOrigin } });
    expect(headers["access-control-allow-origin"]).toBe(allowedOrigin);
    const { statusCode } = await app.inject({ method: "OPTIONS", url: "/", headers: preflight });
    expect(statusCode).toBe(204);
  });

  test("in a scope, OPTIONS requests that are no preflight find no route, as without a policy", async () => {
    const server = await start((app) => {
      app.register(
        async (scope) => {
          await scope.register(corsFastify(mainPolicy()));
          scope.get("/", () => "text").get("/:id", () => "text");
        },
        { prefix: "/books" },
      );
      app.get("/", () => "text");
    });
    for (const path of ["/books", "/books/1"]) {
      const granted = await ask(server, { method: "OPTIONS", path, headers: preflight });
      const bare = await ask(server, { method: "OPTIONS", path });
      expect([granted.status, bare.status, bare.headers.vary]).toEqual([204, 404, "Origin"]);
    }
    // Tests above made this process look out for preflights that no policy saw.
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const outside = await ask(server, { method: "OPTIONS", path: "/", headers: preflight });
    expect([outside.status, outside.headers]).toEqual([404, {}]);
    warn.mockRestore();
  });
});

describe("a policy that breaks its promise never to reject", () => {
  const policy = definePolicy({ origins: () => true });
  const broken: AsyncPolicy = {
    ...policy,
    options: policy.options,
    counters: policy.counters,
    channel: channel("test:broken"),
    decide: () => Promise.reject(new Error("broken")),
    trusts: () => false,
    replace: () => ({ ok: false, issues: [] }),
    connect: () => {},
    toJSON: () => ({ origins: [] }),
  };

  test("Express answers with the error", async () => {
    const app = express().use(corsExpress(broken));
    app.use(((error, _request, response, _next) => {
      response.status(500).send(error.message);
    }) as express.ErrorRequestHandler);
    expect(await ask(await serve(app), { path: "/" })).toMatchObject({ status: 500, body: "broken" });
  });

  test("Fastify answers with the error", async () => {
    const app = createFastify();
    app.register(corsFastify(broken)).get("/", () => "text");
    expect((await app.inject("/")).json()).toMatchObject({ statusCode: 500, message: "broken" });
  });
});

test("101 keeps the headers it is given", async () => {
  const server = await serve(
    corsNode(mainPolicy())((_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(101, { connection: "upgrade", upgrade: "test" }).end();
    }),
  );
  const { status, headers } = await ask(server, {
    path: "/",
    headers: { origin: allowedOrigin, connection: "upgrade", upgrade: "test" },
  });
  expect([status, headers]).toEqual([101, {}]);
});

test("a head that is written twice fails as ever, and one that cannot be written leaves nothing behind", async () => {
  const codes: unknown[] = [];
  const server = await serve(
    corsNode(mainPolicy())((_: IncomingMessage, response: ServerResponse) => {
      for (const attempt of [
        () => response.writeHead(1000, { "content-length": "5", vary: "Cookie" }),
        () => response.writeHead(200),
        () => response.writeHead(200),
      ]) {
        try {
          attempt();
        } catch (error) {
          codes.push((error as NodeJS.ErrnoException).code);
        }
      }
      response.end("longer than five");
    }),
  );
  const { body, headers } = await ask(server, { path: "/", headers: { origin: allowedOrigin } });
  expect([codes, body]).toEqual([["ERR_HTTP_INVALID_STATUS_CODE", "ERR_HTTP_HEADERS_SENT"], "longer than five"]);
  expect(headers.vary).toBe("Origin");
});
