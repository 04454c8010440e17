import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCorsSafelistedMethod, isForbiddenMethod, isMethod, normalizeMethod } from "./method.ts";

describe("normalizeMethod", () => {
  test.each([
    ["delete", "DELETE"],
    ["get", "GET"],
    ["Head", "HEAD"],
    ["oPTIONS", "OPTIONS"],
    ["pOsT", "POST"],
    ["put", "PUT"],
    ["GET", "GET"],
    ["patch", "patch"],
    ["PATCH", "PATCH"],
    ["query", "query"],
    ["trace", "trace"],
    ["get ", "get "],
    ["po\u017ft", "po\u017ft"],
  ])("%s becomes %s", (method, want) => expect(normalizeMethod(method)).toBe(want));

  test("is idempotent and changes nothing but case", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."getpuosGETPUOS") }), (method) => {
        const normalized = normalizeMethod(method);
        return normalizeMethod(normalized) === normalized && normalized.toLowerCase() === method.toLowerCase();
      }),
    );
  });
});

test.each([
  ["CONNECT", true],
  ["trace", true],
  ["Track", true],
  ["TRACER", false],
  ["GET", false],
  ["", false],
])("forbidden: %j %s", (method, want) => expect(isForbiddenMethod(method)).toBe(want));

test.each([
  ["GET", true],
  ["HEAD", true],
  ["POST", true],
  ["get", false],
  ["PUT", false],
  ["OPTIONS", false],
])("CORS-safelisted: %s %s", (method, want) => expect(isCorsSafelistedMethod(method)).toBe(want));

test.each([
  ["GET", true],
  ["*", true],
  ["M-SEARCH", true],
  ["", false],
  ["GET PUT", false],
  ["G(T", false],
  ["G\u00c9T", false],
])("a method is a token: %j %s", (method, want) => expect(isMethod(method)).toBe(want));
