import { expect, test } from "vitest";
import { presets } from "../../situation/presets.ts";
import { encodeSituation } from "../../situation/situation-link.ts";
import { openPlace } from "./open-place.ts";
import { readPlace, writePlace } from "./place.ts";

const rows = [
  ["", "own-post", null],
  ["3", "one-origin", null],
  ["3/everybody", "everybody", null],
  ["bench", "one-origin", null],
  ["try", "one-origin", null],
  ["3/no-such", "one-origin", "no such prepared bench"],
  ["9", "own-post", "leads nowhere"],
  ["3/everybody/%%%", "everybody", "damaged"],
  ["3/everybody/eyJwbGFjZSI", "everybody", "damaged"],
  ["bench/eyJ0aW1lcyI6OTl9", "one-origin", "cannot be run. Write a whole number from 1 to 5."],
] as const;

test.each(rows)("#%s leads to %s", (fragment, id, problem) => {
  const opened = openPlace(fragment, presets);
  expect(opened.preset.id).toBe(id);
  if (problem === null) expect(opened.problem).toBeNull();
  else expect(opened.problem).toContain(problem);
});

test("a link carries what was changed", () => {
  const [first] = presets;
  if (first === undefined) throw new Error("no presets");
  const situation = { ...first.situation, times: 4 };
  const link = writePlace({ kind: "chapter", chapter: 1, preset: first.id, changes: encodeSituation(situation) });
  expect(openPlace(link.slice(1), presets)).toMatchObject({ situation, problem: null });
});

test.each(["1/own-post", "4", "bench", "bench/abc", "try"])("#%s is written as it was read", (fragment) => {
  const place = readPlace(fragment);
  expect(place === null ? null : writePlace(place)).toBe(`#${fragment}`);
});
