import { describe, expect, test } from "vitest";
import { defineResource } from "./define-resource.ts";
import type { ResourceOptions } from "./resource-options.ts";

const handler = () => {};
const validators = () => null;

test.each<[Record<string, unknown>, ResourceOptions<never>, string]>([
  [{}, {}, "It has no handler: write resource({ GET: read })."],
  [{ get: handler }, {}, "Methods are case-sensitive: write GET for get."],
  [{ GET: "hello" }, {}, "The handler of GET is string, not a function."],
  [{ "GE T": handler }, {}, '"GE T" cannot be a method.'],
  [{ TRACE: handler }, {}, "TRACE is no method that a resource can answer."],
  [{ GET: handler }, { validator: validators } as never, "validator is no option: write validators."],
  [{ PUT: handler }, { requireConditional: true }, "requireConditional needs validators"],
  [
    { GET: handler },
    { validators, requireConditional: ["GET"] },
    "requireConditional has GET, which is no unsafe method",
  ],
  [{ GET: handler }, { validators, requireConditional: ["PUT"] }, "requireConditional has PUT"],
  [{ GET: handler }, { acceptPatch: ["application/json"] }, "acceptPatch is given, but no handler for PATCH."],
  [{ QUERY: handler }, { acceptQuery: ["json"] }, '"json" is no media type.'],
])("%j with %j is refused", (handlers, options, message) => {
  expect(() => defineResource(handlers as never, options)).toThrow(message);
});

test("all issues are told at once", () => {
  expect(() => defineResource({ get: handler, put: handler } as never)).toThrow("2 issues");
});

describe("Allow", () => {
  test.each([
    [["GET"], "GET, HEAD, OPTIONS"],
    [["POST"], "POST, OPTIONS"],
    [["HEAD", "GET", "OPTIONS"], "HEAD, GET, OPTIONS"],
    [["GET", "PUT", "PURGE"], "GET, HEAD, PUT, PURGE, OPTIONS"],
  ])("of %j", (methods, want) => {
    expect(defineResource(Object.fromEntries(methods.map((method) => [method, handler]))).allow).toBe(want);
  });
});
