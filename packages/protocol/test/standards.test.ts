import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { problemInfo } from "../src/problem/problem-info.ts";
import standards from "../standards.json" with { type: "json" };

const packages = fileURLToPath(new URL("../../", import.meta.url));
const { url, commit, anchors } = standards.fetch;

function sourceFiles(): string[] {
  return readdirSync(packages)
    .map((name) => join(packages, name, "src"))
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, String(file))))
    .filter((file) => file.endsWith(".ts"));
}

/** The anchors of the Fetch standard to which a text links. */
function anchorsIn(text: string): string[] {
  return text
    .split(url)
    .slice(1)
    .flatMap((rest) => /^#([^\s)}"`]+)/.exec(rest)?.[1] ?? []);
}

const used = new Set([
  ...sourceFiles().flatMap((file) => anchorsIn(readFileSync(file, "utf8"))),
  ...Object.values(problemInfo).flatMap(({ spec }) => anchorsIn(spec)),
]);

test("every anchor of the Fetch standard in the sources exists in the version that they follow", () => {
  const unknown = [...used].filter((anchor) => !anchors.includes(anchor));
  expect(unknown, `look them up in the standard as of ${commit}, then add them to standards.json`).toEqual([]);
});

test("the list is sorted and names each anchor once", () => {
  expect(anchors).toEqual([...new Set(anchors)].sort());
});

test("links name the standard's own address, never a copy or a snapshot", () => {
  const others = sourceFiles().filter((file) =>
    /fetch\.spec\.whatwg\.org\/(?!#|["`\s]|$)/m.test(readFileSync(file, "utf8")),
  );
  expect(others).toEqual([]);
});
