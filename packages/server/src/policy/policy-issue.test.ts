import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policyIssueCodes } from "./policy-issue.ts";

const page = readFileSync(new URL("../../../../docs/guides/policy-issues.md", import.meta.url), "utf8");
const sections = page.split(/^## /m).slice(1);

test("docs/guides/policy-issues.md has a section for each code, and no other", () => {
  expect(sections.map((section) => section.split("\n", 1)[0])).toHaveLength(policyIssueCodes.length);
  expect(new Set(sections.map((section) => section.split("\n", 1)[0]))).toEqual(new Set(policyIssueCodes));
});

test.each(sections)("a section says what it is and what to do: %s", (section) => {
  expect(section.trim().split("\n\n")).toHaveLength(3);
});
