import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const names = ["origins", "credentials", "methods", "requestHeaders", "maxAge", "timing", "anyOriginWithCredentials"];

test.each([
  { title: "a letter that is missing", name: "orgins", want: "origins" },
  { title: "a letter too many", name: "methodes", want: "methods" },
  { title: "two letters in each other's place", name: "timign", want: "timing" },
  { title: "case alone", name: "MAXAGE", want: "maxAge" },
  { title: "a beginning", name: "anyOrigin", want: "anyOriginWithCredentials" },
  { title: "an end too many", name: "timingAllowOrigin", want: "timing" },
  { title: "a beginning that is too short", name: "any", want: null },
  { title: "nothing alike", name: "secureContext", want: null },
  { title: "nothing at all", name: "", want: null },
  { title: "very much", name: "x".repeat(10_000), want: null },
])("$title", ({ name, want }) => expect(nearestName(name, names)).toBe(want));
