#!/usr/bin/env node
// Runs the listed tests against an agent under test: any fetch implementation for Node, through an
// adapter module (README.md says what it must export).
//
//   node run-node.mjs ADAPTER [--list=list.txt] [--only=substring] [--out=FILE] [--jobs=4]
//                     [--log=FILE] [--verbose] [--slow=1]   (--slow multiplies the time limits)
//
// ADAPTER is a file, or the name of one in adapters/.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import * as lib from "./lib.mjs";

// The CA and the host names must be in place before Node starts, also in processes which an agent starts.
if (process.env.LAB_WPT_CHILD !== "1") {
  const child = spawn(process.execPath, process.argv.slice(1), {
    stdio: "inherit",
    env: {
      ...process.env,
      LAB_WPT_CHILD: "1",
      NODE_EXTRA_CA_CERTS: lib.CA,
      NODE_OPTIONS:
        `${process.env.NODE_OPTIONS || ""} --require=${path.join(lib.HERE, "dns-map.cjs")} --no-warnings`.trim(),
    },
  });
  const [code] = await new Promise((resolve) => child.once("exit", (...a) => resolve(a)));
  process.exit(code ?? 1);
}

const opt = lib.parseArgs(process.argv.slice(2), { list: path.join(lib.HERE, "list.txt"), jobs: 4, slow: 1 });
const name = opt._[0];
if (!name) {
  console.error("usage: run-node.mjs ADAPTER [--list=] [--only=] [--out=] [--jobs=]");
  process.exit(2);
}
const file = fs.existsSync(name) ? path.resolve(name) : path.join(lib.HERE, "adapters", `${name}.mjs`);
const product = path.basename(file).replace(/\.[cm]?js$/, "");
const adapter = pathToFileURL(file).href;

const server = await lib.startServer({ log: opt.log });
const skips = new Map(lib.readSkips(opt.list).map((e) => [e.test, e.skip]));
const tests = [...skips.keys()].filter((t) => !opt.only || t.includes(opt.only));
const out = opt.out || path.join(os.tmpdir(), `wpt-results-${product}.json`);
const results = {};
const started = Date.now();

function once(test) {
  const limit = (lib.isLong(test) ? 30 : 15) * Number(opt.slow);
  const t0 = Date.now();
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./agent.mjs", import.meta.url), {
      workerData: { adapter, test, url: lib.testUrl(test), limit, skip: skips.get(test), ca: lib.CA },
      stdout: !opt.verbose,
      stderr: !opt.verbose,
    });
    let result = { harness: "ERROR: the agent ended without results", seconds: 0, subtests: {} };
    const late = setTimeout(() => worker.terminate(), (limit + 10) * 1000);
    worker.on("message", (m) => {
      result = lib.toResult(m, (Date.now() - t0) / 1000);
      worker.terminate();
    });
    worker.on("error", (e) => {
      result = { ...result, harness: `ERROR: ${String(e?.message ?? e).slice(0, 200)}` };
    });
    worker.on("exit", () => {
      clearTimeout(late);
      resolve(result);
    });
  });
}

await lib.pool(tests, Number(opt.jobs), async (test) => {
  results[test] = await once(test);
  const { pass, total } = lib.totals({ t: results[test] });
  if (opt.verbose) {
    console.log(`${test}: ${pass}/${total} ${results[test].harness} ${results[test].seconds}s`);
    for (const [n, s] of Object.entries(results[test].subtests)) if (s !== "PASS") console.log(`    ${n}\n      ${s}`);
  }
});
const { pass, total } = lib.totals(results);
let version = process.version;
try {
  version = (await import(adapter)).version?.() ?? version;
} catch {}
console.log(
  `${product} ${version}: ${pass}/${total} subtests in ${tests.length} files, ${Math.round((Date.now() - started) / 1000)} s -> ${out}`,
);
lib.writeResults(out, product, version, results);
server.close();
