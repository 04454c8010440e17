import { expect, test } from "vitest";
import { shouldBlockDueToMimeType } from "./mime-blocking.ts";

test.each([
  ["image/png", "script", true],
  ["AUDIO/x", "script", true],
  ["video/mp4", "worker", true],
  ["text/csv;charset=utf-8", "script", true],
  ["text/csv", "style", false],
  ["image/png", "image", false],
  ["image/png", "", false],
  ["text/plain", "script", false],
  ["text/csv2", "script", false],
  ["application/csv", "script", false],
  ["no type", "script", false],
] as const)("%s as %j: %s", (type, destination, want) => {
  expect(shouldBlockDueToMimeType([["Content-Type", type]], destination)).toBe(want);
});

test("a script without type runs", () => expect(shouldBlockDueToMimeType([], "script")).toBe(false));
