import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Which package may import which. Everything that is not here has to fail. */
const may = {
  protocol: [],
  server: ["protocol"],
  browser: ["protocol"],
  gateway: ["protocol", "server"],
  corsac: ["protocol", "server", "browser", "gateway"],
  lab: ["protocol", "server", "browser", "gateway", "corsac"],
} as const satisfies Record<string, readonly string[]>;

type Name = keyof typeof may;
const names = Object.keys(may) as Name[];

const specifierOf = (name: Name) => (name === "corsac" ? "corsac" : `@corsac/${name}`);
const folderOf = (name: Name) => (name === "lab" ? "lab" : `packages/${name}`);

interface Row {
  readonly title: string;
  readonly file: string;
  readonly source: string;
  /** The rules that have to report the file; none when it is fine. */
  readonly want: readonly string[];
}

const imports = (specifier: string) => `import { thing } from "${specifier}";\nthing();\n`;
const direction = ["lint/style/noRestrictedImports"];

const packageRows: Row[] = names.flatMap((from) =>
  names.flatMap((to): Row[] => {
    const allowed = (may[from] as readonly Name[]).includes(to);
    const verb = allowed ? "may import" : "must not import";
    return [
      {
        title: `${from} ${verb} ${specifierOf(to)}`,
        file: `${folderOf(from)}/src/by-name-${to}.ts`,
        source: imports(specifierOf(to)),
        want: allowed ? [] : direction,
      },
      {
        title: `${from} ${verb} types of ${specifierOf(to)}`,
        file: `${folderOf(from)}/src/types-of-${to}.ts`,
        source: `export type { Thing } from "${specifierOf(to)}";\n`,
        want: allowed ? [] : direction,
      },
      {
        title: `${from} ${verb} ${specifierOf(to)} in a test`,
        file: `${folderOf(from)}/src/by-name-${to}.test.ts`,
        source: imports(specifierOf(to)),
        want: allowed ? [] : direction,
      },
      ...(from === to
        ? []
        : [
            {
              title: `${from} must not reach into the folder of ${to}`,
              file: `${folderOf(from)}/src/by-path-${to}.ts`,
              source: imports(
                from === "lab"
                  ? `../../${folderOf(to)}/src/index.ts`
                  : to === "lab"
                    ? "../../../lab/src/index.ts"
                    : `../../${to}/src/index.ts`,
              ),
              want: direction,
            },
          ]),
    ];
  }),
);

const rows: Row[] = [
  {
    title: "protocol may import its own files",
    file: "packages/protocol/src/cors/relative.ts",
    source: imports("../origin/origin.ts"),
    want: [],
  },
  {
    title: "a test folder may import the sources beside it",
    file: "packages/browser/test/sources.test.ts",
    source: imports("../src/index.ts"),
    want: [],
  },
  {
    title: "tests of server on real sockets may import browser",
    file: "packages/server/test/browser.test.ts",
    source: imports("@corsac/browser"),
    want: [],
  },
  {
    title: "but not gateway",
    file: "packages/server/test/gateway.test.ts",
    source: imports("@corsac/gateway"),
    want: direction,
  },
  {
    title: "a library folder of corsac must not import cli",
    file: "packages/corsac/src/check/from-cli.ts",
    source: imports("../cli/main.ts"),
    want: direction,
  },
  {
    title: "the index of corsac must not import cli",
    file: "packages/corsac/src/index.ts",
    source: imports("./cli/main.ts"),
    want: direction,
  },
  {
    title: "cli of corsac may import the library",
    file: "packages/corsac/src/cli/from-library.ts",
    source: imports("../check/check.ts"),
    want: [],
  },
  {
    title: "cli of corsac may import cli",
    file: "packages/corsac/src/cli/from-cli.ts",
    source: imports("./arguments.ts"),
    want: [],
  },
  {
    title: "protocol must not import modules of Node",
    file: "packages/protocol/src/node-module.ts",
    source: imports("node:fs"),
    want: ["lint/correctness/noNodejsModules"],
  },
  {
    title: "protocol must not import modules of Node without the prefix",
    file: "packages/protocol/src/bare-node-module.ts",
    source: imports("fs"),
    want: ["lint/correctness/noNodejsModules", "lint/style/useNodejsImportProtocol"],
  },
  {
    title: "a test of protocol may import modules of Node",
    file: "packages/protocol/src/node-module.test.ts",
    source: imports("node:fs"),
    want: [],
  },
  {
    title: "browser may import modules of Node",
    file: "packages/browser/src/node-module.ts",
    source: imports("node:fs"),
    want: [],
  },
  {
    title: "a package must not import what its package.json does not name",
    file: "packages/browser/src/undeclared.ts",
    source: imports("left-pad"),
    want: ["lint/correctness/noUndeclaredDependencies"],
  },
  {
    title: "a published source must not import a devDependency",
    file: "packages/browser/src/dev-dependency.ts",
    source: imports("vitest"),
    want: ["lint/correctness/noUndeclaredDependencies"],
  },
  {
    title: "a test may import a devDependency",
    file: "packages/browser/src/dev-dependency.test.ts",
    source: imports("vitest"),
    want: [],
  },
  {
    title: "protocol may use URL and TextEncoder",
    file: "packages/protocol/src/universal-globals.ts",
    source: 'export const bytes = new TextEncoder().encode(new URL("https://a.example/").href);\n',
    want: [],
  },
  ...["process", "fetch", "Date", "setTimeout", "performance", "crypto", "console", "window", "document", "Buffer"].map(
    (name): Row => ({
      title: `protocol must not use the global ${name}`,
      file: `packages/protocol/src/global-${name.toLowerCase()}.ts`,
      source: `export const value = ${name};\n`,
      want: ["lint/style/noRestrictedGlobals"],
    }),
  ),
  {
    title: "browser may use the global Date",
    file: "packages/browser/src/global-date.ts",
    source: "export const value = Date;\n",
    want: [],
  },
];

/** The parts of Biome's JSON report that the test reads. */
interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly severity: string;
    readonly location: { readonly path: string };
  }[];
}

describe("the lint configuration enforces the import direction", () => {
  const allRows = [...packageRows, ...rows];
  const folder = mkdtempSync(join(tmpdir(), "corsac-import-direction-"));
  const reported = new Map<string, string[]>();

  beforeAll(() => {
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    cpSync(join(root, "biome.json"), join(folder, "biome.json"));
    cpSync(join(root, ".gitignore"), join(folder, ".gitignore"));
    for (const name of names) {
      // Every package declares every other one, so that only the direction can be wrong.
      const dependencies = Object.fromEntries(names.map((other) => [specifierOf(other), "*"]));
      const manifest = { name: specifierOf(name), dependencies, devDependencies: { vitest: "*" } };
      write(`${folderOf(name)}/package.json`, JSON.stringify(manifest));
    }
    for (const row of allRows) write(row.file, row.source);

    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const options = ["lint", "--reporter=json", "--max-diagnostics=none", "."];
    const { stdout, stderr } = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: "utf8" });
    if (stdout === "") throw new Error(`biome printed no report: ${stderr}`);
    for (const { category, severity, location } of (JSON.parse(stdout) as Report).diagnostics) {
      if (severity !== "error") continue;
      const rules = reported.get(location.path) ?? [];
      if (!rules.includes(category)) rules.push(category);
      reported.set(location.path, rules);
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // Biome's threads report in any order.
  test.each(allRows)("$title", (row) =>
    expect([...(reported.get(row.file) ?? [])].sort()).toEqual([...row.want].sort()),
  );
});
