import { corsCheckProblems, corsPreflightProblems, type Header } from "@corsac/protocol";
import { describe, expect, test } from "vitest";
import { draft } from "../finding/finding-draft.ts";
import { planCheck } from "./check-plan.ts";
import { neededGrant, wantedAnswers } from "./wanted-answers.ts";

const blocked = [draft("allow-origin-missing", "error", "response")];

const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY", "CHICKEN"];
const headers: readonly Header[][] = [
  [],
  [["Authorization", "Bearer abc"]],
  [["Content-Type", "application/json"]],
  [["Content-Type", "text/plain"]],
  [["Range", "bytes=0-1"]],
  [
    ["X-A", "1"],
    ["x-a", "2"],
    ["Authorization", "Bearer abc"],
  ],
];
const credentials = ["omit", "same-origin", "include"] as const;
const rows = methods.flatMap((method) =>
  headers.flatMap((list) => credentials.map((mode) => ({ method, headers: list, credentials: mode }))),
);

describe("a browser accepts the answers that corsac says it accepts", () => {
  test.each(rows)("$method $headers $credentials", (row) => {
    const plan = planCheck({ url: "https://api.example/books", origin: "https://app.example", ...row });
    const grant = neededGrant(plan, blocked);
    const answers = grant === null ? [] : wantedAnswers(plan, grant);
    expect(answers.length).toBeGreaterThan(0);
    const asked = { serializedOrigin: plan.origin, credentialsMode: plan.credentials };
    for (const [index, { headers: answered }] of answers.entries()) {
      const response = { status: 204, headers: answered.map(({ name, value }): Header => [name, value]) };
      const request = { ...asked, method: plan.method, headers: plan.headers, useCorsPreflight: false };
      const isPreflight = index === 0 && answers.length > 1;
      expect(isPreflight ? corsPreflightProblems(request, response) : corsCheckProblems(asked, response)).toEqual([]);
    }
  });
});

test("headers cannot help a page with the origin null, and a mistake in the page needs none", () => {
  const plan = planCheck({ url: "https://api.example/books", origin: "null" });
  expect(neededGrant(plan, blocked)).toBeNull();
  const other = planCheck({ url: "https://api.example/books", origin: "https://app.example" });
  expect(neededGrant(other, [draft("mode-same-origin", "error", "request")])).toBeNull();
});
