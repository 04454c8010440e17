import { describe, expect, test } from "vitest";
import { createCrossOriginProtection, parseCrossOriginProtection } from "./cross-origin-protection.ts";
import { CrossOriginProtectionError } from "./protection-error.ts";

function issuesOf(options: unknown): unknown[] {
  const parsed = parseCrossOriginProtection(options);
  return parsed.ok ? [] : parsed.issues.map(({ code, path, suggestion }) => [code, path.join("."), suggestion]);
}

describe("trusted origins are exact", () => {
  test.each([
    ["null", "origin-null", null],
    ["*", "origin-pattern", null],
    ["https://*.example.com", "origin-pattern", null],
    ["https://example.com:*", "origin-pattern", null],
    ["https://app-*.example.com", "origin-wildcard-misplaced", null],
    ["https://example.com/", "origin-not-serialized", "https://example.com"],
    ["https://example.com/path", "origin-not-serialized", "https://example.com"],
    ["https://user@example.com", "origin-not-serialized", "https://example.com"],
    ["https://EXAMPLE.com", "origin-not-serialized", "https://example.com"],
    ["https://example.com:443", "origin-not-serialized", "https://example.com"],
    ["http://example.com:80", "origin-not-serialized", "http://example.com"],
    ["https://b\u00fccher.example", "origin-not-serialized", "https://xn--bcher-kva.example"],
    ["http://0x7f.1", "origin-not-serialized", "http://127.0.0.1"],
    ["example.com", "origin-scheme-missing", "https://example.com"],
    ["//example.com", "origin-scheme-missing", "https://example.com"],
    ["localhost:3000", "origin-scheme-missing", "http://localhost:3000"],
    ["wss://example.com", "origin-scheme-unsupported", "https://example.com"],
    ["file:///x", "origin-scheme-unsupported", null],
    ["", "origin-scheme-missing", null],
    [`https://${"a".repeat(400)}.example`, "origin-too-long", null],
  ])("%j: %s, %j", (origin, code, suggestion) => {
    expect(issuesOf({ trustedOrigins: [origin] })).toEqual([[code, "trustedOrigins.0", suggestion]]);
    expect(issuesOf({ publicOrigins: [origin] })).toEqual([[code, "publicOrigins.0", suggestion]]);
  });

  test.each(["https://example.com", "http://localhost:3000", "http://[::1]:8080", "https://xn--bcher-kva.example"])(
    "%s is one",
    (origin) => expect(issuesOf({ trustedOrigins: [origin], publicOrigins: [origin] })).toEqual([]),
  );

  test("an extension can be trusted but is no application on the web", () => {
    const extension = "chrome-extension://abcdef";
    expect(issuesOf({ trustedOrigins: [extension] })).toEqual([]);
    expect(issuesOf({ publicOrigins: [extension] })).toEqual([["origin-scheme-unsupported", "publicOrigins.0", null]]);
  });
});

describe("paths are raw and mean one thing", () => {
  test.each([
    ["hooks", "path-not-absolute", "/hooks"],
    ["https://app.example/hooks", "path-not-absolute", "/hooks"],
    ["/hooks?x=1", "path-not-a-path", "/hooks"],
    ["/hooks#x", "path-not-a-path", "/hooks"],
    ["/hooks*", "path-wildcard-misplaced", "/hooks/*"],
    ["/hooks/**", "path-wildcard-misplaced", "/hooks/*"],
    ["/*/pay", "path-wildcard-misplaced", null],
    ["/a/../b", "path-ambiguous", "/b"],
    ["/a/%2e%2e/b", "path-ambiguous", "/b"],
    ["/a%2Fb", "path-ambiguous", null],
    ["/a\\b", "path-ambiguous", "/a/b"],
    ["/a//b", "path-ambiguous", null],
    ["/\u00e9", "path-ambiguous", "/%C3%A9"],
    ["/a b", "path-ambiguous", "/a%20b"],
    ["", "path-not-absolute", "/"],
  ])("%j: %s, %j", (pattern, code, suggestion) => {
    expect(issuesOf({ bypass: [pattern] })).toEqual([[code, "bypass.0", suggestion]]);
    expect(issuesOf({ alsoProtect: [pattern] })).toEqual([[code, "alsoProtect.0", suggestion]]);
  });

  test.each(["/", "/*", "/a/*", "/a.b/c", "/%C3%A9", "/a/...", "/.well-known/x"])("%s is one", (pattern) =>
    expect(issuesOf({ bypass: [pattern], alsoProtect: [pattern] })).toEqual([]),
  );
});

describe("options", () => {
  test.each<[string, unknown, unknown[]]>([
    ["a misspelt one is told its name", { trustedOrigin: [] }, ["option-unknown", "trustedOrigin", "trustedOrigins"]],
    ["so is one with a letter wrong", { byPas: [] }, ["option-unknown", "byPas", "bypass"]],
    ["and one of another library", { ignorePaths: [] }, ["option-unknown", "ignorePaths", "bypass"]],
    ["one that is nothing like any", { banana: 1 }, ["option-unknown", "banana", null]],
    ["a string for a list", { bypass: "/x" }, ["option-wrong-type", "bypass", '["/x"]']],
    ["a RegExp in a list", { trustedOrigins: [/x/] }, ["option-wrong-type", "trustedOrigins.0", null]],
    ["a Set for a list", { trustedOrigins: new Set() }, ["option-wrong-type", "trustedOrigins", null]],
    ["a string for a boolean", { strict: "true" }, ["option-wrong-type", "strict", "true"]],
    ["null for a boolean", { strict: null }, ["option-wrong-type", "strict", null]],
    ["a policy's options for a policy", { policy: { origins: [] } }, ["option-wrong-type", "policy", null]],
    ["no function to log", { log: console }, ["option-wrong-type", "log", null]],
    ["nothing public", { publicOrigins: [] }, ["public-origins-empty", "publicOrigins", null]],
    ["no object", "https://app.example", ["options-not-an-object", "", null]],
    ["a list", [], ["options-not-an-object", "", null]],
    ["null", null, ["options-not-an-object", "", null]],
  ])("%s", (_, options, issue) => expect(issuesOf(options)).toEqual([issue]));

  test("undefined is as good as absent", () => expect(issuesOf({ strict: undefined, bypass: undefined })).toEqual([]));

  test("all issues come at once, with what is there and a sentence", () => {
    const options = { trustedOrigins: ["https://a.example", "https://B.example"], stric: true };
    const error = thrown(() => createCrossOriginProtection(options as object));
    expect(error).toBeInstanceOf(CrossOriginProtectionError);
    expect((error as CrossOriginProtectionError).issues).toEqual([
      {
        code: "origin-not-serialized",
        path: ["trustedOrigins", 1],
        value: "https://B.example",
        message:
          'trustedOrigins[1], "https://B.example", is not written as browsers write an origin; write "https://b.example".',
        suggestion: "https://b.example",
      },
      {
        code: "option-unknown",
        path: ["stric"],
        value: true,
        message: "There is no option stric; strict may be meant.",
        suggestion: "strict",
      },
    ]);
    expect(String(error)).toBe(
      'CrossOriginProtectionError: The cross-origin protection has 2 issues:\n- trustedOrigins[1], "https://B.example", is not written as browsers write an origin; write "https://b.example". (origin-not-serialized)\n- There is no option stric; strict may be meant. (option-unknown)',
    );
  });
});

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
