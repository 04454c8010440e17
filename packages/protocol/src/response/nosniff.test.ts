import { describe, expect, test } from "vitest";
import type { Header } from "../header/header-list.ts";
import { determineNosniff, shouldBlockDueToNosniff } from "./nosniff.ts";

describe("determineNosniff", () => {
  test.each([
    ["nosniff", true],
    ["NoSniff", true],
    ["nosniff, x", true],
    ["nosniff,", true],
    [" nosniff\t", true],
    ["x, nosniff", false],
    [",nosniff", false],
    ['"nosniff"', false],
    ["no", false],
    ["", false],
  ])("%j: %s", (value, want) => expect(determineNosniff([["X-Content-Type-Options", value]])).toBe(want));

  test("without the header there is none", () => expect(determineNosniff([])).toBe(false));
});

describe("shouldBlockDueToNosniff", () => {
  const nosniff: Header = ["x-content-type-options", "nosniff"];
  test.each([
    ["a script of a JavaScript type runs", "text/javascript", "script", false],
    ["a script of another type does not", "text/plain", "script", true],
    ["a worker neither", "application/json", "worker", true],
    ["a script without type neither", null, "script", true],
    ["a style sheet of type text/css counts", "text/css;charset=utf-8", "style", false],
    ["a style sheet of another type does not", "text/plain", "style", true],
    ["a style sheet without type neither", null, "style", true],
    ["images are not concerned", "text/plain", "image", false],
    ["fetches are not concerned", null, "", false],
  ] as const)("%s", (_, type, destination, want) => {
    const headers: Header[] = type === null ? [nosniff] : [nosniff, ["Content-Type", type]];
    expect(shouldBlockDueToNosniff(headers, destination)).toBe(want);
    expect(shouldBlockDueToNosniff(headers.slice(1), destination)).toBe(false);
  });
});
