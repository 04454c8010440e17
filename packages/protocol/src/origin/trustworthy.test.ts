import { describe, expect, test } from "vitest";
import { createOpaqueOrigin, originOf } from "./origin.ts";
import { isLoopbackHost, isPotentiallyTrustworthyOrigin, isPotentiallyTrustworthyUrl } from "./trustworthy.ts";

test.each([
  ["localhost", true],
  ["localhost.", true],
  ["shop.localhost", true],
  ["api.shop.localhost.", true],
  ["127.0.0.1", true],
  ["127.255.0.3", true],
  ["[::1]", true],
  ["128.0.0.1", false],
  ["10.0.0.1", false],
  ["[::ffff:7f00:1]", false],
  ["[::2]", false],
  ["notlocalhost", false],
  ["localhost.example", false],
  ["127.0.0.1.example", false],
  ["", false],
])("loopback: %j %s", (host, want) => expect(isLoopbackHost(host)).toBe(want));

describe("isPotentiallyTrustworthyUrl", () => {
  test.each([
    ["https://a.example/", true, true],
    ["wss://a.example/", true, true],
    ["http://a.example/", false, false],
    ["ws://a.example/", false, false],
    ["http://localhost:3000/", true, false],
    ["http://shop.localhost/", true, false],
    ["http://127.0.0.1/", true, false],
    ["http://[::1]:1/", true, false],
    ["https://localhost/", true, true],
    ["http://192.168.0.1/", false, false],
    ["data:,x", true, true],
    ["about:blank", true, true],
    ["about:srcdoc", true, true],
    ["about:config", false, false],
    ["file:///a", true, true],
    ["blob:https://a.example/x", true, true],
    ["blob:http://a.example/x", false, false],
    ["blob:http://localhost/x", true, false],
    ["javascript:1", false, false],
    ["ftp://a.example/", false, false],
  ])("%s: %s, with loopback not trusted %s", (url, want, withoutLoopback) => {
    expect(isPotentiallyTrustworthyUrl(new URL(url))).toBe(want);
    expect(isPotentiallyTrustworthyUrl(new URL(url), false)).toBe(withoutLoopback);
  });
});

test("an opaque origin is not trustworthy, wherever it comes from", () => {
  expect(isPotentiallyTrustworthyOrigin(createOpaqueOrigin())).toBe(false);
  expect(isPotentiallyTrustworthyOrigin(originOf(new URL("data:,x")))).toBe(false);
  expect(isPotentiallyTrustworthyOrigin(originOf(new URL("https://a.example")))).toBe(true);
});
