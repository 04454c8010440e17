import { expect, test } from "vitest";
import { hang, spread, wrap } from "./wrap.ts";

test("wrap breaks at blanks, fills lines to the last column, and never cuts a word", () => {
  expect(wrap("one two three four", 7)).toEqual(["one two", "three", "four"]);
  expect(wrap("see https://api.example/a/long/path now", 10)).toEqual([
    "see",
    "https://api.example/a/long/path",
    "now",
  ]);
});

test("hang indents the following lines by the label", () => {
  expect(hang("  fix  ", "one two three", 14)).toEqual(["  fix  one two", "       three"]);
});

test("spread puts the right part at the edge, one blank away at least", () => {
  expect(spread("left", "right", 12)).toBe("left   right");
  expect(spread("left", "right", 5)).toBe("left right");
});
