import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { planCheck } from "../src/check/check-plan.ts";
import { parseCheckArguments } from "../src/cli/parse-check-arguments.ts";
import { parseMethodsArguments } from "../src/cli/parse-methods-arguments.ts";
import { findingInfo } from "../src/finding/finding-code.ts";
import { methodsFindingInfo } from "../src/methods/methods-finding-code.ts";
import { planMethods } from "../src/methods/plan-methods.ts";
import { faults, pageOrigin, unobservable } from "./fault.ts";
import { runFault } from "./run-fault.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pages = ["docs/problems", "docs/findings"].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);
const headings = ["What happened", "Why browsers do this", "What to change", "How browsers word it", "See it"];

test("every code has a page, and every page a code", () => {
  expect(pages.sort()).toEqual(
    [...Object.values(findingInfo), ...Object.values(methodsFindingInfo)].map(({ docs }) => docs).sort(),
  );
});

describe.each(Object.entries(findingInfo))("%s", (code, { docs }) => {
  const page = readFileSync(join(root, docs), "utf8");

  test("has its headings, in order, and nothing but", () => {
    const withoutCode = page.replaceAll(/^```[\s\S]*?^```$/gm, "");
    const found = withoutCode.split("\n").filter((line) => /^#/.test(line));
    expect(found).toEqual([`# ${code}`, ...headings.map((heading) => `## ${heading}`)]);
  });

  test("says something under each heading, in 30 to 110 lines", () => {
    const sections = page.split(/^## .*$/m).slice(1);
    for (const section of sections) expect(section.trim()).not.toBe("");
    const lines = page.split("\n").length;
    expect(lines).toBeGreaterThanOrEqual(30);
    expect(lines).toBeLessThanOrEqual(110);
  });

  test("links to files that are there", () => {
    for (const [, target = ""] of page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (!target.includes("://")) expect(existsSync(join(root, dirname(docs), target)), target).toBe(true);
    }
  });

  test("shows command lines that corsac understands", () => {
    const lines = page.replaceAll("\\\n", " ").match(/^ *corsac check .*$/gm) ?? [];
    if (!unobservable.includes(code)) expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const { options } = parseCheckArguments(shellWords(line).slice(2));
      expect(() => planCheck(options)).not.toThrow();
    }
  });
});

const methodsHeadings = ["What happened", "Why it matters", "What to change", "See it"];

describe.each(Object.entries(methodsFindingInfo))("%s", (code, { docs, title }) => {
  const page = readFileSync(join(root, docs), "utf8");

  test("has its headings, in order, and begins with what the report says", () => {
    const withoutCode = page.replaceAll(/^```[\s\S]*?^```$/gm, "");
    const found = withoutCode.split("\n").filter((line) => /^#/.test(line));
    expect(found).toEqual([`# ${code}`, ...methodsHeadings.map((heading) => `## ${heading}`)]);
    expect(page.split("\n")[2]?.toLowerCase()).toBe(`${title.toLowerCase()}.`);
  });

  test("says something under each heading, and shows the exchange and the change", () => {
    const [happened = "", why = "", change = ""] = page.split(/^## .*$/m).slice(1);
    expect(happened).toContain("```http\n>");
    expect(why.trim().length).toBeGreaterThan(100);
    expect(change).toMatch(/^```\w+\n\S/m);
  });

  test("links to files that are there", () => {
    for (const [, target = ""] of page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (!target.includes("://")) expect(existsSync(join(root, dirname(docs), target)), target).toBe(true);
    }
  });

  test("shows a command line that corsac understands", () => {
    const lines = page.match(/^corsac methods .*$/gm) ?? [];
    expect(lines).toHaveLength(1);
    for (const line of lines) {
      const { options } = parseMethodsArguments(shellWords(line).slice(2));
      expect(() => planMethods(options)).not.toThrow();
    }
  });
});

describe("pages quote browsers as they speak", () => {
  const quoted = faults.filter(({ variant }) => variant === undefined);

  test.each(quoted)("$code", async (fault) => {
    const { report, origins } = await runFault(fault);
    const page = readFileSync(join(root, findingInfo[fault.code as keyof typeof findingInfo].docs), "utf8");
    for (const { messages } of Object.values(report.browsers)) {
      for (const { text, code } of messages) {
        const words = (text === "" ? code : text)
          .replaceAll(origins.api, "https://api.example")
          .replaceAll(origins.cdn, "https://cdn.example")
          .replaceAll(origins.cdn.replace("//", "//****@"), "https://****@cdn.example")
          .replaceAll(pageOrigin, "https://app.example");
        expect(page).toContain(words.trim());
      }
    }
  });
});

test("the README shows output that is really printed", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(readFileSync(new URL("./output/allow-origin-mismatch.txt", import.meta.url), "utf8").trim());
});

/** Splits a line as a shell does, as far as the pages need it. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
