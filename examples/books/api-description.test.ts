import { Ajv2020 } from "ajv/dist/2020.js";
import { verifyMethods } from "corsac";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiDescription } from "./api-description.ts";
import { bookshopOrigin } from "./policy.ts";
import { mergePatch } from "./read-json.ts";
import { json, openTestShop, type TestShop } from "./test-shop.ts";

interface Described {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

type Item = Readonly<Record<string, { readonly responses?: Readonly<Record<string, Described>> }>>;

const { paths, components } = apiDescription as {
  readonly paths: Readonly<Record<string, Item>>;
  readonly components: { readonly headers: object; readonly schemas: object };
};

const documented = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, { responses = {} }]) =>
    Object.entries(responses).map(([status, response]) => ({ name: `${method} ${path} ${status}`, response })),
  ),
);
const answers = documented.filter(({ name }) => !name.endsWith("default"));

const ajv = new Ajv2020({
  strict: false,
  formats: {
    uuid: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/,
    "date-time": /^\d{4}-\d\d-\d\dT.*Z$/,
    uri: /^[a-z]+:/,
  },
});

let shop: TestShop;
let release: (value?: unknown) => void = () => {};
let charging: (value?: unknown) => void = () => {};
let isSlow = false;

beforeAll(async () => {
  shop = await openTestShop({
    charge: () =>
      isSlow
        ? new Promise((resolve) => {
            release = resolve;
            charging();
          }).then(() => {})
        : Promise.resolve(),
  });
});

afterAll(() => shop.close());

const send = (method: string, path: string, init: RequestInit = {}) =>
  fetch(shop.url + path, { method, redirect: "manual", ...init });

const evil = { Origin: "http://evil.localhost:3000" };
const outdated = { "If-Match": '"outdated"' };
const emma = { author: "Jane Austen", year: 1815 };
const dune = { title: "Dune", copies: 1 };
let keys = 0;
const fresh = () => ({ "Idempotency-Key": `"${++keys}"` });
const order = (content: unknown, headers: Readonly<Record<string, string>> = fresh()) =>
  send("POST", "/orders", json(content, headers));

async function notModified(path: string): Promise<Response> {
  const etag = (await send("GET", path)).headers.get("ETag") ?? "none";
  return send("GET", path, { headers: { "If-None-Match": etag } });
}

async function placed(): Promise<string> {
  return (await order(dune)).headers.get("Location") ?? "none";
}

/** How to get each answer that the document has. */
const provoke: Readonly<Record<string, () => Promise<Response>>> = {
  "get /books 200": () => send("GET", "/books"),
  "get /books 304": () => notModified("/books"),
  "get /books 400": () => send("GET", "/books?limit=0"),
  "get /books/{title} 200": () => send("GET", "/books/Dune"),
  "get /books/{title} 304": () => notModified("/books/Dune"),
  "get /books/{title} 404": () => send("GET", "/books/None"),
  "put /books/{title} 201": () => send("PUT", "/books/New", json(emma)),
  "put /books/{title} 204": () => send("PUT", "/books/Emma", json(emma)),
  "put /books/{title} 400": () => send("PUT", "/books/Emma", { ...json(emma), body: "{" }),
  "put /books/{title} 403": () => send("PUT", "/books/Emma", json(emma, evil)),
  "put /books/{title} 412": () => send("PUT", "/books/Emma", json(emma, outdated)),
  "put /books/{title} 415": () => send("PUT", "/books/Emma", json(emma, {}, "text/plain")),
  "put /books/{title} 422": () => send("PUT", "/books/Emma", json({})),
  "patch /books/{title} 200": () => send("PATCH", "/books/Emma", json({ year: 1816 }, {}, mergePatch)),
  "patch /books/{title} 400": () => send("PATCH", "/books/Emma", { ...json({}, {}, mergePatch), body: "{" }),
  "patch /books/{title} 403": () => send("PATCH", "/books/Emma", json({}, evil, mergePatch)),
  "patch /books/{title} 404": () => send("PATCH", "/books/None", json({}, {}, mergePatch)),
  "patch /books/{title} 412": () => send("PATCH", "/books/Emma", json({}, outdated, mergePatch)),
  "patch /books/{title} 415": () => send("PATCH", "/books/Emma", json({})),
  "patch /books/{title} 422": () => send("PATCH", "/books/Emma", json({ year: null }, {}, mergePatch)),
  "delete /books/{title} 204": () => send("DELETE", "/books/Momo"),
  "delete /books/{title} 403": () => send("DELETE", "/books/Dune", { headers: evil }),
  "delete /books/{title} 404": () => send("DELETE", "/books/None"),
  "delete /books/{title} 412": () => send("DELETE", "/books/Dune", { headers: outdated }),
  "get /orders 200": () => send("GET", "/orders"),
  "get /orders 304": () => notModified("/orders"),
  "get /orders 400": () => send("GET", "/orders?offset=-1"),
  "post /orders 201": () => order(dune),
  "post /orders 400": () => order(dune, {}),
  "post /orders 403": () => order(dune, { ...fresh(), ...evil }),
  "post /orders 409": async () => {
    isSlow = true;
    const begun = new Promise((resolve) => {
      charging = resolve;
    });
    const key = fresh();
    const first = order(dune, key);
    await begun;
    isSlow = false;
    const second = await order(dune, key);
    release();
    await first;
    return second;
  },
  "post /orders 415": () => send("POST", "/orders", json(dune, fresh(), "text/plain")),
  "post /orders 422": () => order({}),
  "get /orders/{id} 200": async () => send("GET", await placed()),
  "get /orders/{id} 304": async () => notModified(await placed()),
  "get /orders/{id} 404": () => send("GET", "/orders/none"),
  "delete /orders/{id} 204": async () => send("DELETE", await placed()),
  "delete /orders/{id} 403": () => send("DELETE", "/orders/none", { headers: evil }),
  "delete /orders/{id} 404": () => send("DELETE", "/orders/none"),
  "get /catalogue 200": () => send("GET", "/catalogue"),
  "get /catalogue 304": () => notModified("/catalogue"),
  "get /library 301": () => send("GET", "/library"),
  "get /openapi.json 200": () => send("GET", "/openapi.json"),
  "get /openapi.json 304": () => notModified("/openapi.json"),
};

describe("the description is true", () => {
  test("each answer that it has can be got, and no other is tried here", () => {
    expect(Object.keys(provoke).sort()).toEqual(answers.map(({ name }) => name).sort());
  });

  test.each(answers)("$name", async ({ name, response: described }) => {
    const response = await provoke[name]!();
    expect(response.status).toBe(Number(name.split(" ").at(-1)));
    const headers = Object.keys(components.headers).filter((header) => response.headers.has(header));
    expect(headers.sort()).toEqual(Object.keys(described.headers ?? {}).sort());
    const text = await response.text();
    const [type] = Object.keys(described.content ?? {});
    if (type === undefined) return expect(text).toBe("");
    expect(response.headers.get("Content-Type")?.split(";")[0]).toBe(type);
    // References in a schema lead into the document.
    const validate = ajv.compile({ ...described.content?.[type]?.schema, components });
    validate(JSON.parse(text));
    expect(validate.errors ?? []).toEqual([]);
  });

  test("anything else that is wrong is a problem too", async () => {
    const response = await send("PUT", "/books/Emma", { ...json(emma), body: "1".repeat(20_000) });
    const validate = ajv.compile({ $ref: "#/components/schemas/Problem", components });
    expect([response.status, validate(await response.json())]).toEqual([413, true]);
  });

  test("it is what the server gives", async () => {
    expect(await (await send("GET", "/openapi.json")).json()).toEqual(JSON.parse(JSON.stringify(apiDescription)));
  });
});

test("all of its methods do as they promise: corsac methods finds nothing, and leaves nothing out", async () => {
  const own = await openTestShop();
  const target = `${own.url}/openapi.json`;
  await fetch(`${own.url}/orders`, { method: "POST", ...json(dune, fresh()) }); // So that there is one to read.
  const report = await verifyMethods({ target, allowUnsafe: true, origin: bookshopOrigin });
  const { findings, unverified, leftBehind, stopped } = report;
  await own.close();
  expect({ findings, unverified, leftBehind, stopped }).toEqual({
    findings: [],
    unverified: [],
    leftBehind: [],
    stopped: null,
  });
});
