import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Book } from "./book.ts";
import { mergePatch } from "./read-json.ts";
import { seedBooks } from "./seed-books.ts";
import { json, openTestShop, type TestShop } from "./test-shop.ts";

let shop: TestShop;
let books: string;

beforeEach(async () => {
  shop = await openTestShop();
  books = `${shop.url}/books`;
});

afterEach(() => shop.close());

const solaris = { author: "Stanisław Lem", year: 1961 };

const fetch: TestShop["page"]["fetch"] = (input, init) => shop.page.fetch(input, init);
const put = (title: string, content: unknown, headers: Record<string, string> = {}) =>
  fetch(`${books}/${title}`, { method: "PUT", ...json(content, headers) });
const patch = (title: string, content: unknown, headers: Record<string, string> = {}) =>
  fetch(`${books}/${title}`, { method: "PATCH", ...json(content, headers, mergePatch) });

async function etagOf(url: string): Promise<string> {
  return (await fetch(url)).headers.get("ETag") ?? "none";
}

describe("the list", () => {
  test("pages lead from the first to the last, and together they are the hundred books by title", async () => {
    const titles: string[] = [];
    let next: string | undefined = "/books?limit=30";
    let pages = 0;
    while (next !== undefined) {
      const response = await fetch(shop.url + next);
      titles.push(...((await response.json()) as Book[]).map(({ title }) => title));
      next = /<([^>]+)>; rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
      pages += 1;
    }
    expect(pages).toBe(4);
    expect(titles).toEqual(seedBooks.map(([title]) => title));
    expect(new Set(titles).size).toBe(100);
  });

  test("links name the pages around one", async () => {
    const response = await fetch(`${books}?limit=10&offset=25`);
    expect(response.headers.get("Link")).toBe(
      '</books?limit=10&offset=0>; rel="first", </books?limit=10&offset=15>; rel="prev", ' +
        '</books?limit=10&offset=35>; rel="next", </books?limit=10&offset=90>; rel="last"',
    );
  });

  test("a page beyond the last one is empty and leads back", async () => {
    const response = await fetch(`${books}?offset=500`);
    expect(await response.json()).toEqual([]);
    expect(response.headers.get("Link")).toContain('</books?limit=20&offset=80>; rel="prev"');
  });

  test.each(["limit=0", "limit=101", "limit=ten", "offset=-1", "limit=1&limit=2", "page=2"])(
    "?%s is refused with the name of the parameter",
    async (query) => {
      const response = await fetch(`${books}?${query}`);
      expect(response.status).toBe(400);
      expect(response.headers.get("Content-Type")).toMatch(/^application\/problem\+json/);
      expect(await response.json()).toMatchObject({
        type: "urn:books:problem:invalid-query",
        status: 400,
        errors: [{ parameter: query.split("=")[0] }],
      });
    },
  );

  test("with its ETag it is not sent again, until a book has changed", async () => {
    const etag = await etagOf(books);
    const unchanged = await fetch(books, { headers: { "If-None-Match": etag } });
    expect([unchanged.status, await unchanged.text()]).toEqual([304, ""]);
    await patch("Dune", { year: 1966 });
    expect((await fetch(books, { headers: { "If-None-Match": etag } })).status).toBe(200);
  });

  test("a browser that has it asks with its ETag by itself", async () => {
    const statuses: number[] = [];
    shop.api.server.on("request", (_, response) => response.on("finish", () => statuses.push(response.statusCode)));
    await fetch(books);
    const again = await fetch(books);
    expect([again.status, ((await again.json()) as Book[]).length]).toEqual([200, 20]);
    expect(statuses).toEqual([200, 304]);
  });

  test("what is there already is put again without a change", async () => {
    const etag = await etagOf(books);
    await put("Dune", { author: "Frank Herbert", year: 1965 });
    expect(await etagOf(books)).toBe(etag);
  });
});

describe("a book", () => {
  test("PUT creates, then replaces; DELETE removes, and a second one changes nothing more", async () => {
    expect((await put("Solaris", { ...solaris, year: 1962 })).status).toBe(201);
    expect((await put("Solaris", solaris)).status).toBe(204);
    expect(await (await fetch(`${books}/Solaris`)).json()).toEqual({ title: "Solaris", ...solaris });
    const remove = () => fetch(`${books}/Solaris`, { method: "DELETE" });
    expect((await remove()).status).toBe(204);
    const before = await etagOf(books);
    expect((await remove()).status).toBe(404);
    expect(await etagOf(books)).toBe(before);
    expect((await fetch(`${books}/Solaris`)).status).toBe(404);
  });

  test("a title is one segment of the URL, whatever it has in it", async () => {
    for (const title of ["Do Androids Dream of Electric Sheep?", "Les Misérables", "20/20 & 50% #1", "日本"]) {
      const url = `${books}/${encodeURIComponent(title)}`;
      await fetch(url, { method: "PUT", ...json(solaris) });
      expect(await (await fetch(url)).json()).toEqual({ title, ...solaris });
    }
  });

  test("PATCH merges, and tells the new state", async () => {
    const response = await patch("Dune", { year: 1966 });
    expect([response.status, await response.json()]).toEqual([
      200,
      { title: "Dune", author: "Frank Herbert", year: 1966 },
    ]);
    expect(response.headers.get("ETag")).toBe(await etagOf(`${books}/Dune`));
    expect((await patch("Solaris", { year: 1961 })).status).toBe(404);
  });

  test("PUT gives no ETag, for it does not keep the content byte for byte", async () => {
    expect((await put("Dune", solaris)).headers.get("ETag")).toBeNull();
  });

  test("a book that comes back does not have its old ETag", async () => {
    const etag = await etagOf(`${books}/Dune`);
    await fetch(`${books}/Dune`, { method: "DELETE" });
    await put("Dune", { author: "Frank Herbert", year: 1965 });
    expect(await etagOf(`${books}/Dune`)).not.toBe(etag);
  });
});

describe("nobody's update is lost", () => {
  test("of two who have read the same, the second one to write is told so", async () => {
    const etag = await etagOf(`${books}/Dune`);
    expect((await patch("Dune", { year: 1966 }, { "If-Match": etag })).status).toBe(200);
    const late = [
      await put("Dune", solaris, { "If-Match": etag }),
      await patch("Dune", { year: 1967 }, { "If-Match": etag }),
      await fetch(`${books}/Dune`, { method: "DELETE", headers: { "If-Match": etag } }),
    ];
    expect(late.map(({ status }) => status)).toEqual([412, 412, 412]);
    expect(await (await fetch(`${books}/Dune`)).json()).toMatchObject({ year: 1966 });
  });

  test("of fifty at once, one writes", async () => {
    const etag = await etagOf(`${books}/Dune`);
    const years = Array.from({ length: 50 }, (_, index) => 1900 + index);
    const statuses = await Promise.all(
      years.map(async (year) => (await patch("Dune", { year }, { "If-Match": etag })).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(49);
  });

  test("If-None-Match: * creates and never replaces; If-Match: * replaces and never creates", async () => {
    expect((await put("Dune", solaris, { "If-None-Match": "*" })).status).toBe(412);
    expect((await put("Solaris", solaris, { "If-Match": "*" })).status).toBe(412);
    expect((await put("Solaris", solaris, { "If-None-Match": "*" })).status).toBe(201);
  });
});

describe("what is no book is refused", () => {
  const refused = [
    { title: "no object", content: [], pointers: ["#"] },
    { title: "nothing in it", content: {}, pointers: ["#/author", "#/year"] },
    { title: "an empty author", content: { ...solaris, author: " " }, pointers: ["#/author"] },
    { title: "a part of a year", content: { ...solaris, year: 1961.5 }, pointers: ["#/year"] },
    { title: "a year in a text", content: { ...solaris, year: "1961" }, pointers: ["#/year"] },
    { title: "another title", content: { ...solaris, title: "Fiasco" }, pointers: ["#/title"] },
    { title: "a misspelt member", content: { ...solaris, "aut/hor": "x" }, pointers: ["#/aut~1hor"] },
  ];

  test.each(refused)("$title", async ({ content, pointers }) => {
    const response = await put("Solaris", content);
    expect(response.status).toBe(422);
    const problem = (await response.json()) as { readonly errors: readonly { readonly pointer: string }[] };
    expect(problem).toMatchObject({ type: "urn:books:problem:invalid-book", title: "This is no book.", status: 422 });
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(pointers);
    expect((await fetch(`${books}/Solaris`)).status).toBe(404);
  });

  test("null in a merge patch removes, and a book without an author is none", async () => {
    const response = await patch("Dune", { author: null });
    expect([response.status, await response.json()]).toMatchObject([422, { errors: [{ pointer: "#/author" }] }]);
  });

  const bodies = [
    { title: "half of JSON", headers: { "Content-Type": "application/json" }, body: "{", status: 400 },
    { title: "no body", headers: { "Content-Type": "application/json" }, status: 400 },
    { title: "no UTF-8", headers: { "Content-Type": "application/json" }, body: new Uint8Array([255]), status: 400 },
    { title: "text", headers: {}, body: "{}", status: 415 },
    { title: "too much", headers: { "Content-Type": "application/json" }, body: "1".repeat(20_000), status: 413 },
  ];

  test.each(bodies)("$title: $status", async ({ headers, body, status }) => {
    const response = await fetch(`${books}/Solaris`, {
      method: "PUT",
      headers,
      ...(body === undefined ? {} : { body }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get("Content-Type")).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ status });
  });

  test("PATCH takes merge patches only, and says so", async () => {
    // A browser shows a script this header only if the policy exposes it; a server's own page would see it.
    const own = shop.browser.open(shop.url);
    const response = await own.fetch(`${books}/Dune`, { method: "PATCH", ...json({ year: 1 }) });
    expect([response.status, response.headers.get("Accept-Patch")]).toEqual([415, mergePatch]);
  });
});

describe("methods", () => {
  test("HEAD is GET without content", async () => {
    const [get, head] = [await fetch(`${books}/Dune`), await fetch(`${books}/Dune`, { method: "HEAD" })];
    expect(head.headers.get("ETag")).toBe(get.headers.get("ETag"));
    expect(head.headers.get("Content-Length")).toBe(String((await get.arrayBuffer()).byteLength));
    expect(await head.text()).toBe("");
  });

  test("what a resource does not have is answered with the list of those it has", async () => {
    const own = shop.browser.open(shop.url);
    const rows = [];
    for (const [method, path] of [
      ["POST", "/books/Dune"],
      ["PURGE", "/books"],
      ["OPTIONS", "/orders"],
    ] as const) {
      const response = await own.fetch(shop.url + path, { method });
      rows.push([response.status, response.headers.get("Allow")]);
    }
    expect(rows).toEqual([
      [405, "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"],
      [501, "GET, HEAD, OPTIONS"],
      [204, "GET, HEAD, POST, OPTIONS"],
    ]);
  });

  test("what is nowhere is 404, what is no URL is 400, each as a problem", async () => {
    for (const [path, status] of [
      ["/nowhere", 404],
      ["/books/%zz", 400],
    ] as const) {
      const response = await globalThis.fetch(shop.url + path);
      expect([response.status, response.headers.get("Content-Type")]).toEqual([
        status,
        "application/problem+json; charset=utf-8",
      ]);
    }
  });
});
