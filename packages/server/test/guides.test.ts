import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createCrossOriginProtection } from "../src/cross-origin-protection/index.ts";
import { findingSeverities } from "../src/migration/index.ts";

const folder = new URL("../../../docs/guides/", import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");

/** The links of a page to files, and what they are called. */
function linksOf(page: string): { text: string; path: string; anchor: string | undefined }[] {
  return [...page.matchAll(/\[((?:[^\]`]|`[^`]*`)+)\]\(([^)#:]*)(?:#([^)]*))?\)/g)].map(
    ([, text = "", path = "", anchor]) => ({
      text,
      path,
      anchor,
    }),
  );
}

/** Anchors as code hosts make them of headings. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replace(/\s/g, "-"),
  );
}

test.each(pages.flatMap((name) => linksOf(read(name)).map((link) => ({ name, ...link }))))(
  "$name links to $path $anchor, which is there",
  ({ name, path, anchor }) => {
    const target = path === "" ? name : path;
    expect(existsSync(new URL(target, folder))).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(read(target))).toContain(anchor);
  },
);

describe("answers.md", () => {
  const rows = [...read("answers.md").matchAll(/^\| (\d+) \| (.*) \| (.*) \| (.*) \|$/gm)];

  test("has every complaint once", () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 34 }, (_, index) => index + 1));
  });

  test.each(rows.map(([, , complaint = "", , proof = ""]) => ({ complaint, proof })))(
    "$complaint: the proof says what it is called",
    ({ proof }) => {
      const links = linksOf(proof);
      expect(links).not.toEqual([]);
      for (const { text, path } of links) expect(read(path).replace(/\s+/g, " ")).toContain(text);
    },
  );
});

test("migration-findings.md has a section of two paragraphs for each code, and no other", () => {
  const sections = read("migration-findings.md").split(/^## /m).slice(1);
  expect(sections.map((section) => section.split("\n", 1)[0])).toEqual(Object.keys(findingSeverities).toSorted());
  for (const section of sections) expect(section.trim().split("\n\n")).toHaveLength(3);
});

describe("cross-origin-protection.md", () => {
  const page = read("cross-origin-protection.md");
  const { counters } = createCrossOriginProtection();

  test.each(Object.keys(counters.allowed))("has row %s of the table", (row) => expect(page).toContain(`\n| ${row} | `));

  test.each(Object.keys(counters.refused))("says when %s", (code) => expect(page).toContain(`refused: \`${code}\``));

  test.each(optionNames())("explains the option %s", (name) => expect(page).toContain(`\n| \`${name}\` | `));
});

/** The names that the interface of the options has. */
function optionNames(): string[] {
  const source = readFileSync(new URL("../src/cross-origin-protection/protection-options.ts", import.meta.url), "utf8");
  return [...source.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name = ""]) => name);
}
