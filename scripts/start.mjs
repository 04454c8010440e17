// @ts-check
// `npm start`: sets up what is missing, builds the page of the lab when it has changed, and starts the lab.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashOfSources, root, setUp, tool } from "./setup.mjs";

const startedAt = Date.now();
const pageParts = ["lab/page", "lab/situation", "lab/vite.config.ts", "packages/protocol", "package-lock.json"];
const stamp = join(root, "node_modules/.cache/corsac/lab-page.sha256");

/** Builds the page of the lab unless nothing that it is made of has changed. Exits when that fails. */
function buildPage() {
  const hash = hashOfSources(root, pageParts);
  const isBuilt = existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
  if (isBuilt && existsSync(join(root, "lab/page/dist/index.html"))) return;
  process.stderr.write("Building the page of the lab (vite build) …\n");
  if (!tool("vite/bin/vite.js", ["build", "--config", "lab/vite.config.ts", "--logLevel", "warn"])) {
    process.stderr.write("The page of the lab could not be built: the bundler says why above.\n");
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

setUp();
buildPage();
const { runLab } = await import(new URL("../lab/dist/origins/main.js", import.meta.url).href);
const status = await runLab(process.argv.slice(2), startedAt);
if (status !== null) process.exitCode = status;
