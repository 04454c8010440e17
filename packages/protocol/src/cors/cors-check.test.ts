import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Header } from "../header/header-list.ts";
import type { Problem, ProblemCode } from "../problem/problem.ts";
import { problemInfo } from "../problem/problem-info.ts";
import type { CredentialsMode } from "../request/request.ts";
import { corsCheck, corsCheckProblems, isCorsCheckProblem } from "./cors-check.ts";

const page = "https://app.example";
const status = 200;
const stage = "response";

interface Row {
  readonly title: string;
  readonly credentialsMode?: CredentialsMode;
  /** One entry per line. */
  readonly allowOrigin: readonly string[];
  readonly allowCredentials?: readonly string[];
  readonly expected?: string;
  /** Everything that is wrong, in order; the check itself tells the first. */
  readonly problems: readonly object[];
}

const missing = { code: "allow-origin-missing", stage, expected: page, status };
const invalid = (actual: string) => ({ code: "allow-origin-invalid", stage, expected: page, actual });
const mismatch = (actual: string) => ({ code: "allow-origin-mismatch", stage, expected: page, actual });
const multiple = (actual: string, lines: number) => ({
  ...{ code: "allow-origin-multiple", stage, expected: page },
  ...{ actual, lines },
});
const wildcard = { code: "allow-origin-wildcard-with-credentials", stage, expected: page };
const notTrue = (actual: string | null) => ({ code: "allow-credentials-not-true", stage, actual });

const rows: Row[] = [
  { title: "no header", allowOrigin: [], problems: [missing] },
  { title: "the same origin", allowOrigin: [page], problems: [] },
  { title: "the wildcard", allowOrigin: ["*"], problems: [] },
  {
    title: "the wildcard covers credentials mode omit",
    credentialsMode: "omit",
    allowOrigin: ["*"],
    problems: [],
  },
  { title: "another origin", allowOrigin: ["https://other.example"], problems: [mismatch("https://other.example")] },
  { title: "another scheme", allowOrigin: ["http://app.example"], problems: [mismatch("http://app.example")] },
  { title: "another port", allowOrigin: [`${page}:8443`], problems: [mismatch(`${page}:8443`)] },
  { title: "null is another origin", allowOrigin: ["null"], problems: [mismatch("null")] },
  { title: "null for a request whose origin is null", expected: "null", allowOrigin: ["null"], problems: [] },
  { title: "the wildcard for a request whose origin is null", expected: "null", allowOrigin: ["*"], problems: [] },
  {
    title: "an origin for a request whose origin is null",
    expected: "null",
    allowOrigin: [page],
    problems: [{ ...mismatch(page), expected: "null" }],
  },
  { title: "NULL is no origin", allowOrigin: ["NULL"], problems: [invalid("NULL")] },
  { title: "an empty value is no origin", allowOrigin: [""], problems: [invalid("")] },
  { title: "a slash at the end", allowOrigin: [`${page}/`], problems: [invalid(`${page}/`)] },
  { title: "upper case", allowOrigin: ["https://APP.example"], problems: [invalid("https://APP.example")] },
  { title: "the default port", allowOrigin: [`${page}:443`], problems: [invalid(`${page}:443`)] },
  { title: "no scheme", allowOrigin: ["app.example"], problems: [invalid("app.example")] },
  {
    title: "an asterisk in a host is part of its name",
    allowOrigin: ["https://*.example"],
    problems: [mismatch("https://*.example")],
  },
  { title: "a list by commas", allowOrigin: [`${page}, *`], problems: [multiple(`${page}, *`, 1)] },
  {
    title: "a list by spaces",
    allowOrigin: [`${page} https://b.example`],
    problems: [multiple(`${page} https://b.example`, 1)],
  },
  {
    title: "the same origin twice, on two lines",
    allowOrigin: [page, page],
    problems: [multiple(`${page}, ${page}`, 2)],
  },
  { title: "two wildcards", allowOrigin: ["*", "*"], problems: [multiple("*, *", 2)] },
  { title: "an empty second line", allowOrigin: [page, ""], problems: [multiple(`${page}, `, 2)] },
  { title: "a comma at the end is part of the host", allowOrigin: [`${page},`], problems: [mismatch(`${page},`)] },
  {
    title: "without credentials Allow-Credentials does not count",
    allowOrigin: [page],
    allowCredentials: ["false"],
    problems: [],
  },
  {
    title: "exact origin, credentials",
    credentialsMode: "include",
    allowOrigin: [page],
    allowCredentials: ["true"],
    problems: [],
  },
  {
    title: "null with credentials",
    credentialsMode: "include",
    expected: "null",
    allowOrigin: ["null"],
    allowCredentials: ["true"],
    problems: [],
  },
  {
    title: "the wildcard does not cover credentials",
    credentialsMode: "include",
    allowOrigin: ["*"],
    allowCredentials: ["true"],
    problems: [wildcard],
  },
  {
    title: "credentials need Allow-Credentials",
    credentialsMode: "include",
    allowOrigin: [page],
    problems: [notTrue(null)],
  },
  {
    title: "true is case-sensitive",
    credentialsMode: "include",
    allowOrigin: [page],
    allowCredentials: ["True"],
    problems: [notTrue("True")],
  },
  {
    title: "true twice is not true",
    credentialsMode: "include",
    allowOrigin: [page],
    allowCredentials: ["true", "true"],
    problems: [notTrue("true, true")],
  },
  {
    title: "an empty Allow-Credentials is not true",
    credentialsMode: "include",
    allowOrigin: [page],
    allowCredentials: [""],
    problems: [notTrue("")],
  },
  {
    title: "both wrong: wildcard and no Allow-Credentials",
    credentialsMode: "include",
    allowOrigin: ["*"],
    problems: [wildcard, notTrue(null)],
  },
  {
    title: "both wrong: no header at all",
    credentialsMode: "include",
    allowOrigin: [],
    allowCredentials: ["1"],
    problems: [missing, notTrue("1")],
  },
];

function inputs({ credentialsMode = "same-origin", allowOrigin, allowCredentials = [], expected = page }: Row) {
  const headers: Header[] = [
    ...allowOrigin.map((value): Header => ["access-control-Allow-Origin", value]),
    ...allowCredentials.map((value): Header => ["Access-Control-Allow-Credentials", value]),
  ];
  return [
    { serializedOrigin: expected, credentialsMode },
    { status, headers },
  ] as const;
}

describe("corsCheckProblems", () => {
  test.each(rows)("$title", (row) => {
    const [request, response] = inputs(row);
    expect(corsCheckProblems(request, response)).toEqual(row.problems);
  });
});

describe("corsCheck", () => {
  test.each(rows)("$title", (row) => {
    const [request, response] = inputs(row);
    const [problem] = row.problems;
    expect(corsCheck(request, response)).toEqual(problem === undefined ? { ok: true } : { ok: false, problem });
  });

  test("carries the stage and the status", () => {
    const request = { serializedOrigin: page, credentialsMode: "omit" } as const;
    const problem = { code: "allow-origin-missing", stage: "preflight", expected: page, status: 500 };
    expect(corsCheck(request, { status: 500, headers: [] }, "preflight")).toEqual({ ok: false, problem });
  });
});

test("what a CORS check finds is told from what else a preflight may lack", () => {
  const codes = (Object.keys(problemInfo) as ProblemCode[]).filter((code) => isCorsCheckProblem({ code } as Problem));
  expect(codes).toEqual([
    ...["allow-origin-missing", "allow-origin-invalid", "allow-origin-mismatch", "allow-origin-multiple"],
    ...["allow-origin-wildcard-with-credentials", "allow-credentials-not-true"],
  ]);
});

const value = fc.oneof(
  fc.constantFrom(...rows.flatMap((row) => row.allowOrigin), ...rows.flatMap((row) => row.allowCredentials ?? [])),
  fc.string({ unit: "binary" }),
);
const header: fc.Arbitrary<Header> = fc.tuple(
  fc.constantFrom("Access-Control-Allow-Origin", "access-control-allow-origin", "Access-Control-Allow-Credentials"),
  value,
);

test("property: the check succeeds exactly when there is no problem, and tells the first", () => {
  const credentialsMode = fc.constantFrom<CredentialsMode[]>("include", "omit", "same-origin");
  const serializedOrigin = fc.constantFrom(page, "null", "http://localhost:3000");
  fc.assert(
    fc.property(credentialsMode, serializedOrigin, fc.array(header, { maxLength: 4 }), (mode, origin, headers) => {
      const request = { serializedOrigin: origin, credentialsMode: mode };
      const problems = corsCheckProblems(request, { status, headers });
      const check = corsCheck(request, { status, headers });
      expect(check.ok).toBe(problems.length === 0);
      if (!check.ok) expect(check.problem).toEqual(problems[0]);
    }),
    { numRuns: 1000 },
  );
});
