import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Header } from "../header/header-list.ts";
import { isCorsSafelistedMethod } from "../method/method.ts";
import type { Profile } from "../profile/profile.ts";
import { profiles } from "../profile/profiles.ts";
import { standard } from "../profile/standard.ts";
import {
  corsPreflightGrant,
  corsPreflightHeaders,
  corsPreflightProblems,
  defaultMaxAge,
  type PreflightedRequest,
} from "./cors-preflight.ts";

const page = "https://app.example";
const stage = "preflight";

function request(init: Partial<PreflightedRequest> = {}): PreflightedRequest {
  return {
    ...{ serializedOrigin: page, credentialsMode: "same-origin", method: "GET", headers: [], useCorsPreflight: false },
    ...init,
  };
}

describe("corsPreflightHeaders", () => {
  const accept: Header = ["Accept", "*/*"];
  test.each<[title: string, init: Partial<PreflightedRequest>, want: Header[]]>([
    ["the method", { method: "PUT" }, [accept, ["Access-Control-Request-Method", "PUT"]]],
    ["a CORS-safelisted method too", { method: "GET" }, [accept, ["Access-Control-Request-Method", "GET"]]],
    ["the method as it is", { method: "patch" }, [accept, ["Access-Control-Request-Method", "patch"]]],
    [
      "CORS-safelisted headers are not announced",
      { headers: [["Accept-Language", "de"]] },
      [accept, ["Access-Control-Request-Method", "GET"]],
    ],
    [
      "names in lower case, sorted, once, with commas alone between them",
      {
        headers: [
          ["X-B", "2"],
          ["Authorization", "Basic eA=="],
          ["X-A", "1"],
          ["x-b", "3"],
        ],
      },
      [accept, ["Access-Control-Request-Method", "GET"], ["Access-Control-Request-Headers", "authorization,x-a,x-b"]],
    ],
  ])("%s", (_, init, want) => expect(corsPreflightHeaders(request(init))).toEqual(want));

  test("names repeat where a profile says so", () => {
    const headers: Header[] = [
      ["X-A", "1"],
      ["x-a", "2"],
    ];
    const rules = { ...standard.requestHeaders, repeatsUnsafeNames: true };
    expect(corsPreflightHeaders(request({ headers }), rules)).toContainEqual([
      "Access-Control-Request-Headers",
      "x-a,x-a",
    ]);
  });
});

interface Row extends Partial<PreflightedRequest> {
  readonly title: string;
  readonly status?: number;
  /** In addition to an `Access-Control-Allow-Origin` (and `-Credentials`) that fits. */
  readonly response?: readonly Header[];
  readonly profile?: Profile;
  readonly problems: readonly object[];
}

const methods = (value: string): Header => ["Access-Control-Allow-Methods", value];
const names = (value: string): Header => ["Access-Control-Allow-Headers", value];
const notAllowed = (method: string, ...allowed: string[]) => ({ code: "method-not-allowed", stage, method, allowed });
const headersMissing = (missing: string[], ...allowed: string[]) => ({
  ...{ code: "header-not-allowed", stage },
  ...{ names: missing, allowed },
});
const json: Header = ["Content-Type", "application/json"];
const authorization: Header = ["authorization", "Basic eA=="];

const rows: Row[] = [
  { title: "nothing to allow", problems: [] },
  ...[200, 204, 226, 299].map((status) => ({ title: `status ${status}`, status, problems: [] })),
  ...[100, 199, 300, 304, 309, 400, 401, 407, 421, 500, 599].map((status) => ({
    ...{ title: `status ${status} is not ok`, status },
    problems: [{ code: "preflight-status-not-ok", stage, status }],
  })),
  ...[301, 302, 303, 307, 308].map((status) => ({
    ...{ title: `status ${status} is a redirect`, status, response: [["Location", "/b"]] satisfies Header[] },
    problems: [{ code: "preflight-redirected", stage, status, location: "/b" }],
  })),
  {
    title: "a redirect without Location",
    status: 302,
    problems: [{ code: "preflight-redirected", stage, status: 302, location: null }],
  },

  { title: "an allowed method", method: "PUT", response: [methods("PUT")], problems: [] },
  { title: "one of several", method: "PUT", response: [methods("GET ,, DELETE"), methods("PUT")], problems: [] },
  { title: "no methods", method: "PUT", problems: [notAllowed("PUT")] },
  { title: "an empty list of methods", method: "PUT", response: [methods("")], problems: [notAllowed("PUT")] },
  {
    title: "other methods",
    method: "PUT",
    response: [methods("GET, PATCH")],
    problems: [notAllowed("PUT", "GET", "PATCH")],
  },
  { title: "CORS-safelisted methods need not be listed", method: "POST", response: [methods("PUT")], problems: [] },
  {
    title: "OPTIONS has to be listed",
    method: "OPTIONS",
    response: [methods("GET")],
    problems: [notAllowed("OPTIONS", "GET")],
  },
  {
    title: "methods differ in case",
    method: "patch",
    response: [methods("PATCH, PUT")],
    problems: [{ code: "method-case-mismatch", stage, method: "patch", allowed: ["PATCH", "PUT"] }],
  },
  {
    title: "the list is in lower case",
    method: "PUT",
    response: [methods("put")],
    problems: [{ code: "method-case-mismatch", stage, method: "PUT", allowed: ["put"] }],
  },
  { title: "wildcard for methods", method: "PUT", response: [methods("*")], problems: [] },
  { title: "wildcard among methods", method: "PUT", response: [methods("GET, *")], problems: [] },
  { title: "wildcard covers methods in any case", method: "put", response: [methods("PUT, *")], problems: [] },
  {
    title: "with credentials * is no wildcard for methods",
    ...{ method: "PUT", credentialsMode: "include" },
    response: [methods("*")],
    problems: [{ code: "allow-methods-wildcard-with-credentials", stage, method: "PUT" }],
  },
  {
    title: "with credentials the method may stand beside *",
    ...{ method: "PUT", credentialsMode: "include" },
    response: [methods("*, PUT")],
    problems: [],
  },
  {
    title: "a method called * with credentials",
    ...{ method: "*", credentialsMode: "include" },
    response: [methods("*")],
    problems: [],
  },
  {
    title: "methods that are no tokens",
    method: "PUT",
    response: [methods("PUT"), methods("GET; POST")],
    problems: [{ code: "allow-methods-unparsable", stage, actual: "PUT, GET; POST" }],
  },
  {
    title: "methods that are no tokens count even for GET",
    response: [methods("P{UT")],
    problems: [{ code: "allow-methods-unparsable", stage, actual: "P{UT" }],
  },
  {
    title: "with upload listeners no methods means the request's own",
    method: "PUT",
    useCorsPreflight: true,
    problems: [],
  },
  {
    title: "with upload listeners a list of methods counts",
    ...{ method: "PUT", useCorsPreflight: true },
    response: [methods("GET")],
    problems: [notAllowed("PUT", "GET")],
  },

  { title: "an allowed header", headers: [json], response: [names("content-type")], problems: [] },
  { title: "header names are compared without case", headers: [["x-A", ""]], response: [names("X-a")], problems: [] },
  { title: "no header names", headers: [json], problems: [headersMissing(["content-type"])] },
  { title: "CORS-safelisted headers need not be listed", headers: [["Accept", "a/b"]], problems: [] },
  {
    title: "all missing names, sorted",
    headers: [["X-B", ""], json, ["X-A", ""], ["X-C", ""]],
    response: [names("X-C")],
    problems: [headersMissing(["content-type", "x-a", "x-b"], "X-C")],
  },
  { title: "wildcard for headers", headers: [json, ["X-A", ""]], response: [names("*")], problems: [] },
  {
    title: "the wildcard does not cover Authorization",
    headers: [authorization, json],
    response: [names("*")],
    problems: [{ code: "authorization-not-covered-by-wildcard", stage, names: ["authorization"] }],
  },
  {
    title: "Authorization beside the wildcard",
    headers: [authorization],
    response: [names("*, Authorization")],
    problems: [],
  },
  {
    title: "the wildcard covers Authorization where a profile says so",
    headers: [authorization],
    response: [names("*")],
    profile: profiles.chromium,
    problems: [],
  },
  {
    title: "with credentials * is no wildcard for headers",
    ...{ headers: [authorization, json, ["X-A", ""]], credentialsMode: "include" },
    response: [names("*, x-a")],
    problems: [{ code: "allow-headers-wildcard-with-credentials", stage, names: ["authorization", "content-type"] }],
  },
  {
    title: "with credentials a header called * is covered by *",
    ...{ headers: [["*", ""]], credentialsMode: "include" },
    response: [names("*")],
    problems: [],
  },
  {
    title: "header names that are no tokens",
    headers: [json],
    response: [names("content-type, x y")],
    problems: [{ code: "allow-headers-unparsable", stage, actual: "content-type, x y" }],
  },
  {
    title: "everything wrong, in the order of the standard",
    ...{ status: 404, method: "PUT", headers: [json], credentialsMode: "include" },
    response: [["Access-Control-Allow-Origin", "*"], methods("GET"), names("x-a")],
    problems: [
      { code: "allow-origin-multiple", stage, expected: page, actual: `${page}, *`, lines: 2 },
      { code: "preflight-status-not-ok", stage, status: 404 },
      notAllowed("PUT", "GET"),
      headersMissing(["content-type"], "x-a"),
    ],
  },
  {
    title: "lists that do not parse come before what they lack",
    ...{ method: "PUT", headers: [json] },
    response: [methods("GET"), names("[]")],
    problems: [{ code: "allow-headers-unparsable", stage, actual: "[]" }, notAllowed("PUT", "GET")],
  },
];

test.each(rows)("$title", ({ title: _, problems, status = 204, response = [], profile = standard, ...init }) => {
  const headers: Header[] = [
    ["Access-Control-Allow-Origin", page],
    ["Access-Control-Allow-Credentials", "true"],
    ...response,
  ];
  expect(corsPreflightProblems(request(init), { status, headers }, profile)).toEqual(problems);
});

test("the CORS check looks at the request's credentials mode, and its problems come first", () => {
  const response = { status: 500, headers: [["Access-Control-Allow-Origin", "*"]] satisfies Header[] };
  expect(corsPreflightProblems(request({ credentialsMode: "include" }), response)).toEqual([
    { code: "allow-origin-wildcard-with-credentials", stage, expected: page },
    { code: "allow-credentials-not-true", stage, actual: null },
    { code: "preflight-status-not-ok", stage, status: 500 },
  ]);
});

test("with upload listeners browsers want the method to be listed all the same", () => {
  const listening = { method: "PUT", useCorsPreflight: true };
  for (const { name, preflight } of [profiles.chromium, profiles.firefox, profiles.webkit])
    expect(corsPreflightGrant(request(listening), [], preflight).methods, name).toEqual([]);
});

describe("corsPreflightGrant", () => {
  const maxAge = (...values: string[]): Header[] => values.map((value) => ["Access-Control-Max-Age", value]);

  test("methods and header names as they stand there", () => {
    const headers: Header[] = [methods("PUT, *"), methods("x"), names("X-A"), names("*"), ...maxAge("60")];
    const want = { methods: ["PUT", "*", "x"], headerNames: ["X-A", "*"], maxAge: 60 };
    expect(corsPreflightGrant(request({ method: "PUT" }), headers)).toEqual(want);
  });

  test.each<[title: string, init: Partial<PreflightedRequest>, headers: Header[], want: string[]]>([
    ["no methods grant none", { method: "POST" }, [], []],
    ["with upload listeners they grant the request's own", { method: "POST", useCorsPreflight: true }, [], ["POST"]],
    ["with upload listeners a list counts", { method: "POST", useCorsPreflight: true }, [methods("PUT")], ["PUT"]],
  ])("%s", (_, init, headers, want) => expect(corsPreflightGrant(request(init), headers).methods).toEqual(want));

  test.each<[title: string, values: string[], want: Partial<Record<Profile["name"], number | null>>]>([
    ["no max-age is five seconds", [], { standard: 5, chromium: 5, firefox: 5, webkit: 5 }],
    ["a max-age", ["60"], { standard: 60, chromium: 60, firefox: 60, webkit: 60 }],
    ["zero", ["0"], { standard: 0, chromium: 0, firefox: 0, webkit: 0 }],
    ["the limit", ["86400"], { standard: 7200, chromium: 7200, firefox: 86400, webkit: 600 }],
    ["beyond every limit", ["99999999999999999999"], { standard: 7200, chromium: 7200, firefox: 86400, webkit: 600 }],
    ["malformed", ["60s"], { standard: 5, chromium: 5, firefox: null, webkit: 5 }],
    ["two lines", ["60", "60"], { standard: 5, firefox: null }],
    ["negative", ["-1"], { standard: 5, chromium: 0, firefox: null, webkit: 0 }],
    ["with a plus sign", ["+60"], { standard: 5, chromium: 60, firefox: null, webkit: 60 }],
  ])("%s", (_, values, want) => {
    for (const profile of Object.values(profiles)) {
      const expected = want[profile.name];
      if (expected === undefined) continue;
      expect(corsPreflightGrant(request(), maxAge(...values), profile.preflight).maxAge, profile.name).toBe(expected);
    }
  });

  test("five seconds have a name", () => expect(defaultMaxAge).toBe(5));
});

describe("property", () => {
  const item = fc.constantFrom("PUT", "put", "GET", "*", "X-A", "x-a", "Authorization", "content-type", "no token");
  const list = fc.array(item, { maxLength: 3 }).map((items) => items.join(", "));
  const announced = fc.record({
    serializedOrigin: fc.constant(page),
    credentialsMode: fc.constantFrom("include" as const, "omit" as const),
    method: fc.constantFrom("GET", "PUT", "put", "*"),
    headers: fc.uniqueArray(
      fc.constantFrom<Header[]>(["X-A", "1"], ["*", "1"], authorization, json, ["Accept", "a/b"]),
      { maxLength: 3 },
    ),
    useCorsPreflight: fc.boolean(),
  });
  const response: fc.Arbitrary<Header[]> = fc
    .array(fc.oneof(list.map(methods), list.map(names)), { maxLength: 3 })
    .map((headers) => [
      ["Access-Control-Allow-Origin", page],
      ["Access-Control-Allow-Credentials", "true"],
      ...headers,
    ]);

  /** The standard's steps 7.3 to 7.7, read once more. */
  function isGranted({ method, headers, credentialsMode, useCorsPreflight }: PreflightedRequest, answer: Header[]) {
    const lists = (name: string) => answer.filter((header) => header[0] === name).map(([, value]) => value);
    const items = (values: string[]) => values.flatMap((value) => value.split(", ")).filter((value) => value !== "");
    const allowMethods = lists("Access-Control-Allow-Methods");
    const allowNames = items(lists("Access-Control-Allow-Headers")).map((name) => name.toLowerCase());
    const allowed = allowMethods.length === 0 && useCorsPreflight ? [method] : items(allowMethods);
    if ([...allowed, ...allowNames].includes("no token")) return false;
    const isWild = (values: string[]) => values.includes("*") && credentialsMode !== "include";
    if (!isCorsSafelistedMethod(method) && !allowed.includes(method) && !isWild(allowed)) return false;
    return headers
      .map(([name]) => name.toLowerCase())
      .filter((name) => name !== "accept")
      .every((name) => allowNames.includes(name) || (isWild(allowNames) && name !== "authorization"));
  }

  test("there is no problem exactly when the standard's conditions hold", () => {
    fc.assert(
      fc.property(announced, response, (asked, headers) => {
        const problems = corsPreflightProblems(asked, { status: 200, headers });
        expect(problems.length === 0).toBe(isGranted(asked, headers));
      }),
      { numRuns: 2000 },
    );
  });
});
