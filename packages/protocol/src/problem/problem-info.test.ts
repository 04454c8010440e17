import { expect, test } from "vitest";
import { problemInfo } from "./problem-info.ts";

test.each(Object.entries(problemInfo))("%s has a title without a full stop, a standard and a page", (code, info) => {
  expect(info.title).toMatch(/^\S.*[^.\s]$/);
  expect(URL.canParse(info.spec)).toBe(true);
  expect(info.spec).toMatch(/#./);
  expect(info.docs).toBe(`docs/problems/${code}.md`);
});
