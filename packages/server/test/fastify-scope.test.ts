import createFastify from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cors, resource } from "../src/adapters/fastify.ts";

const app = createFastify({ forceCloseConnections: true });
let url: string;

beforeAll(async () => {
  app.register(async (scope) => {
    scope.register(cors({ origins: ["https://app.example"], methods: ["PUT"] }));
    await scope.after();
    scope.all("/books", resource({ GET: () => "books", PUT: () => "replaced" }));
  });
  url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/books`;
});

afterAll(() => app.close());

test("a route of all methods in a scope answers OPTIONS by itself, and the scope's policy answers preflights", async () => {
  const headers = { Origin: "https://app.example" };
  const options = await fetch(url, { method: "OPTIONS", headers });
  expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, PUT, OPTIONS"]);
  const preflight = await fetch(url, {
    method: "OPTIONS",
    headers: { ...headers, "Access-Control-Request-Method": "PUT" },
  });
  expect([preflight.status, preflight.headers.get("access-control-allow-methods")]).toEqual([204, "PUT"]);
});
