import { createRequire } from "node:module";
import { Browser } from "@corsac/browser";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookshopOrigin, policyOptions } from "./policy.ts";
import { json, openTestShop, type TestShop } from "./test-shop.ts";

let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop();
});

afterAll(() => shop.close());

const evilOrigin = "http://evil.localhost:3000";

test("the policy file is what the schema of policy files says", () => {
  const schema = createRequire(import.meta.url)("@corsac/server/policy.schema.json");
  const validate = new Ajv({ strict: false }).compile(schema);
  validate(policyOptions);
  expect(validate.errors).toBeNull();
});

describe("what a page at each origin may do", () => {
  const rows = [
    { from: bookshopOrigin, path: "/books", init: { credentials: "include" }, want: "response" },
    { from: bookshopOrigin, path: "/books/Solaris", init: { method: "PATCH", ...json({}) }, want: "response" },
    { from: bookshopOrigin, path: "/nowhere", init: {}, want: "response" },
    { from: evilOrigin, path: "/books", init: {}, want: "response: allow-origin-missing" },
    { from: evilOrigin, path: "/books/Dune", init: { method: "DELETE" }, want: "preflight: allow-origin-missing" },
    { from: "http://localhost:5173", path: "/books", init: {}, want: "response: allow-origin-missing" },
    // What is not granted is refused without a word.
    {
      from: bookshopOrigin,
      path: "/books/Dune",
      init: { headers: { "X-Request-Id": "7" } },
      want: "preflight: allow-origin-missing",
    },
    { from: bookshopOrigin, path: "/books", init: { method: "PURGE" }, want: "preflight: allow-origin-missing" },
    { from: evilOrigin, path: "/catalogue", init: {}, want: "response" },
    {
      from: bookshopOrigin,
      path: "/catalogue",
      init: { credentials: "include" },
      want: "response: allow-origin-wildcard-with-credentials",
    },
    { from: bookshopOrigin, path: "/library", init: {}, want: "redirect: allow-origin-missing" },
  ] as const;

  test.each(rows)("$from, $path $init.method: $want", async ({ from, path, init, want }) => {
    // Each with an empty cache: what it holds for one origin is no matter of another.
    const browser = new Browser();
    const outcome = await browser.open(from).attempt(shop.url + path, init);
    await browser.close();
    expect(outcome.kind === "response" ? "response" : `${outcome.problem.stage}: ${outcome.problem.code}`).toBe(want);
  });

  test("a script of the bookshop reads the headers that it needs", async () => {
    const { headers } = await shop.page.fetch(`${shop.url}/books`);
    expect([...headers.keys()].sort()).toEqual(["cache-control", "content-length", "content-type", "etag", "link"]);
  });
});

describe("what CORS lets through and cross-origin protection does not", () => {
  test.each(["application/x-www-form-urlencoded", "text/plain"] as const)(
    "a form of another site (%s) orders nothing",
    async (enctype) => {
      const page = shop.browser.open(`${evilOrigin}/`);
      const fields = [["title", "Dune"]] as const;
      const { outcome } = await page.submit({ action: `${shop.url}/orders`, method: "post", enctype, fields });
      expect(outcome.kind === "response" && outcome.response.internal.status).toBe(403);
      expect(await (await shop.page.fetch(`${shop.url}/orders`)).json()).toEqual([]);
    },
  );

  test("a script of another site that does not care about the answer orders nothing", async () => {
    const page = shop.browser.open(`${evilOrigin}/`);
    await page.fetch(`${shop.url}/orders`, {
      method: "POST",
      mode: "no-cors",
      body: JSON.stringify({ title: "Dune" }),
    });
    const [exchange] = page.inspector.exchanges;
    expect(exchange?.response).toMatchObject({ status: 403 });
  });
});
