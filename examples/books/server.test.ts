import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Browser, type Page } from "@corsac/browser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookshopOrigin, createBooksApi } from "./server.ts";

let api: Server;
let url: string;
let bookshop: Page;
const browser = new Browser();

beforeAll(async () => {
  api = createBooksApi().listen(0, "127.0.0.1");
  await once(api, "listening");
  url = `http://localhost:${(api.address() as AddressInfo).port}`;
  bookshop = browser.open(`${bookshopOrigin}/`);
});

afterAll(async () => {
  await browser.close();
  api.close();
});

describe("the books API keeps what its methods promise", () => {
  test("PUT creates, then replaces; DELETE removes, and a second one changes nothing more", async () => {
    const put = (year: number) =>
      bookshop.fetch(`${url}/books/Solaris`, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ author: "Stanisław Lem", year }),
      });
    expect((await put(1962)).status).toBe(201);
    expect((await put(1961)).status).toBe(204);
    const found = await bookshop.fetch(`${url}/books/Solaris`);
    expect(await found.json()).toEqual({ title: "Solaris", author: "Stanisław Lem", year: 1961 });
    expect((await bookshop.fetch(`${url}/books/Solaris`, { method: "DELETE" })).status).toBe(204);
    expect((await bookshop.fetch(`${url}/books/Solaris`, { method: "DELETE" })).status).toBe(404);
    const list = (await (await bookshop.fetch(`${url}/books`)).json()) as readonly { readonly title: string }[];
    expect(list.map(({ title }) => title)).not.toContain("Solaris");
  });

  test("a method that a resource does not have is answered with the list of those it has", async () => {
    const response = await browser.open(url).fetch(`${url}/books/Dune`, { method: "POST" });
    expect([response.status, response.headers.get("Allow")]).toEqual([405, "GET, HEAD, PUT, DELETE"]);
  });

  test("a body that is no book is refused", async () => {
    const response = await bookshop.fetch(`${url}/books/Dune`, { method: "PUT", body: "{" });
    expect(response.status).toBe(400);
  });
});

describe("what a page at each origin may do", () => {
  const rows = [
    { from: bookshopOrigin, path: "/books", init: { credentials: "include" }, want: "response" },
    { from: "http://evil.localhost:3000", path: "/books", init: {}, want: "allow-origin-missing" },
    {
      from: bookshopOrigin,
      path: "/books/Dune",
      init: { headers: { "X-Request-Id": "7" } },
      want: "header-not-allowed",
    },
    { from: bookshopOrigin, path: "/books/Dune", init: { method: "PATCH" }, want: "method-not-allowed" },
    { from: "http://evil.localhost:3000", path: "/catalogue", init: {}, want: "response" },
    {
      from: bookshopOrigin,
      path: "/catalogue",
      init: { credentials: "include" },
      want: "allow-origin-wildcard-with-credentials",
    },
    { from: bookshopOrigin, path: "/library", init: {}, want: "allow-origin-missing" },
  ] as const;

  test.each(rows)("$from, $path: $want", async ({ from, path, init, want }) => {
    const outcome = await browser.open(from).attempt(url + path, init);
    expect(outcome.kind === "response" ? "response" : outcome.problem.code).toBe(want);
  });
});
