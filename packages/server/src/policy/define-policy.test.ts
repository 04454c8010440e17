import { describe, expect, test } from "vitest";
import { invalidRows, validRows } from "../../test/policy-rows.ts";
import { definePolicy, PolicyError, type PolicyIssueCode, type PolicyOptions, parsePolicy } from "../index.ts";

function issuesOf(json: unknown) {
  const parsing = parsePolicy(json);
  if (parsing.ok) return [];
  return parsing.issues.map(({ code, path, suggestion }) => ({ code, path, suggestion }));
}

describe("a policy is made of", () => {
  test.each(validRows)("$title", ({ json, minimal }) => {
    expect(issuesOf(json)).toEqual([]);
    const policy = definePolicy(json as PolicyOptions);
    expect(policy.toJSON()).toEqual(minimal);
  });

  test.each(validRows)("its own JSON again: $title", ({ json, minimal }) => {
    const text = JSON.stringify(definePolicy(json as PolicyOptions));
    const parsing = parsePolicy(JSON.parse(text));
    expect(parsing.ok && parsing.policy.toJSON()).toEqual(minimal);
  });
});

describe("a policy is refused for", () => {
  test.each(invalidRows)("$title", ({ json, issues }) => {
    expect(issuesOf(json)).toEqual(issues.map((issue) => ({ suggestion: null, ...issue })));
  });

  test.each(invalidRows)("the suggestion, once followed, is fine: $title", ({ issues }) => {
    for (const { code, suggestion } of issues) {
      if (!code.startsWith("origin-") || typeof suggestion !== "string") continue;
      expect(issuesOf({ origins: [suggestion] })).toEqual([]);
    }
  });
});

test("an issue has the value, where it is, and a sentence with the suggestion", () => {
  const parsing = parsePolicy({ origins: ["https://app.example", "https://Example.com/"] });
  expect(parsing.ok ? [] : parsing.issues).toEqual([
    {
      code: "origin-not-serialized",
      path: ["origins", 1],
      value: "https://Example.com/",
      message: '"https://Example.com/" is not written as browsers write an origin; write "https://example.com"',
      suggestion: "https://example.com",
    },
  ]);
});

test("an error says all that is wrong, one line each", () => {
  const options = { origins: ["https://Example.com/"], dangerously: { nullorigin: true } } as unknown as PolicyOptions;
  let thrown: unknown;
  try {
    definePolicy(options);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(PolicyError);
  expect((thrown as PolicyError).name).toBe("PolicyError");
  expect((thrown as PolicyError).issues.map(({ code }) => code)).toEqual(["option-unknown", "origin-not-serialized"]);
  expect((thrown as PolicyError).message).toBe(
    [
      "The policy has 2 issues:",
      '- dangerously.nullorigin: is no option; write "nullOrigin" (option-unknown)',
      '- origins[0]: "https://Example.com/" is not written as browsers write an origin; write "https://example.com" (origin-not-serialized)',
    ].join("\n"),
  );
});

test.each([
  { title: "a Set", origins: new Set(["https://app.example"]), kind: "Set" },
  { title: "a RegExp", origins: /example/, kind: "RegExp" },
  { title: "an object", origins: { 0: "https://app.example" }, kind: "Object" },
])("$title of origins is refused and does not become everybody", ({ origins, kind }) => {
  const parsing = parsePolicy({ origins });
  expect(parsing.ok ? [] : parsing.issues.map(({ message }) => message)).toEqual([
    `has to be "*" or a list of strings, not an object (${kind})`,
  ]);
});

test("what is undefined is absent", () => {
  expect(issuesOf({ origins: undefined })).toEqual([{ code: "option-missing", path: ["origins"], suggestion: null }]);
  expect(issuesOf({ origins: ["https://app.example"], credentials: undefined, resolver: undefined })).toEqual([]);
});

test("what somebody puts on Object.prototype is no option", () => {
  Object.defineProperty(Object.prototype, "credentials", { value: true, configurable: true });
  try {
    expect(definePolicy({ origins: ["https://app.example"] }).toJSON()).toEqual({ origins: ["https://app.example"] });
  } finally {
    Reflect.deleteProperty(Object.prototype, "credentials");
  }
});

test("options are frozen, deeply", () => {
  const { options } = definePolicy({
    origins: ["https://app.example"],
    methods: ["PUT"],
    dangerously: { nullOrigin: true },
  });
  expect([options, options.origins, options.methods, options.dangerously].every(Object.isFrozen)).toBe(true);
});

describe("a resolver", () => {
  const origins = () => true;

  test("makes a policy which has no JSON", () => {
    const policy = definePolicy({ origins, resolver: { timeout: 100 } });
    expect(policy.options).toEqual({ origins, resolver: { timeout: 100 } });
    expect(() => policy.toJSON()).toThrow(TypeError);
  });

  const rows: {
    title: string;
    json: object;
    code: PolicyIssueCode;
    path: string[];
    suggestion: number | string | null;
  }[] = [
    {
      title: "timeout 0",
      json: { timeout: 0 },
      code: "resolver-option-out-of-range",
      path: ["resolver", "timeout"],
      suggestion: 1,
    },
    {
      title: "timeout without end",
      json: { timeout: Number.POSITIVE_INFINITY },
      code: "resolver-option-out-of-range",
      path: ["resolver", "timeout"],
      suggestion: null,
    },
    {
      title: "cacheSeconds -1",
      json: { cacheSeconds: -1 },
      code: "resolver-option-out-of-range",
      path: ["resolver", "cacheSeconds"],
      suggestion: 0,
    },
    {
      title: "cacheSize 0",
      json: { cacheSize: 0 },
      code: "resolver-option-out-of-range",
      path: ["resolver", "cacheSize"],
      suggestion: 1,
    },
    {
      title: "a misspelt option",
      json: { timeOut: 5 },
      code: "option-unknown",
      path: ["resolver", "timeOut"],
      suggestion: "timeout",
    },
  ];
  test.each(rows)("is refused $title", ({ json, code, path, suggestion }) => {
    let error: unknown;
    try {
      definePolicy({ origins, resolver: json });
    } catch (thrown) {
      error = thrown;
    }
    expect((error as PolicyError).issues.map((issue) => [issue.code, issue.path, issue.suggestion])).toEqual([
      [code, path, suggestion],
    ]);
  });

  test("is no JSON", () => {
    expect(issuesOf({ origins })).toEqual([{ code: "resolver-not-json", path: ["origins"], suggestion: null }]);
  });
});
