import { expect, test } from "vitest";
import { mergeVary } from "./merge-vary.ts";

test.each<[title: string, existing: string | null, names: string[], want: string]>([
  ["nothing yet", null, ["Origin"], "Origin"],
  ["nothing yet, several names", null, ["Origin", "Sec-Fetch-Site"], "Origin, Sec-Fetch-Site"],
  ["an empty value counts as nothing", "", ["Origin"], "Origin"],
  ["appends", "Accept-Encoding", ["Origin"], "Accept-Encoding, Origin"],
  ["has it already", "Origin", ["Origin"], "Origin"],
  ["has it in another case", "accept, ORIGIN", ["Origin"], "accept, ORIGIN"],
  ["has some", "origin,Accept", ["Origin", "Cookie"], "origin,Accept, Cookie"],
  ["a part of a name is not the name", "X-Origin", ["Origin"], "X-Origin, Origin"],
  ["* covers all", "*", ["Origin"], "*"],
  ["* covers all among others", "Accept, *", ["Origin"], "Accept, *"],
])("%s", (_, existing, names, want) => expect(mergeVary(existing, names)).toBe(want));
