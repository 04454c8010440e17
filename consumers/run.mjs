// @ts-check
// Packs the packages, installs the tarballs into an empty folder as a stranger would, and looks at what they get:
// contents, publint, attw, ESM, CommonJS, TypeScript, the command, and other runtimes. `npm run consumers`.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandOfNpm, root } from "../scripts/setup.mjs";

const folder = mkdtempSync(join(tmpdir(), "corsac-consumers-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const results = { passed: 0, failed: 0 };

/**
 * Runs one check and counts it. A check fails by throwing; the others still run.
 *
 * @param {string} title
 * @param {() => void} check
 */
function check(title, check) {
  const start = performance.now();
  const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    check();
    results.passed += 1;
    console.log(`ok      ${title} (${took()})`);
  } catch (error) {
    results.failed += 1;
    console.log(`FAILED  ${title} (${took()})\n${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Runs a program and returns what it wrote to standard output; throws with all that it wrote when it fails.
 *
 * @param {string} cwd
 * @param {readonly string[]} command
 * @param {number} [expectedStatus]
 */
function run(cwd, [program = "", ...args], expectedStatus = 0) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (error) throw error;
  if (status !== expectedStatus) throw new Error(`exit code ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** @param {unknown} condition @param {string} message */
function expect(condition, message) {
  if (!condition) throw new Error(message);
}

const node = process.execPath;
/** @type {(file: string) => any} */
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

const tarballs = join(folder, "tarballs");
const packages = readdirSync(join(root, "packages")).map((directory) => {
  const manifest = readJson(join(root, "packages", directory, "package.json"));
  const name = String(manifest.name);
  return {
    name,
    manifest,
    tarball: join(tarballs, `${name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`),
  };
});

mkdirSync(tarballs);
const workspaces = packages.flatMap(({ name }) => ["--workspace", name]);
run(root, [...commandOfNpm(), "pack", "--silent", "--pack-destination", tarballs, ...workspaces]);

for (const { name, manifest, tarball } of packages) {
  const files = run(root, ["tar", "-tzf", tarball])
    .trim()
    .split("\n")
    .map((path) => path.replace("package/", ""));
  check(`${name}: the tarball holds what it should and nothing else`, () => {
    for (const wanted of ["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.d.ts", "src/index.ts"]) {
      expect(files.includes(wanted), `${wanted} is missing`);
    }
    const unwanted = files.filter((path) => /\.test\.|tsbuildinfo|tsconfig|node_modules|fixtures/.test(path));
    expect(unwanted.length === 0, `unwanted: ${unwanted.join(", ")}`);
    const withoutSource = files
      .filter((path) => path.startsWith("dist/") && path.endsWith(".js"))
      .filter((path) => !files.includes(path.replace("dist/", "src/").replace(".js", ".ts")));
    expect(withoutSource.length === 0, `stale: ${withoutSource.join(", ")}`);
    for (const other of packages) {
      const wanted = manifest.dependencies?.[other.name] ?? manifest.version;
      expect(wanted === manifest.version, `${other.name} is wanted in ${wanted}, not in ${manifest.version}`);
    }
  });
  check(`${name}: publint`, () => run(root, [node, "node_modules/publint/src/cli.js", "run", tarball, "--strict"]));
  check(`${name}: are the types wrong`, () => {
    run(root, [node, "node_modules/@arethetypeswrong/cli/dist/index.js", tarball, "--profile", "esm-only"]);
  });
}

const project = join(folder, "project");
cpSync(join(root, "consumers"), project, { recursive: true });
const manifest = readJson(join(project, "package.json"));
for (const { name, tarball } of packages) manifest.dependencies[name] = `file:${tarball}`;
writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
run(project, [...commandOfNpm(), "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]);

/** @param {string} name */
const program = (name) => join(project, "node_modules/.bin", process.platform === "win32" ? `${name}.cmd` : name);

check("ESM", () => run(project, [node, "esm/main.mjs"]));
check("ESM: @corsac/server without a framework", () => run(project, [node, "esm/server.mjs"]));
check("ESM: @corsac/gateway without its optional stores", () => run(project, [node, "esm/gateway.mjs"]));
check("CommonJS require", () => run(project, [node, "commonjs/main.cjs"]));
for (const [compiler, version] of [
  ["typescript", "7"],
  ["typescript-5", "5.9"],
]) {
  for (const resolution of ["node16", "nodenext", "bundler", "page"]) {
    check(`TypeScript ${version}: ${resolution}`, () => {
      run(project, [node, `node_modules/${compiler}/bin/tsc`, "-p", `typescript/tsconfig.${resolution}.json`]);
    });
  }
}
check("the command: --version and --help", () => {
  const corsac = join(project, "node_modules/corsac");
  expect(existsSync(corsac), "corsac is not installed");
  const version = run(project, [program("corsac"), "--version"]).trim();
  expect(version.endsWith(readJson(join(corsac, "package.json")).version), `--version printed ${version}`);
  expect(run(project, [program("corsac"), "--help"]).includes("corsac check"), "--help does not name `corsac check`");
});

check("the command: exit codes and --json", () => run(project, [node, "command/main.mjs", program("corsac")]));

check("the command: `corsac gateway` starts, answers and stops", () => {
  run(project, [node, "command/gateway.mjs", join(project, "node_modules/corsac/bin/corsac.js")]);
});

check("Node runs @corsac/protocol", () => run(project, [node, "runtimes/main.mjs"]));
check("Bun runs @corsac/protocol", () => run(project, [program("bun"), "runtimes/main.mjs"]));
check("Deno runs @corsac/protocol", () =>
  run(project, [program("deno"), "run", "--node-modules-dir=manual", "runtimes/main.mjs"]),
);
check("workerd runs @corsac/protocol", () => {
  writeFileSync(join(project, "workerd.capnp"), workerdConfig());
  run(project, [program("workerd"), "test", "workerd.capnp"]);
});

/** workerd resolves imports among the modules it is given, not on a disk; so it is given each file under its name. */
function workerdConfig() {
  const dist = join(project, "node_modules/@corsac/protocol/dist");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".js"));
  const modules = [
    `(name = "worker.mjs", esModule = embed "runtimes/worker.mjs")`,
    `(name = "protocol.mjs", esModule = embed "runtimes/protocol.mjs")`,
    `(name = "@corsac/protocol", esModule = "export * from './protocol/dist/index.js';")`,
    ...files.map((path) => {
      const file = `protocol/dist/${path.replaceAll("\\", "/")}`;
      return `(name = "@corsac/${file}", esModule = embed "node_modules/@corsac/${file}")`;
    }),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (compatibilityDate = "2025-01-01", modules = [\n${modules.join(",\n")}\n]);
`;
}

console.log(`${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed === 0 ? 0 : 1;
