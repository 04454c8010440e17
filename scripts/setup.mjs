// @ts-check
// Sets the workspace up: installs and builds, each only when something changed. Plain Node without a dependency,
// because it runs right after `git clone`. `npm start` and `npm test` both begin here.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the workspace. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Says in one sentence why this version of Node does not do, or nothing when it does.
 *
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined}
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return fits ? undefined : `corsac needs Node 20.19 or newer (of 22: 22.12 or newer); this is Node ${version}.`;
}

/**
 * @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, optional?: boolean }} LockedPackage
 */

/**
 * Reports whether what is installed is what the lock file asks for. npm keeps a list of what it installed in the
 * same form, so that an `npm install` by hand counts as much as one from here. Optional packages may be missing:
 * most of them are for other platforms.
 *
 * @param {string} folder the folder that holds package-lock.json
 * @returns {boolean}
 */
export function isInstalled(folder) {
  const listOfInstalled = join(folder, "node_modules/.package-lock.json");
  if (!existsSync(listOfInstalled)) return false;
  /** @type {(file: string) => Record<string, LockedPackage>} */
  const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const installed = packagesOf(listOfInstalled);
  return Object.entries(packagesOf(join(folder, "package-lock.json"))).every(([path, wanted]) => {
    // "" is the workspace itself; a path outside node_modules is a package of it, which is linked, not installed.
    if (!path.includes("node_modules/")) return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true;
    return wanted.link === true ? found.resolved === wanted.resolved : found.integrity === wanted.integrity;
  });
}

const buildInputs = /(?:\.(?:css|html|svg|tsx?)|tsconfig[^/]*\.json|package\.json)$/;

/**
 * A hash over names and contents of what a build reads: in folders the sources (those of a page, too), tsconfig files
 * and package.json files; single files as they are.
 *
 * @param {string} folder
 * @param {readonly string[]} parts files and folders in it to look at; absent ones count as empty
 * @returns {string} hexadecimal
 */
export function hashOfSources(folder, parts) {
  const hash = createHash("sha256");
  /** @type {(path: string) => void} */
  const addFile = (path) => {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(folder, path)))
      .update("\0");
  };
  /** @type {(path: string) => void} */
  const addFolder = (path) => {
    const entries = readdirSync(join(folder, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && entry.name !== "dist") addFolder(inner);
      } else if (buildInputs.test(inner)) addFile(inner);
    }
  };
  for (const part of parts) {
    if (!existsSync(join(folder, part))) continue;
    if (statSync(join(folder, part)).isDirectory()) addFolder(part);
    else addFile(part);
  }
  return hash.digest("hex");
}

const bundleScript = "scripts/bundle-command.mjs";
const builtParts = [
  ...["tsconfig.json", "tsconfig.base.json", "package-lock.json", bundleScript, "packages", "examples"],
  ...["lab/tsconfig.json", "lab/package.json", "lab/situation", "lab/run", "lab/origins"],
];
const stamp = "node_modules/.cache/corsac/build.sha256";

/** @returns {{ sources: string, output: string }[]} the folders that tsc reads and writes */
function builtFolders() {
  const packages = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));
  return [
    ...packages.map((folder) => ({ sources: join(folder, "src"), output: join(folder, "dist") })),
    { sources: join(root, "examples"), output: join(root, "examples/dist") },
    { sources: join(root, "lab"), output: join(root, "lab/dist") },
  ];
}

/**
 * Removes from `output` what has no source any more: tsc never does, and it would be published.
 *
 * @param {string} sources
 * @param {string} output
 */
export function removeStaleOutput(sources, output) {
  if (!existsSync(output)) return;
  for (const path of readdirSync(output, { recursive: true, encoding: "utf8" })) {
    const stem = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(path)?.[1];
    if (stem !== undefined && !existsSync(join(sources, `${stem}.ts`))) rmSync(join(output, path));
  }
}

/**
 * Runs a program, its output passed on.
 *
 * @param {readonly string[]} command
 * @param {Record<string, string>} [variables] of its environment, besides those of this process
 * @returns {boolean} whether it succeeded
 */
function run([program = "", ...args], variables = {}) {
  const env = { ...process.env, ...variables };
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit", env });
  if (error) say(`${program}: ${error.message}`);
  return status === 0;
}

/**
 * The words that start npm: the one that started this process, where one did.
 *
 * @returns {string[]}
 */
export function commandOfNpm() {
  const cli = process.env.npm_execpath;
  if (cli !== undefined && /\.c?js$/.test(cli)) return [process.execPath, cli];
  return process.platform === "win32" ? ["cmd.exe", "/c", "npm"] : ["npm"];
}

/**
 * Runs a program of an installed package with this Node, without the detour over npx.
 *
 * @param {string} file its path below node_modules
 * @param {readonly string[]} args
 * @param {Record<string, string>} [variables] of its environment, besides those of this process
 */
export function tool(file, args, variables) {
  return run([process.execPath, join(root, "node_modules", file), ...args], variables);
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Installs the dependencies unless they are. Exits when that fails. */
export function install() {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== undefined) {
    say(problem);
    process.exit(1);
  }
  if (isInstalled(root)) return;
  say("Installing dependencies (npm ci) …");
  const ci = [...commandOfNpm(), "ci", "--no-audit", "--no-fund"];
  // npm would ask the registry about each package that its cache has, a thousand times. Only where the cache is too old
  // to know a version does that help.
  if (run([...ci, "--prefer-offline", "--loglevel=silent"]) || run([...ci, "--loglevel=error"])) return;
  say("corsac could not install its dependencies: npm says why above.");
  process.exit(1);
}

/** Compiles the packages, the examples and the lab unless no source changed since the last time. Exits when that fails. */
export function build() {
  const hash = hashOfSources(root, builtParts);
  const stampFile = join(root, stamp);
  const isBuilt = existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash;
  const folders = builtFolders();
  const outputs = [...folders.map(({ output }) => output), join(root, "packages/corsac/bundle")];
  if (isBuilt && outputs.every((output) => existsSync(output))) return;
  say("Building (tsc -b) …");
  for (const { sources, output } of folders) removeStaleOutput(sources, output);
  if (!tool("typescript/bin/tsc", ["-b", "tsconfig.build.json"])) {
    say("corsac could not be built: the compiler says why above.");
    process.exit(1);
  }
  if (!run([process.execPath, join(root, bundleScript)])) {
    say("The corsac command could not be bundled: the bundler says why above.");
    process.exit(1);
  }
  mkdirSync(join(root, "node_modules/.cache/corsac"), { recursive: true });
  writeFileSync(stampFile, hash);
}

/** Installs and builds what is not installed and built yet. */
export function setUp() {
  install();
  build();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
