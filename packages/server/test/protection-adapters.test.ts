import { createServer, request } from "node:http";
import express from "express";
import express4 from "express4";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import Koa2 from "koa2";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as expressAdapter from "../src/adapters/express.ts";
import * as fastifyAdapter from "../src/adapters/fastify.ts";
import * as honoAdapter from "../src/adapters/hono.ts";
import * as koaAdapter from "../src/adapters/koa.ts";
import * as nextAdapter from "../src/adapters/next.ts";
import * as nodeAdapter from "../src/adapters/node.ts";
import * as webAdapter from "../src/adapters/web.ts";
import type { AsyncCrossOriginProtection } from "../src/cross-origin-protection/index.ts";
import { createCrossOriginProtection } from "../src/cross-origin-protection/index.ts";
import { type AsyncPolicy, definePolicy } from "../src/index.ts";
import type { RunningServer } from "./application.ts";
import { listen } from "./listen.ts";
import { serveFetch } from "./serve-fetch.ts";

const partner = "https://partner.example";
const evil = "https://evil.example";

/** Requests that reached the application. */
let reached: string[] = [];
beforeEach(() => {
  reached = [];
});

/** An application of a framework, with policy and protection before a parser for JSON, at `/api`. */
type Start = (policy: AsyncPolicy, protection: AsyncCrossOriginProtection) => Promise<RunningServer>;

function startExpress(framework: typeof express): Start {
  return (policy, protection) => {
    const app = framework();
    const router = framework.Router();
    router.use(expressAdapter.cors(policy), expressAdapter.crossOriginProtection(protection), framework.json());
    router.use((incoming, response) => {
      reached.push(incoming.method);
      response.send("done");
    });
    app.use("/api", router);
    return listen(createServer(app));
  };
}

function startKoa(framework: typeof Koa): Start {
  return (policy, protection) => {
    const app = new framework();
    app.use(koaAdapter.cors(policy)).use(koaAdapter.crossOriginProtection(protection));
    app.use((context) => {
      reached.push(context.method);
      context.body = "done";
    });
    return listen(createServer(app.callback()));
  };
}

function honoApp(policy: AsyncPolicy, protection: AsyncCrossOriginProtection): Hono {
  const api = new Hono();
  api.use(honoAdapter.cors(policy), honoAdapter.crossOriginProtection(protection));
  api.all("*", (context) => {
    reached.push(context.req.method);
    return context.text("done");
  });
  return new Hono().route("/api", api);
}

const answer = (incoming: Request) => {
  reached.push(incoming.method);
  return new Response("done");
};

const starts: Record<string, Start> = {
  node: (policy, protection) =>
    listen(
      createServer(
        nodeAdapter.cors(policy)(
          nodeAdapter.crossOriginProtection(protection)((incoming, response) => {
            reached.push(incoming.method ?? "");
            response.end("done");
          }),
        ),
      ),
    ),
  "express 4": startExpress(express4 as unknown as typeof express),
  "express 5": startExpress(express),
  fastify: async (policy, protection) => {
    const app = fastify();
    app.register(
      async (scope) => {
        scope.register(fastifyAdapter.cors(policy)).register(fastifyAdapter.crossOriginProtection(protection));
        scope.all("/*", (incoming) => {
          reached.push(incoming.method);
          return "done";
        });
      },
      { prefix: "/api" },
    );
    await app.ready();
    return listen(app.server);
  },
  "koa 2": startKoa(Koa2 as unknown as typeof Koa),
  "koa 3": startKoa(Koa),
  hono: (policy, protection) => serveFetch((incoming) => honoApp(policy, protection).fetch(incoming)),
  web: (policy, protection) =>
    serveFetch(webAdapter.cors(policy)(webAdapter.crossOriginProtection(protection)(answer))),
  next: (policy, protection) =>
    serveFetch(nextAdapter.cors(policy)(nextAdapter.crossOriginProtection(protection)(answer))),
};

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

function ask({ url }: RunningServer, method: string, path: string, headers: Record<string, string>, body?: string) {
  const { port } = new URL(url);
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      const flat = incoming.headers as Record<string, string>;
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: flat, body: text }));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const crossSite = { "sec-fetch-site": "cross-site" };

describe.each(Object.entries(starts))("%s", (_, start) => {
  const policy = definePolicy({ origins: [partner] });
  const protection = createCrossOriginProtection({
    policy,
    bypass: ["/api/hooks/pay", "/api/sso/*"],
    alsoProtect: ["/api/export"],
  });
  let server: RunningServer;
  beforeAll(async () => {
    server = await start(policy, protection);
  });
  afterAll(() => server.close());

  test.each<[title: string, method: string, path: string, headers: Record<string, string>, code: string | null]>([
    ["a form of another site", "POST", "/api/x", { ...crossSite, origin: evil }, "sec-fetch-site"],
    ["another origin without Sec-Fetch-Site", "DELETE", "/api/x", { origin: evil }, "cross-origin"],
    ["null", "POST", "/api/x", { origin: "null" }, "cross-origin"],
    ["reading", "GET", "/api/x", { ...crossSite, origin: evil }, null],
    ["an origin of the policy", "POST", "/api/x", { ...crossSite, origin: partner }, null],
    ["the application's own page", "PUT", "/api/x", { "sec-fetch-site": "same-origin" }, null],
    ["no browser", "POST", "/api/x", {}, null],
    ["a bypassed path, mount point included", "POST", "/api/hooks/pay?id=1", { ...crossSite, origin: evil }, null],
    ["a path that leaves a bypassed folder", "POST", "/api/sso/..%2fx", { ...crossSite }, "sec-fetch-site"],
    ["a protected GET", "GET", "/api/export", { ...crossSite, origin: evil }, "sec-fetch-site"],
  ])("%s", async (_, method, path, headers, code) => {
    const { status, headers: answered, body } = await ask(server, method, path, headers);
    if (code === null) {
      expect([status, body, reached]).toEqual([200, "done", [method]]);
      return;
    }
    expect(reached).toEqual([]);
    expect([status, answered["cache-control"], answered["content-type"]]).toEqual([
      403,
      "no-store",
      "application/json",
    ]);
    expect(JSON.parse(body)).toMatchObject({ code });
    expect(answered["access-control-allow-origin"]).toBeUndefined();
  });

  test("a path is compared with its mount point", async () => {
    // What is outside of the mount point is either not there or not bypassed.
    expect([403, 404]).toContain((await ask(server, "POST", "/hooks/pay", crossSite)).status);
    expect(reached).toEqual([]);
  });

  test("a body is not parsed before the request is refused", async () => {
    const headers = { ...crossSite, origin: evil, "content-type": "application/json" };
    expect((await ask(server, "POST", "/api/x", headers, "{")).status).toBe(403);
  });

  test("Vary of a protected GET, allowed and refused, has what it depends on, beside the policy's own", async () => {
    for (const site of ["same-origin", "cross-site"]) {
      const { headers } = await ask(server, "GET", "/api/export", { "sec-fetch-site": site });
      const names = headers.vary?.split(", ").toSorted();
      expect(names).toEqual(["Origin", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site"]);
    }
  });

  test("a resolver is waited for", async () => {
    const asked = definePolicy({ origins: async (origin) => origin === partner });
    const waiting = await start(asked, createCrossOriginProtection({ policy: asked }));
    expect((await ask(waiting, "POST", "/api/x", { ...crossSite, origin: partner })).status).toBe(200);
    expect((await ask(waiting, "POST", "/api/x", { ...crossSite, origin: evil })).status).toBe(403);
    expect(reached).toEqual(["POST"]);
    await waiting.close();
  });
});

describe("what frameworks call by mistake", () => {
  test.each<[string, Record<"cors" | "crossOriginProtection", unknown>]>([
    ["express", expressAdapter],
    ["fastify", fastifyAdapter],
    ["hono", honoAdapter],
    ["koa", koaAdapter],
    ["next", nextAdapter],
    ["node", nodeAdapter],
    ["web", webAdapter],
  ])("%s: cors without the call tells what was meant", (_, adapter) => {
    for (const name of ["cors", "crossOriginProtection"] as const) {
      const uncalled = adapter[name] as (...given: unknown[]) => unknown;
      expect(() => uncalled({}, {}, () => {})).toThrow(`${name} makes a handler and is none itself`);
      expect(() => uncalled(() => {})).toThrow("call it first");
    }
  });
});

test.each([webAdapter, nextAdapter])(
  "a connection that is handed over (101) is left alone, immutable as it is",
  async (adapter) => {
    // Runtimes make such responses; the constructor does not.
    const handedOver = Object.defineProperty(Response.error(), "status", { value: 101 });
    const incoming = new Request("https://api.example/", { headers: { origin: partner } });
    const handler = adapter.cors({ origins: [partner] })(adapter.crossOriginProtection()(() => handedOver));
    expect(await handler(incoming)).toBe(handedOver);
  },
);

test("a connection that is handed over (101) is left alone by Hono, too", async () => {
  const handedOver = Object.defineProperty(Response.error(), "status", { value: 101 });
  const app = new Hono().use(honoAdapter.cors({ origins: [partner] })).get("/", () => handedOver);
  expect(await app.request("/", { headers: { origin: partner } })).toBe(handedOver);
});
