// @ts-check
// Builds the page of the lab, and the bookshop, when what they are made of has changed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashOfSources, root, tool } from "./setup.mjs";

const parts = [
  ...["lab/page", "lab/origins/bookshop/app", "lab/situation", "lab/vite.config.ts", "package-lock.json"],
  ...["packages/protocol", "packages/server/src"],
];
const outputs = ["lab/page/dist/index.html", "lab/origins/bookshop/dist/bookshop.js"];
const stamp = join(root, "node_modules/.cache/corsac/lab-page.sha256");

/**
 * Builds the page of the lab unless nothing that it is made of has changed.
 *
 * @returns {boolean} whether it is built
 */
export function buildPage() {
  const hash = hashOfSources(root, parts);
  const isBuilt = existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
  if (isBuilt && outputs.every((output) => existsSync(join(root, output)))) return true;
  process.stderr.write("Building the page of the lab (vite build) …\n");
  // Where tests ask for it, React would be built as it is for tests.
  const variables = { NODE_ENV: "production" };
  if (!tool("vite/bin/vite.js", ["build", "--config", "lab/vite.config.ts", "--logLevel", "warn"], variables)) {
    process.stderr.write("The page of the lab could not be built: the bundler says why above.\n");
    return false;
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
  return true;
}

/** Vitest calls this before the tests of the lab. */
export function setup() {
  if (!buildPage()) throw new Error("The page of the lab could not be built.");
}
