import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseGatewayOptions } from "../configuration/parse-gateway-options.ts";
import { parseOpenTarget } from "./open-target.ts";

const parsing = parseGatewayOptions({
  open: { allow: ["https://api.example", "https://*.weather.example", "http://plain.example:8080"] },
  policy: null,
});
const allow = parsing.ok ? (parsing.configuration.open?.allow ?? []) : [];

const forwarded: readonly [target: string, url: string][] = [
  ["/https://api.example/books?page=2", "https://api.example/books?page=2"],
  ["/https://api.example", "https://api.example/"],
  ["/https://api.example?page=2", "https://api.example/?page=2"],
  ["/https:/api.example/books", "https://api.example/books"],
  ["/HTTPS://API.example/Books", "https://api.example/Books"],
  ["/https%3A%2F%2Fapi.example%2Fbooks%3Fpage%3D2", "https://api.example/books?page=2"],
  ["/https%3a%2fapi.example%2fbooks", "https://api.example/books"],
  ["/https%3A%2F%2Fapi.example%2Fbooks?page=2", "https://api.example/books?page=2"],
  ["/https://api.example:443/books", "https://api.example/books"],
  ["/https://eu.weather.example/today", "https://eu.weather.example/today"],
  ["/https://a.b.weather.example/", "https://a.b.weather.example/"],
  ["/http://plain.example:8080/", "http://plain.example:8080/"],
  // Dot segments end at the origin, which is what the list names.
  ["/https://api.example/a/../../../b", "https://api.example/b"],
  ["/https://api.example/a%2Fb?next=https://evil.example", "https://api.example/a%2Fb?next=https://evil.example"],
  ["/https://api.example/#fragment", "https://api.example/"],
  ["/https://api.example\\books", "https://api.example/books"],
  ["/https://api%2Eexample/", "https://api.example/"],
  ["/https://ａｐｉ.example/", "https://api.example/"],
];

const refused: readonly [target: string, code: string][] = [
  ["/", "route-not-found"],
  ["/books", "route-not-found"],
  ["/api.example/books", "route-not-found"],
  ["//api.example/books", "route-not-found"],
  ["/https:", "route-not-found"],
  ["/https://", "route-not-found"],
  ["/https:///api.example", "route-not-found"],
  ["/https:api.example", "route-not-found"],
  ["/https:\\\\api.example", "route-not-found"],
  ["/ftp://api.example/", "route-not-found"],
  ["/file:///etc/passwd", "route-not-found"],
  ["/javascript:alert(1)", "route-not-found"],
  ["/wss://api.example/", "route-not-found"],
  ["/https%3A%2F%2Fapi.example%2F%zz", "route-not-found"],
  ["/https%253A%252F%252Fapi.example", "route-not-found"],
  ["*", "route-not-found"],
  ["/https://user@api.example/", "request-invalid"],
  ["/https://api.example@api.example/", "request-invalid"],
  ["/https://:secret@api.example/", "request-invalid"],
  ["/https%3A%2F%2Fuser%40api.example%2F", "request-invalid"],
  ["/http://api.example/", "upstream-not-allowed"],
  ["/https://api.example:8443/", "upstream-not-allowed"],
  ["/https://api.example./", "upstream-not-allowed"],
  ["/https://weather.example/", "upstream-not-allowed"],
  ["/https://evilweather.example/", "upstream-not-allowed"],
  ["/https://weather.example.evil/", "upstream-not-allowed"],
  ["/https://api.example.evil.example/", "upstream-not-allowed"],
  ["/https://evil.example/https://api.example/", "upstream-not-allowed"],
  ["/https://evil.example#@api.example/", "upstream-not-allowed"],
  ["/https://evil.example\\@api.example/", "upstream-not-allowed"],
  ["/https://evil.example?@api.example/", "upstream-not-allowed"],
  ["/https://evil.example%23@api.example/", "request-invalid"],
  ["/https%3A%2F%2Fevil.example%5C%40api.example", "upstream-not-allowed"],
  ["/http://127.0.0.1/", "upstream-not-allowed"],
  ["/http://169.254.169.254/latest/meta-data/", "upstream-not-allowed"],
  ["/http://[::1]:8080/", "upstream-not-allowed"],
  ["/http://2130706433/", "upstream-not-allowed"],
  ["/http://localhost:8080/", "upstream-not-allowed"],
];

test.each(forwarded)("%s is forwarded", (target, url) => {
  expect(String(parseOpenTarget(target, allow))).toBe(url);
});

test.each(refused)("%s is refused", (target, code) => {
  expect(parseOpenTarget(target, allow)).toMatchObject({ name: "GatewayError", code });
});

describe("any text", () => {
  const pieces = fc.constantFrom(
    ..."/https:// /https:/ https http : / // \\ @ # ? %2f %3a %40 %5c %23 . .. api.example weather.example evil.example 127.0.0.1".split(
      " ",
    ),
  );
  test("is refused or a URL of an allowed origin", () => {
    // An empty label between two dots is none that DNS knows, and below the name all the same.
    const origins = /^(https:\/\/(api\.example|[^/:@]+\.weather\.example)|http:\/\/plain\.example:8080)$/;
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((parts) => `/https://api.example${parts.join("")}`),
      fc.array(pieces, { maxLength: 12 }).map((parts) => `/${parts.join("")}`),
      fc.string().map((rest) => `/https://${rest}`),
    );
    fc.assert(
      fc.property(text, (target) => {
        const result = parseOpenTarget(target, allow);
        if (result instanceof URL) {
          expect(result.origin).toMatch(origins);
          expect(result.username + result.password + result.hash).toBe("");
        }
      }),
      { numRuns: 300 },
    );
  });
});
