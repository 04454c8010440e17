#!/usr/bin/env node
// Makes reference.json: what real browsers pass, from result files of run-browser.mjs.
//
//   node reference.mjs chromium.json firefox.json [webkit.json]
//
// Per file and subtest (by id, see subtestId in lib.mjs) one letter per browser: P pass, F fail, - not reported.
import fs from "node:fs";
import path from "node:path";
import * as lib from "./lib.mjs";

const runs = process.argv.slice(2).map((f) => JSON.parse(fs.readFileSync(f, "utf8")));
if (runs.length < 2) {
  console.error("usage: reference.mjs chromium.json firefox.json [webkit.json]");
  process.exit(2);
}
const files = {};
for (const list of ["list.txt", "own.txt"]) {
  for (const { test, skip } of lib.readSkips(path.join(lib.HERE, list))) {
    const names = new Set(runs.flatMap((r) => Object.keys(r.results[test]?.subtests ?? {})));
    const entry = {};
    files[test] = entry;
    for (const name of names) {
      if (skip && new RegExp(skip).test(name)) continue;
      const id = lib.subtestId(name);
      if (entry[id]) throw new Error(`two subtests share an id: ${test}: ${name}`);
      entry[id] = runs
        .map((r) => {
          const s = r.results[test]?.subtests[name];
          return s === undefined ? "-" : s === "PASS" ? "P" : "F";
        })
        .join("");
    }
  }
}
const browsers = runs.map((r) => `${r.product} ${r.version.replace(/^.*[ /]/, "")}`);
const lines = Object.entries(files).map(([f, e]) => ` ${JSON.stringify(f)}: ${JSON.stringify(e)}`);
fs.writeFileSync(
  path.join(lib.HERE, "reference.json"),
  `{ "browsers": ${JSON.stringify(browsers)}, "files": {\n${lines.join(",\n")}\n} }\n`,
);
const all = Object.values(files).flatMap((e) => Object.values(e));
console.log(
  `${Object.keys(files).length} files, ${all.length} subtests, ${all.filter((s) => s.startsWith("PP")).length} pass in ${browsers.slice(0, 2).join(" and ")}`,
);
