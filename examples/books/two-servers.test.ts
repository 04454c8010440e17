import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type BookShelf, createBookShelf } from "./book-shelf.ts";
import { addBooksRoutes } from "./books-routes.ts";
import { openDatabase } from "./open-database.ts";
import type { Order } from "./order.ts";
import { mergePatch } from "./read-json.ts";
import { json, openTestShop } from "./test-shop.ts";

let folder: string;
/** All that two servers share: each has a connection and a mutex of its own. */
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "books-"));
  file = join(folder, "books.db");
});

afterEach(() => rm(folder, { recursive: true }));

const solaris = { title: "Solaris", author: "Stanisław Lem", year: 1961 };
const content = { author: "Isaac Asimov", year: 1951 };

const rows = [
  { title: "a replacement", method: "PUT", name: "Dune", init: json(content, { "If-Match": '"1"' }) },
  { title: "a change", method: "PATCH", name: "Dune", init: json(content, { "If-Match": '"1"' }, mergePatch) },
  { title: "a removal", method: "DELETE", name: "Dune", init: { headers: { "If-Match": '"1"' } } },
  { title: "a creation", method: "PUT", name: "Solaris", init: json(content, { "If-None-Match": "*" }) },
];

test.each(rows)("$title is refused if another server writes after the request was judged", async (row) => {
  const [own, other] = [openDatabase(file), openDatabase(file)];
  const [shelf, elsewhere] = [createBookShelf(own), createBookShelf(other)];
  // The first look is the one by which the request is judged.
  let isJudged = false;
  const overtaken: BookShelf = {
    ...shelf,
    find(title) {
      const found = shelf.find(title);
      if (!isJudged) elsewhere.put({ ...solaris, title }, undefined);
      isJudged = true;
      return found;
    },
  };
  const app = fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
  addBooksRoutes(app, overtaken);
  const url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/books/${row.name}`;
  const response = await fetch(url, { method: row.method, ...row.init });
  expect([response.status, await (await fetch(url)).json()]).toEqual([412, { ...solaris, title: row.name }]);
  await app.close();
  own.close();
  other.close();
});

test("of fifty orders with one key, one is placed", async () => {
  const shops = [await openTestShop({ file }), await openTestShop({ file })] as const;
  const init = { method: "POST", ...json({ title: "Dune", copies: 1 }, { "Idempotency-Key": '"1"' }) };
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, index) => fetch(`${(index % 2 === 0 ? shops[0] : shops[1]).url}/orders`, init)),
  );
  const first = responses.filter(({ status, headers }) => status === 201 && !headers.has("Idempotency-Replayed"));
  expect(first).toHaveLength(1);
  expect(responses.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
  expect((await (await fetch(`${shops[1].url}/orders`)).json()) as readonly Order[]).toHaveLength(1);
  for (const shop of shops) await shop.close();
});
