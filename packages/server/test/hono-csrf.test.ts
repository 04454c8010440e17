import { Hono } from "hono";
import { csrf } from "hono/csrf";
import { expect, test } from "vitest";
import { crossOriginProtection } from "../src/adapters/hono.ts";

const form = "application/x-www-form-urlencoded";

interface Row {
  readonly title: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether `hono/csrf` and corsac let the request through. */
  readonly want: readonly [hono: boolean, corsac: boolean];
}

const rows: readonly Row[] = [
  {
    title: "a form of another site",
    headers: { "content-type": form, "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    want: [false, false],
  },
  {
    title: "the application's own form",
    headers: { "content-type": form, "sec-fetch-site": "same-origin", origin: "https://app.example" },
    want: [true, true],
  },
  {
    title: "JSON of another site",
    headers: { "content-type": "application/json", "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    want: [true, false],
  },
  {
    title: "DELETE with JSON of another site",
    method: "DELETE",
    headers: { "content-type": "application/json", origin: "https://evil.example" },
    want: [true, false],
  },
  { title: "no browser", headers: { "content-type": form }, want: [false, true] },
  { title: "what the user did", headers: { "content-type": form, "sec-fetch-site": "none" }, want: [false, true] },
  {
    title: "cross-site with the application's own Origin",
    headers: { "content-type": form, "sec-fetch-site": "cross-site", origin: "https://app.example" },
    want: [true, false],
  },
  {
    title: "same-origin with another Origin, as behind a proxy",
    headers: { "content-type": form, "sec-fetch-site": "same-origin", origin: "https://www.example" },
    want: [true, true],
  },
  {
    title: "a sibling",
    headers: { "content-type": form, "sec-fetch-site": "same-site", origin: "https://blog.app.example" },
    want: [false, false],
  },
  { title: "null", headers: { "content-type": form, origin: "null" }, want: [false, false] },
];

test.each(rows)("hono/csrf and corsac: $title", async ({ method = "POST", headers, want }) => {
  const statuses = [csrf(), crossOriginProtection()].map(async (middleware) => {
    const app = new Hono().use(middleware).all("*", (context) => context.text("done"));
    const request = new Request("https://app.example/x", { method, headers: { host: "app.example", ...headers } });
    return (await app.request(request)).status === 200;
  });
  expect(await Promise.all(statuses)).toEqual(want);
});

test("behind a proxy that ends TLS, hono/csrf refuses an old browser's own form; corsac knows that https may have ended", async () => {
  const headers = { host: "app.example", origin: "https://app.example", "content-type": form };
  const statuses = [csrf(), crossOriginProtection()].map(async (middleware) => {
    const app = new Hono().use(middleware).all("*", (context) => context.text("done"));
    return (await app.request(new Request("http://app.example/x", { method: "POST", headers }))).status;
  });
  expect(await Promise.all(statuses)).toEqual([403, 200]);
});
