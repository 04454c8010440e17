import { expect, test } from "vitest";
import { isScriptLike } from "./script-like.ts";

test.each([
  ["script", true],
  ["worker", true],
  ["style", false],
  ["document", false],
  ["", false],
] as const)("%j: %s", (destination, want) => expect(isScriptLike(destination)).toBe(want));
