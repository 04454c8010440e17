#!/usr/bin/env node
// Runs list.txt and own.txt against @corsac/browser and compares with expectations.txt: exit code 1 for a subtest that
// fails unexpectedly, for one that passes although a failure is expected, and for a line that names no such subtest.
//
//   node check.mjs [--jobs=4] [--slow=1] [--only=substring]
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as lib from "./lib.mjs";

const opt = lib.parseArgs(process.argv.slice(2), {});
if (!fs.existsSync(path.join(lib.WPT_DIR, "resources", "testharness.js"))) {
  console.error(
    `There are no web-platform-tests in ${lib.WPT_DIR}: run setup.sh, and set WPT_DIR if they lie elsewhere.`,
  );
  process.exit(2);
}

/** Lines of expectations.txt: a file, the id of a subtest, and the reason why it fails. */
const expected = new Map(
  fs
    .readFileSync(path.join(lib.HERE, "expectations.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [test, id, ...reason] = line.split(" ");
      if (reason.length === 0) throw new Error(`expectations.txt gives no reason: ${line}`);
      return [`${test} ${id}`, reason.join(" ")];
    }),
);

const reference = lib.readReference();
const passed = Object.entries(opt).flatMap(([key, value]) => (key === "_" ? [] : [`--${key}=${value}`]));
const surprises = [];
for (const list of ["list.txt", "own.txt"]) {
  const out = path.join(os.tmpdir(), `wpt-results-corsac-${path.basename(list, ".txt")}.json`);
  const options = [`--list=${path.join(lib.HERE, list)}`, `--out=${out}`, ...passed];
  const child = spawn(process.execPath, [path.join(lib.HERE, "run-node.mjs"), "corsac", ...options], {
    stdio: "inherit",
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) process.exit(2);
  const { results } = JSON.parse(fs.readFileSync(out, "utf8"));
  let passes = 0;
  let agreed = 0;
  for (const test of lib.readList(path.join(lib.HERE, list))) {
    if (opt.only && !test.includes(opt.only)) continue;
    const outcomes = lib.outcomesById(results[test]);
    for (const id of lib.agreedIds(reference, test)) {
      const { name, outcome } = outcomes.get(id) ?? { name: "(not reported)", outcome: results[test]?.harness };
      const reason = expected.get(`${test} ${id}`);
      expected.delete(`${test} ${id}`);
      agreed++;
      if (outcome === "PASS") passes++;
      if (outcome !== "PASS" && reason === undefined) surprises.push(`fails: ${test} ${id} ${name}\n    ${outcome}`);
      if (outcome === "PASS" && reason !== undefined)
        surprises.push(`passes, against ${reason}: ${test} ${id} ${name}`);
    }
  }
  if (agreed > 0)
    console.log(`${list}: ${passes} of ${agreed} agreed subtests = ${((100 * passes) / agreed).toFixed(1)} %`);
}
if (!opt.only) for (const key of expected.keys()) surprises.push(`expectations.txt names no agreed subtest: ${key}`);
for (const surprise of surprises) console.error(surprise);
process.exit(surprises.length > 0 ? 1 : 0);
