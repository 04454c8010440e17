import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashOfSources, isInstalled, nodeVersionProblem, removeStaleOutput } from "./setup.mjs";

/** An npm whose cache is too old. */
const refusesCache = `process.exitCode = process.argv.includes("--prefer-offline") ? 1 : 0;`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "corsac-setup-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

describe("the version of Node", () => {
  test.each(["20.19.0", "20.20.2", "22.12.0", "24.0.0", "30.1.2"])("%s does", (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });
  test.each(["16.0.0", "18.20.8", "20.18.3", "21.7.0", "22.11.0"])(
    "%s does not, and one sentence says so",
    (version) => {
      expect(nodeVersionProblem(version)).toMatch(new RegExp(`^[^\\n]*20\\.19[^\\n]*this is Node ${version}\\.$`));
    },
  );
});

describe("what is installed", () => {
  const lock = (packages: Record<string, object>) => JSON.stringify({ packages });
  const wanted = {
    "": { name: "workspace" },
    "packages/one": { version: "1.0.0" },
    "node_modules/one": { resolved: "packages/one", link: true },
    "node_modules/two": { version: "2.0.0", integrity: "sha512-two" },
    "node_modules/elsewhere": { version: "1.0.0", integrity: "sha512-elsewhere", optional: true },
  };
  const installed = {
    "packages/one": { version: "1.0.0" },
    "node_modules/one": { resolved: "packages/one", link: true },
    "node_modules/two": { version: "2.0.0", integrity: "sha512-two" },
  };
  const rows = [
    { title: "all there, an optional one missing", installed, want: true },
    { title: "nothing there", installed: undefined, want: false },
    {
      title: "another version",
      installed: { ...installed, "node_modules/two": { version: "1.9.0", integrity: "sha512-old" } },
      want: false,
    },
    {
      title: "a package missing",
      installed: { "node_modules/one": { resolved: "packages/one", link: true } },
      want: false,
    },
    {
      title: "a package of the workspace not linked",
      installed: { ...installed, "node_modules/one": { resolved: "packages/other", link: true } },
      want: false,
    },
  ];
  test.each(rows)("$title: $want", (row) => {
    write("package-lock.json", lock(wanted));
    if (row.installed !== undefined) write("node_modules/.package-lock.json", lock(row.installed));
    expect(isInstalled(folder)).toBe(row.want);
  });
});

describe("what is missing is installed", () => {
  const script = fileURLToPath(new URL("setup.mjs", import.meta.url));
  const installed = (npm: string) => {
    write("scripts/setup.mjs", readFileSync(script, "utf8"));
    write("scripts/npm.cjs", `console.log(process.argv.slice(2).join(" ")); ${npm}`);
    const program = `(await import(${JSON.stringify(join(folder, "scripts/setup.mjs"))})).install()`;
    const env = { ...process.env, npm_execpath: join(folder, "scripts/npm.cjs") };
    return spawnSync(process.execPath, ["--input-type=module", "-e", program], { env, encoding: "utf8" });
  };
  const calls = [/^ci .*--prefer-offline/, /^ci (?!.*offline)/];

  test.each([
    { title: "from npm's cache, without a word to the registry", npm: "", want: [0, 1] },
    { title: "from the registry where the cache does not do", npm: refusesCache, want: [0, 2] },
    { title: "or it fails", npm: "process.exitCode = 1;", want: [1, 2] },
  ])("$title", ({ npm, want }) => {
    const { status, stdout } = installed(npm);
    const lines = stdout.trim().split("\n");
    expect([status, lines.length]).toEqual(want);
    for (const [index, line] of lines.entries()) expect(line).toMatch(calls[index] ?? /never/);
  });
});

describe("the hash of the sources", () => {
  const hash = () => hashOfSources(folder, ["package-lock.json", "tsconfig.json", "packages", "absent"]);
  beforeEach(() => {
    write("package-lock.json", "{}");
    write("tsconfig.json", "{}");
    write("packages/one/src/a.ts", "export const a = 1;\n");
    write("packages/one/src/b.ts", "");
  });

  const changes = [
    { title: "a source is edited", file: "packages/one/src/a.ts" },
    { title: "a source is added", file: "packages/one/src/c.ts" },
    { title: "tsconfig.json is edited", file: "tsconfig.json" },
    { title: "package-lock.json is edited", file: "package-lock.json" },
    { title: "a package.json is added", file: "packages/one/package.json" },
  ];
  test.each(changes)("changes when $title", ({ file }) => {
    const before = hash();
    write(file, '{ "a": 2 }');
    expect(hash()).not.toBe(before);
  });

  test("changes when a source is removed or takes another name", () => {
    const hashes = [hash()];
    rmSync(join(folder, "packages/one/src/b.ts"));
    hashes.push(hash());
    write("packages/one/src/z.ts", "");
    hashes.push(hash());
    expect(new Set(hashes).size).toBe(3);
  });

  test.each(["packages/one/dist/a.d.ts", "packages/one/node_modules/two/a.ts", "packages/one/README.md", "other/a.ts"])(
    "does not change with %s, which no build reads",
    (file) => {
      const before = hash();
      write(file, "anything");
      expect(hash()).toBe(before);
    },
  );
});

test("output without a source is removed, the other output stays", () => {
  write("src/cors/kept.ts", "");
  const kept = ["dist/cors/kept.js", "dist/cors/kept.d.ts", "dist/cors/kept.js.map", "dist/.tsbuildinfo"];
  const stale = ["dist/gone.js", "dist/gone.js.map", "dist/cors/gone.d.ts", "dist/cors/gone.d.ts.map"];
  for (const file of [...kept, ...stale]) write(file, "");
  removeStaleOutput(join(folder, "src"), join(folder, "dist"));
  const left = [...kept, ...stale].filter((file) => existsSync(join(folder, file)));
  expect(left).toEqual(kept);
});
