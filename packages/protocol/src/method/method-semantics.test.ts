import { describe, expect, test } from "vitest";
import { isMethod } from "./method.ts";
import {
  isCacheableMethod,
  isIdempotentMethod,
  isSafeMethod,
  methodRegistry,
  methodSemantics,
} from "./method-semantics.ts";

const methods = [...methodRegistry.keys()];

describe("the HTTP Method Registry", () => {
  test("has 41 entries, all of them tokens", () => {
    expect(methods).toHaveLength(41);
    expect(methods.filter((method) => !isMethod(method))).toEqual([]);
  });

  test("safe methods", () => {
    expect(methods.filter(isSafeMethod)).toEqual("GET HEAD OPTIONS PRI PROPFIND QUERY REPORT SEARCH TRACE".split(" "));
  });

  test("methods that are not idempotent", () => {
    expect(methods.filter((method) => !isIdempotentMethod(method))).toEqual(["CONNECT", "LOCK", "PATCH", "POST", "*"]);
  });

  test("cacheable methods", () => expect(methods.filter(isCacheableMethod)).toEqual(["GET", "HEAD", "POST", "QUERY"]));

  test("every safe method is idempotent", () => {
    expect(methods.filter((method) => isSafeMethod(method) && !isIdempotentMethod(method))).toEqual([]);
  });

  test("every entry names its specification", () => {
    for (const { reference } of methodRegistry.values()) expect(reference).toMatch(/^RFC \d{4,5}, \d+(\.\d+)*$/);
  });
});

test("methods are case-sensitive, and of an unknown one nothing is promised", () => {
  for (const method of ["get", "Put", "BREW", "", "toString"]) {
    expect(methodSemantics(method)).toBeNull();
    expect([isSafeMethod(method), isIdempotentMethod(method), isCacheableMethod(method)]).toEqual([
      false,
      false,
      false,
    ]);
  }
});

test("DELETE may be repeated but changes state", () => {
  expect(methodSemantics("DELETE")).toEqual({
    safe: false,
    idempotent: true,
    cacheable: false,
    reference: "RFC 9110, 9.3.5",
  });
});
