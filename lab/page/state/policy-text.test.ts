import { expect, test } from "vitest";
import { readPolicyText, withSuggestion } from "./policy-text.ts";

const rows = [
  ["a slash too much", '{"origins":["http://localhost:3000/"]}', '{"origins":["http://localhost:3000"]}'],
  ["a name misspelt", '{"orgins":["http://localhost:3000"]}', '{"origins":["http://localhost:3000"]}'],
  ["a method in lower case", '{"origins":"*","methods":["patch"]}', '{"origins":"*","methods":["PATCH"]}'],
] as const;

test.each(rows)("%s: the suggestion makes the policy valid", (_, text, wanted) => {
  const read = readPolicyText(text);
  const found = read.ok ? undefined : read.issues.find(({ suggestion }) => suggestion !== null);
  const mended = found === undefined ? text : withSuggestion(text, found);
  expect(JSON.parse(mended)).toEqual(JSON.parse(wanted));
  expect(readPolicyText(mended).ok).toBe(true);
});

test("what is not JSON is told so", () => {
  expect(readPolicyText("{")).toMatchObject({ ok: false, issues: [] });
});
