import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { cors, resource } from "../src/adapters/node.ts";
import type { RunningServer } from "./application.ts";
import { allowedOrigin, mainPolicy } from "./cases.ts";
import { ask } from "./cors-client.ts";
import { listen } from "./listen.ts";

const failure = new Error("no database");
const rejections: unknown[] = [];
const collect = (reason: unknown) => void rejections.push(reason);
let server: RunningServer;

beforeAll(async () => {
  const books = resource<IncomingMessage, ServerResponse>({
    GET: async ({ url }, response) => {
      response.setHeader("content-length", "5");
      if (url === "/begun") response.write("be");
      if (url === "/ended") response.end("ended");
      await Promise.resolve();
      throw failure;
    },
  });
  process.on("unhandledRejection", collect);
  server = await listen(createServer(cors(mainPolicy())(books)));
});
afterAll(async () => {
  process.off("unhandledRejection", collect);
  await server.close();
});
const log = vi.fn();
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(log));
afterEach(() => {
  expect(log).toHaveBeenCalledExactlyOnceWith(failure);
  log.mockClear();
  expect(rejections).toEqual([]);
  vi.restoreAllMocks();
});

const headers = { origin: allowedOrigin };

test("on plain Node, a handler that rejects is answered with 500, which a page may read", async () => {
  expect(await ask(server, { path: "/", headers })).toMatchObject({
    status: 500,
    body: "Internal Server Error",
    headers: { "access-control-allow-origin": allowedOrigin, vary: "Origin" },
  });
});

test("a response that was begun breaks off", async () => {
  await expect(ask(server, { path: "/begun", headers })).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("a response that is complete stays so", async () => {
  expect(await ask(server, { path: "/ended", headers })).toMatchObject({ status: 200, body: "ended" });
});
