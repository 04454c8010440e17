import { Browser } from "@corsac/browser";
import { resource } from "@corsac/server/fastify";
import { SafeMethodError } from "@corsac/server/safe-method";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBookShelf } from "./book-shelf.ts";
import { openDatabase } from "./open-database.ts";

/** The shop's data behind handlers that write where nobody should. */
const database = openDatabase(":memory:");
const shelf = createBookShelf(database);
const app = fastify();
const browser = new Browser();
const errors: Error[] = [];
let url: string;

beforeAll(async () => {
  app.setErrorHandler((error: Error, _, reply) => {
    errors.push(error);
    return reply.code(500).send();
  });
  const remove = (_: FastifyRequest, reply: FastifyReply) => {
    shelf.remove("Dune", undefined);
    return reply.code(204).send();
  };
  const raw = () => database.exec("DELETE FROM books");
  app.all("/remove", resource({ GET: remove, QUERY: remove, POST: remove } as const));
  app.all("/raw", resource({ GET: raw }));
  url = await app.listen({ host: "127.0.0.1", port: 0 });
});

afterAll(async () => {
  await browser.close();
  await app.close();
  database.close();
});

test("a write in a safe method is refused with the route's name, and nothing is written", async () => {
  const page = browser.open(url);
  for (const [method, path] of [
    ["GET", "/remove"],
    ["HEAD", "/remove"],
    ["GET", "/raw"],
  ] as const) {
    expect((await page.fetch(url + path, { method })).status).toBe(500);
  }
  expect(errors.every((error) => error instanceof SafeMethodError)).toBe(true);
  expect(errors.map((error) => error.message.split(" is about")[0])).toEqual([
    "GET /remove",
    "HEAD /remove",
    "GET /raw",
  ]);
  expect(shelf.count()).toBe(100);
  // A transaction that failed is not left open.
  expect((await page.fetch(`${url}/remove`, { method: "POST" })).status).toBe(204);
  expect(shelf.count()).toBe(99);
});
