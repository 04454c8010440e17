import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "./open-database.ts";
import type { Order } from "./order.ts";
import { createOrderBook } from "./order-book.ts";
import { json, openTestShop, type TestShop } from "./test-shop.ts";

let shop: TestShop;
/** Is awaited before an order is placed. */
let charge: () => Promise<void>;

beforeEach(async () => {
  charge = async () => {};
  shop = await openTestShop({ charge: () => charge(), log: () => {} });
});

afterEach(() => shop.close());

const dune = { title: "Dune", copies: 1 };

const order = (content: unknown, key: string) =>
  shop.page.fetch(`${shop.url}/orders`, { method: "POST", ...json(content, { "Idempotency-Key": `"${key}"` }) });

const countOrders = async () =>
  ((await (await shop.page.fetch(`${shop.url}/orders`)).json()) as readonly Order[]).length;

describe("an order", () => {
  test("is found where Location says, is listed, and can be cancelled once", async () => {
    const placed = await order(dune, "1");
    const content = (await placed.json()) as Order;
    expect([placed.status, content]).toMatchObject([201, dune]);
    const url = shop.url + placed.headers.get("Location");
    expect(await (await shop.page.fetch(url)).json()).toEqual(content);
    expect(await (await shop.page.fetch(`${shop.url}/orders`)).json()).toEqual([content]);
    const cancel = async () => (await shop.page.fetch(url, { method: "DELETE" })).status;
    expect([await cancel(), await cancel(), await countOrders()]).toEqual([204, 404, 0]);
  });

  const refused = [
    { title: "a book that the shop does not have", content: { ...dune, title: "Solaris" }, pointers: ["#/title"] },
    { title: "no copies", content: { ...dune, copies: 0 }, pointers: ["#/copies"] },
    { title: "a misspelt member", content: { ...dune, copy: 1 }, pointers: ["#/copy"] },
    { title: "no object", content: "Dune", pointers: ["#"] },
    { title: "nothing in it", content: {}, pointers: ["#/title", "#/copies"] },
  ];

  test.each(refused)("is refused with $title", async ({ content, pointers }) => {
    const response = await order(content, "1");
    const problem = (await response.json()) as { readonly errors: readonly { readonly pointer: string }[] };
    expect([response.status, problem]).toMatchObject([422, { type: "urn:books:problem:invalid-order", status: 422 }]);
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(await countOrders()).toBe(0);
  });
});

describe("a key", () => {
  test("is required, and text in double quotes", async () => {
    const post = (headers: Record<string, string>) =>
      shop.page.fetch(`${shop.url}/orders`, { method: "POST", ...json(dune, headers) });
    for (const headers of [{}, { "Idempotency-Key": "bare" }] as Record<string, string>[]) {
      const response = await post(headers);
      expect([response.status, response.headers.get("Content-Type")]).toEqual([400, "application/problem+json"]);
    }
    expect(await countOrders()).toBe(0);
  });

  test("sent again gives the first answer again, and one order", async () => {
    const [first, again] = [await order(dune, "1"), await order(dune, "1")];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.json()).toEqual(await first.json());
    expect(again.headers.get("Location")).toBe(first.headers.get("Location"));
    expect([first, again].map(({ headers }) => headers.get("Idempotency-Replayed"))).toEqual([null, "true"]);
    expect(await countOrders()).toBe(1);
  });

  test("with another order is refused; another key is another order", async () => {
    await order(dune, "1");
    const other = await order({ ...dune, copies: 2 }, "1");
    expect([other.status, await other.json()]).toMatchObject([
      422,
      { type: "urn:corsac:problem:idempotency-key-reused" },
    ]);
    expect((await order(dune, "2")).status).toBe(201);
    expect(await countOrders()).toBe(2);
  });

  test("sent again while the first request is being carried out is told to wait", async () => {
    let pay = () => {};
    const paid = new Promise<void>((resolve) => {
      pay = resolve;
    });
    const charging = new Promise<void>((resolve) => {
      charge = () => {
        resolve();
        return paid;
      };
    });
    const first = order(dune, "1");
    await charging;
    const early = await order(dune, "1");
    expect([early.status, await early.json()]).toMatchObject([409, { status: 409 }]);
    pay();
    expect((await first).status).toBe(201);
    expect((await order(dune, "1")).status).toBe(201);
    expect(await countOrders()).toBe(1);
  });

  test("is free again when the order failed: the retry is carried out", async () => {
    charge = () => Promise.reject(new Error("The card was declined."));
    const failed = await order(dune, "1");
    expect([failed.status, await failed.json()]).toEqual([
      500,
      { type: "urn:books:problem:server-error", title: "The server has made a mistake.", status: 500 },
    ]);
    expect(await countOrders()).toBe(0);
    charge = async () => {};
    expect((await order(dune, "1")).status).toBe(201);
  });
});

test("a request that placed its order before its process died does not place another", () => {
  const orders = createOrderBook(openDatabase(":memory:"));
  const first = { id: "a", ...dune, placedAt: "2026-01-31T12:00:00Z" };
  expect(orders.place(first, "request")).toEqual(first);
  expect(orders.place({ ...first, id: "b" }, "request")).toEqual(first);
  expect(orders.findByRequest("request")).toEqual(first);
  expect(orders.count()).toBe(1);
});

test("a restart keeps books, orders, keys and ETags, and brings nothing back", async () => {
  const folder = await mkdtemp(join(tmpdir(), "books-"));
  const file = join(folder, "data/books.db");
  const before = await openTestShop({ file });
  const books = (await before.page.fetch(`${before.url}/books`)).headers.get("ETag");
  await before.page.fetch(`${before.url}/books/Momo`, { method: "DELETE" });
  await before.page.fetch(`${before.url}/books/Dune`, { method: "PUT", ...json({ author: "F. H.", year: 1965 }) });
  const post = { method: "POST", ...json(dune, { "Idempotency-Key": '"1"' }) };
  const placed = (await (await before.page.fetch(`${before.url}/orders`, post)).json()) as Order;
  const etag = (await before.page.fetch(`${before.url}/books`)).headers.get("ETag");
  await before.close();

  const after = await openTestShop({ file });
  const fetch = (path: string, init?: object) => after.page.fetch(after.url + path, init);
  expect((await fetch("/books/Momo")).status).toBe(404);
  expect(await (await fetch("/books/Dune")).json()).toEqual({ title: "Dune", author: "F. H.", year: 1965 });
  expect((await fetch("/books")).headers.get("ETag")).toBe(etag);
  expect(etag).not.toBe(books);
  const replayed = await fetch("/orders", post);
  expect([replayed.headers.get("Idempotency-Replayed"), await replayed.json()]).toEqual(["true", placed]);
  expect(await (await fetch("/orders")).json()).toEqual([placed]);
  await after.close();
  await rm(folder, { recursive: true });
});

test("a file of another program's version is left alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "books-"));
  const file = join(folder, "books.db");
  const database = openDatabase(file);
  database.exec("PRAGMA user_version = 7");
  database.close();
  expect(() => openDatabase(file)).toThrow("has version 7 of the tables");
  await rm(folder, { recursive: true });
});
