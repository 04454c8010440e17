import { describe, expect, test } from "vitest";
import type { HostPattern, PathPattern } from "../configuration/gateway-configuration.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { createRouteTable } from "./route-table.ts";

const path = (text: string): PathPattern => {
  const below = text.endsWith("/*");
  return { text, base: below ? text.slice(0, -2) : text, below };
};
const host = (text: string): HostPattern =>
  text.startsWith("*.") ? { name: text.slice(2), below: true } : { name: text, below: false };

const routes = [
  { name: "rest", path: path("/*"), host: null, methods: null },
  { name: "books", path: path("/books/*"), host: null, methods: null },
  { name: "catalogue", path: path("/books/catalogue"), host: null, methods: null },
  { name: "readers", path: path("/readers/*"), host: null, methods: ["GET", "PUT"] },
  { name: "new readers", path: path("/readers/*"), host: null, methods: ["POST"] },
  { name: "any tenant", path: path("/*"), host: host("*.shop.test"), methods: null },
  { name: "own tenant", path: path("/*"), host: host("own.shop.test"), methods: null },
];
const table = createRouteTable(routes);

function request(method: string, target: string, authority: string, headers = {}): GatewayRequest {
  return { method, target, authority, headers, scheme: "http", httpVersion: "1.1", body: null, clientAddress: null };
}

describe("the most specific route wins", () => {
  test.each([
    { target: "/", want: "rest" },
    { target: "/books", want: "books" },
    { target: "/books?page=2", want: "books" },
    { target: "/books/Dune", want: "books" },
    { target: "/bookshelf", want: "rest" },
    { target: "/books/catalogue", want: "catalogue" },
    { target: "/books/catalogue/2", want: "books" },
    { target: "/books/Dune", authority: "a.shop.test:8080", want: "any tenant" },
    { target: "/books/Dune", authority: "OWN.shop.test", want: "own tenant" },
    { target: "/", authority: "shop.test", want: "rest" },
    { target: "/", authority: "evilshop.test", want: "rest" },
    { target: "/", authority: "[::1]:8080", want: "rest" },
    { target: "/readers/1", want: "readers" },
    { target: "/readers/1", method: "HEAD", want: "readers" },
    { target: "/readers", method: "POST", want: "new readers" },
    {
      title: "a preflight goes where its request goes",
      target: "/readers",
      method: "OPTIONS",
      headers: { origin: "https://a.test", "access-control-request-method": "POST" },
      want: "new readers",
    },
  ])("$method $authority$target: $want", ({ target, want, ...row }) => {
    const { method = "GET", authority = "localhost:8080", headers = {} } = row as Partial<GatewayRequest>;
    expect(table(request(method, target, authority, headers)).route?.name).toBe(want);
  });
});

test("a path without a route for the method tells the methods it has", () => {
  const readers = createRouteTable(routes.slice(3, 5));
  const others = [expect.objectContaining({ name: "readers" }), expect.objectContaining({ name: "new readers" })];
  const allow = ["GET", "PUT", "POST"];
  expect(readers(request("DELETE", "/readers/1", "localhost"))).toEqual({ route: null, others, allow });
  expect(readers(request("GET", "/elsewhere", "localhost"))).toEqual({ route: null, others: [], allow: [] });
});
