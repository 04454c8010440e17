import { describe, expect, test } from "vitest";
import type { Cookie } from "./cookie.ts";
import { CookieStore } from "./cookie-store.ts";

const base: Cookie = {
  name: "a",
  value: "1",
  domain: "www.shop.example",
  hostOnly: true,
  path: "/",
  secure: false,
  httpOnly: false,
  sameSite: "unset",
  partition: null,
  creation: 0,
  lastAccess: 0,
  expires: null,
};

function stored(...cookies: readonly Partial<Cookie>[]): CookieStore {
  const store = new CookieStore();
  for (const cookie of cookies) store.put({ ...base, ...cookie }, cookie.creation ?? 0);
  return store;
}

describe("CookieStore", () => {
  test.each<{ title: string; cookie: Partial<Cookie>; host: string; path: string; want: boolean }>([
    { title: "a host-only cookie goes to its host", cookie: {}, host: "www.shop.example", path: "/x", want: true },
    { title: "and not to a subdomain", cookie: {}, host: "a.www.shop.example", path: "/", want: false },
    {
      title: "a domain cookie goes to its domain",
      cookie: { domain: "shop.example", hostOnly: false },
      host: "shop.example",
      path: "/",
      want: true,
    },
    {
      title: "and to subdomains",
      cookie: { domain: "shop.example", hostOnly: false },
      host: "a.shop.example",
      path: "/",
      want: true,
    },
    {
      title: "and not to a name that only ends like it",
      cookie: { domain: "shop.example", hostOnly: false },
      host: "myshop.example",
      path: "/",
      want: false,
    },
    {
      title: "a path covers what is below",
      cookie: { path: "/books" },
      host: "www.shop.example",
      path: "/books/Dune",
      want: true,
    },
    {
      title: "and not a name that only begins like it",
      cookie: { path: "/books" },
      host: "www.shop.example",
      path: "/bookshelf",
      want: false,
    },
    {
      title: "paths are compared as they stand in the URL",
      cookie: { path: "/a%20b" },
      host: "www.shop.example",
      path: "/a%20b/c",
      want: true,
    },
  ])("$title", ({ cookie, host, path, want }) => {
    expect(stored(cookie).matching(host, path, 0)).toHaveLength(want ? 1 : 0);
  });

  test("a cookie that replaces another keeps its place and its creation time", () => {
    const store = stored(
      { name: "a", creation: 1 },
      { name: "b", creation: 2 },
      { name: "a", value: "2", creation: 3 },
    );
    expect(store.all(3).map(({ name, value, creation }) => [name, value, creation])).toEqual([
      ["a", "2", 1],
      ["b", "1", 2],
    ]);
    expect(store.size).toBe(2);
  });

  test.each<{ title: string; other: Partial<Cookie> }>([
    { title: "path", other: { path: "/x" } },
    { title: "partition", other: { partition: "https://news.example" } },
    { title: "host-only flag", other: { hostOnly: false } },
    { title: "domain", other: { domain: "shop.example", hostOnly: false } },
  ])("two cookies that differ in their $title live side by side", ({ other }) => {
    expect(stored({}, other).size).toBe(2);
  });

  test("an expired cookie is gone, and storing one removes the one that it replaces", () => {
    const store = stored({ expires: 10 }, { name: "b" });
    expect(store.all(9)).toHaveLength(2);
    expect(store.all(10).map(({ name }) => name)).toEqual(["b"]);
    store.put({ ...base, name: "b", expires: 5 }, 10);
    expect(store.size).toBe(0);
  });

  test("a site with more than 180 cookies loses the least recently used, Secure ones last", () => {
    const store = new CookieStore();
    for (let i = 0; i <= 180; i++) {
      store.put({ ...base, name: `c${i}`, secure: i < 10, creation: i, lastAccess: i }, i);
    }
    const names = store.all(181).map(({ name }) => name);
    expect(names).toHaveLength(150);
    expect(names.slice(0, 11)).toEqual(["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c41"]);
    expect(names.at(-1)).toBe("c180");
  });

  test("the whole jar is bounded too", () => {
    const store = new CookieStore();
    for (let i = 0; i <= 3000; i++) store.put({ ...base, domain: `site${i}.example`, creation: i, lastAccess: i }, i);
    expect(store.size).toBe(2700);
    expect(store.matching("site0.example", "/", 3001)).toEqual([]);
    expect(store.matching("site3000.example", "/", 3001)).toHaveLength(1);
  });
});
