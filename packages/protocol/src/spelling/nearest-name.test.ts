import { describe, expect, test } from "vitest";
import { misspeltName, nearestName } from "./nearest-name.ts";

const names = ["origins", "credentials", "methods", "requestHeaders", "maxAge", "timing", "anyOriginWithCredentials"];

test.each([
  { title: "a letter that is missing", name: "orgins", want: "origins" },
  { title: "a letter too many", name: "methodes", want: "methods" },
  { title: "a wrong letter", name: "methots", want: "methods" },
  { title: "two letters in each other's place", name: "timign", want: "timing" },
  { title: "two mistakes in a short name", name: "itmign", want: "timing" },
  { title: "case alone", name: "MAXAGE", want: "maxAge" },
  { title: "a beginning", name: "anyOrigin", want: "anyOriginWithCredentials" },
  { title: "an end too many", name: "timingAllowOrigin", want: "timing" },
  { title: "a beginning that is too short", name: "any", want: null },
  { title: "nothing alike", name: "secureContext", want: null },
  { title: "nothing at all", name: "", want: null },
  { title: "very much", name: "x".repeat(10_000), want: null },
])("$title", ({ name, want }) => expect(nearestName(name, names)).toBe(want));

describe("with a limit", () => {
  test.each([
    ["a letter left out", "orign", "origin"],
    ["two letters swapped", "oirgin", "origin"],
    ["letter case is no mistake", "ORIGIN", "origin"],
    ["two mistakes", "tiemotu", "timeout"],
    ["three mistakes are another word", "txxxout", null],
    ["a beginning is none", "time", null],
    ["a short word is not like everything", "go", null],
  ])("%s: %s", (_, word, meant) => {
    expect(misspeltName(word, ["origin", "timeout", "omit", "x"], 2)).toBe(meant);
  });
});
