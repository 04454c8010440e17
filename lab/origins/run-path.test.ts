import { expect, test } from "vitest";
import { defaultOrigins } from "../situation/origins.ts";
import { locationWithinRun, parseRunPath, runPath, withoutRunPaths } from "./run-path.ts";

const token = "0123456789abcdef";

test("the prefix of a run goes on and off", () => {
  const path = runPath(token, "/books?title=/r/x/");
  expect(parseRunPath(path)).toEqual({ token, path: "/books?title=/r/x/" });
  expect(withoutRunPaths(`${defaultOrigins.books}${path} and ${path}`)).not.toContain(token);
});

test.each(["/", "/r/", "/r/short/books", `/r/${token}`, `/R/${token}/`, `//r/${token}/`])("%s has none", (target) => {
  expect(parseRunPath(target)).toBeNull();
});

test.each([
  ["/books", `/r/${token}/books`],
  ["http://localhost:4001/x?y", `http://localhost:4001/r/${token}/x?y`],
  ["http://evil.localhost:6060", `http://evil.localhost:6060/r/${token}/`],
  ["https://elsewhere.example/", "https://elsewhere.example/"],
  ["http://localhost:4400/api/runs", "http://localhost:4400/api/runs"],
  ["//localhost:4001/x", "//localhost:4001/x"],
  ["books", "books"],
  ["http://[", "http://["],
])("a redirect to %s stays within its run: %s", (location, want) => {
  expect(locationWithinRun(location, new URL(defaultOrigins.bench), token, defaultOrigins)).toBe(want);
});
