import { createServer, type IncomingMessage, ServerResponse } from "node:http";
import express from "express";
import { afterAll, expect, test } from "vitest";
import { cors } from "../src/adapters/express.ts";
import type { RunningServer } from "./application.ts";
import { allowedOrigin, deniedOrigin, mainPolicy } from "./cases.ts";
import { ask } from "./cors-client.ts";
import { listen } from "./listen.ts";

const running: RunningServer[] = [];
afterAll(() => Promise.all(running.map((server) => server.close())));

async function serve(app: express.Express): Promise<RunningServer> {
  const server = await listen(createServer(app));
  running.push(server);
  return server;
}

const allowOrigin = "access-control-allow-origin";
const headers = { origin: allowedOrigin };

test("a response that leaves a mounted application keeps what that application's policy decided", async () => {
  const inner = express().use(cors(mainPolicy()));
  const server = await serve(express().use("/inner", inner));
  expect(await ask(server, { path: "/inner/missing", headers })).toMatchObject({
    status: 404,
    headers: { [allowOrigin]: allowedOrigin },
  });
});

test("responses of applications without a policy stay as they are, and Node's own too", async () => {
  const server = await serve(express().get("/", (_, response) => void response.vary("Accept").send("text")));
  expect((await ask(server, { path: "/", headers })).headers).toEqual({ vary: "Accept" });
  const plain = await listen(createServer((_: IncomingMessage, response) => response.end("text")));
  running.push(plain);
  expect((await ask(plain, { path: "/", headers })).headers).toEqual({});
  const owned = Reflect.ownKeys(ServerResponse.prototype.writeHead);
  expect(owned.filter((key) => typeof key === "symbol")).toEqual([]);
});

test.each(["before", "after"])("a writeHead that is replaced %s cors() has its headers edited too", async (place) => {
  const wrap: express.RequestHandler = (_, response, next) => {
    const { writeHead } = response;
    response.writeHead = ((...given: Parameters<typeof writeHead>) => {
      response.setHeader(allowOrigin, "*");
      response.setHeader("vary", "Accept-Encoding");
      return writeHead.apply(response, given);
    }) as typeof writeHead;
    next();
  };
  const app = express();
  if (place === "before") app.use(wrap, cors(mainPolicy()));
  else app.use(cors(mainPolicy()), wrap);
  const server = await serve(app.get("/", (_, response) => void response.send("text")));
  const allowed = await ask(server, { path: "/", headers });
  expect(allowed.headers).toMatchObject({ [allowOrigin]: allowedOrigin, vary: "Accept-Encoding, Origin" });
  const denied = await ask(server, { path: "/", headers: { origin: deniedOrigin } });
  expect(denied.headers).not.toHaveProperty(allowOrigin);
});

test("an application whose response prototype has a writeHead of its own has its headers edited", async () => {
  const app = express();
  Object.defineProperty(app.response, "writeHead", {
    value(this: ServerResponse, ...given: Parameters<ServerResponse["writeHead"]>) {
      return ServerResponse.prototype.writeHead.apply(this, given);
    },
    configurable: true,
    writable: true,
  });
  const server = await serve(app.use(cors(mainPolicy())).get("/", (_, response) => void response.send("text")));
  expect((await ask(server, { path: "/", headers })).headers).toMatchObject({ [allowOrigin]: allowedOrigin });
});
