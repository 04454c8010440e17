import { describe, expect, test } from "vitest";
import { nearest } from "./nearest.ts";

describe("nearest", () => {
  test.each([
    ["a letter left out", "orign", "origin"],
    ["a letter too many", "originn", "origin"],
    ["a wrong letter", "origim", "origin"],
    ["two letters swapped", "oirgin", "origin"],
    ["letter case is no mistake", "ORIGIN", "origin"],
    ["two mistakes", "tiemotu", "timeout"],
    ["three mistakes are another word", "txxxout", null],
    ["nothing like it", "frobnicate", null],
    ["a short word is not like everything", "go", null],
  ])("%s: %s", (_, word, meant) => {
    expect(nearest(word, ["origin", "timeout", "omit", "x"])).toBe(meant);
  });
});
