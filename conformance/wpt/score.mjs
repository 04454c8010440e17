#!/usr/bin/env node
// Scores result files against reference.json.
//
//   node score.mjs [--list=list.txt|own.txt] [--files] [--browsers] [--markdown]
//                  [--failed] RESULT.json...
//
// What counts: subtests which both Chromium and Firefox pass ("agreed"). A subtest which the agent did
// not report counts as failed. --files prints a row per file instead of per group, --browsers adds what each
// browser passes of all subtests, --markdown prints a table for a document, --failed names what the first
// agent fails.
import fs from "node:fs";
import path from "node:path";
import * as lib from "./lib.mjs";

const opt = lib.parseArgs(process.argv.slice(2), { list: path.join(lib.HERE, "list.txt") });
const listFile = fs.existsSync(opt.list) ? opt.list : path.join(lib.HERE, opt.list);
const reference = lib.readReference();
const runs = opt._.map((f) => JSON.parse(fs.readFileSync(f, "utf8")));
const group = (t) =>
  t.startsWith("fetch/api/")
    ? t.split("/").slice(0, 3).join("/")
    : t.startsWith("fetch/")
      ? t.split("/").slice(0, 2).join("/")
      : t.split("/")[0];

const rows = new Map();
const failed = [];
for (const test of lib.readList(listFile)) {
  const ref = reference.files[test];
  if (!ref) {
    console.error(`${test}: not in reference.json`);
    continue;
  }
  const agreed = lib.agreedIds(reference, test);
  const passes = runs.map((run) => {
    const outcomes = lib.outcomesById(run.results[test]);
    const failing = agreed.filter((id) => outcomes.get(id)?.outcome !== "PASS");
    if (run === runs[0]) {
      for (const id of failing) {
        const { name, outcome } = outcomes.get(id) ?? {
          name: "(not reported)",
          outcome: `harness ${run.results[test]?.harness ?? "did not run it"}`,
        };
        failed.push([test, `${id} ${name}`, outcome]);
      }
    }
    return agreed.length - failing.length;
  });
  for (const key of [opt.files ? test : group(test), "total"]) {
    const row = rows.get(key) ?? {
      files: 0,
      all: 0,
      agreed: 0,
      browsers: reference.browsers.map(() => 0),
      passes: runs.map(() => 0),
    };
    row.files++;
    row.all += Object.keys(ref).length;
    row.agreed += agreed.length;
    row.browsers = row.browsers.map((n, i) => n + Object.values(ref).filter((s) => s[i] === "P").length);
    passes.forEach((p, i) => {
      row.passes[i] += p;
    });
    rows.set(key, row);
  }
}
const total = rows.get("total");
rows.delete("total");
rows.set("total", total);
if (!runs.length) opt.browsers = true;
const head = [
  opt.files ? "file" : "group",
  "files",
  "subtests",
  ...(opt.browsers ? reference.browsers.map((b) => b.split(" ")[0]) : []),
  "agreed",
  ...runs.map((r) => r.product),
];
const table = [
  head,
  ...[...rows].map(([k, r]) => [k, r.files, r.all, ...(opt.browsers ? r.browsers : []), r.agreed, ...r.passes]),
];
if (opt.files) for (const r of table) r.splice(1, 1);
if (opt.markdown) {
  table.forEach((r, i) => {
    console.log(`| ${r.join(" | ")} |`);
    if (!i) console.log(`|${r.map((_, j) => (j ? "--:" : "---")).join("|")}|`);
  });
} else {
  const widths = head.map((_, c) => Math.max(...table.map((r) => String(r[c] ?? "").length)));
  for (const r of table)
    console.log(r.map((v, c) => (c ? String(v).padStart(widths[c]) : String(v).padEnd(widths[c]))).join("  "));
  for (const [i, r] of runs.entries())
    console.log(
      `${r.product} (${r.version}): ${total.passes[i]}/${total.agreed} = ${((100 * total.passes[i]) / total.agreed).toFixed(1)} %`,
    );
}
if (opt.failed) for (const [t, n, s] of failed) console.log(`${t}\n    ${n}\n    ${s}`);
