// What the runners share: the server process, lists of tests, URLs of tests, result files.
import { spawn } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const HERE = path.dirname(fileURLToPath(import.meta.url));
export const WPT_DIR = process.env.WPT_DIR || path.join(os.tmpdir(), "wpt-tests");
const LAB_NPM = process.env.LAB_NPM || path.join(os.tmpdir(), "wpt-npm");
const PORTS = (process.env.WPT_PORTS || "27180,27181,27443,27444").split(",").map(Number);
const HOST = "web-platform.test";
export const CA = path.join(WPT_DIR, ".lab", "ca.pem");

/** Imports an npm package from this folder, from LAB_NPM, or from wherever Node finds it. */
export async function importPackage(name) {
  for (const base of [path.join(HERE, "x.js"), path.join(LAB_NPM, "x.js")]) {
    try {
      const found = createRequire(base).resolve(name);
      return await import(pathToFileURL(found).href);
    } catch (e) {
      if (e.code !== "MODULE_NOT_FOUND") throw e;
    }
  }
  throw new Error(`npm package ${name} not found: run setup.sh --npm`);
}

export function packageVersion(name) {
  for (const base of [HERE, LAB_NPM]) {
    const file = path.join(base, "node_modules", name, "package.json");
    if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, "utf8")).version;
  }
  return "unknown";
}

/** Starts server.py; resolves when it listens. */
export async function startServer({ log, multiplier = 1 } = {}) {
  const args = [
    path.join(HERE, "server.py"),
    "--until-eof",
    "--root",
    WPT_DIR,
    "--ports",
    PORTS.join(","),
    "--multiplier",
    String(multiplier),
  ];
  if (log) args.push("--log", log);
  const child = spawn("python3", args, { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", (code) =>
      reject(new Error(`server ended with ${code}; are the ports ${PORTS} free? (WPT_PORTS changes them)`)),
    );
  });
  return { close: () => child.stdin.end() };
}

/** Lines of a list: `path[?query] [skip=/pattern/]`, then comments after #. */
export function readList(file) {
  return readSkips(file).map((e) => e.test);
}

export function readSkips(file) {
  return fs
    .readFileSync(file, "utf8")
    .split("\n")
    .map((l) => l.replace(/(^|\s)#.*/, "").trim())
    .filter(Boolean)
    .map((l) => {
      const m = /^(\S+)(?:\s+skip=\/(.*)\/)?$/.exec(l);
      if (!m) throw new Error(`bad line in ${file}: ${l}`);
      return { test: m[1], skip: m[2] };
    });
}

/** Short, stable id of a subtest: reference.json holds ids instead of the tests' own titles. */
export const subtestId = (name) => crypto.createHash("sha256").update(name).digest("base64url").slice(0, 8);

/** The URL of a path on the first http origin. */
export const pageUrl = (path) => `http://${HOST}:${PORTS[0]}/${path}`;

/** The page URL of a test file. */
export function testUrl(test) {
  const [file, query] = test.split("?");
  const page = file.replace(/\.(any|window)\.js$/, ".$1.html");
  const secure = /\.https\./.test(file);
  return `${secure ? "https" : "http"}://${HOST}:${secure ? PORTS[2] : PORTS[0]}/${page}${query ? `?${query}` : ""}`;
}

export function isLong(test) {
  const file = test.split("?")[0];
  const text = fs.readFileSync(path.join(file.startsWith("own/") ? HERE : WPT_DIR, file), "utf8");
  return /META:\s*timeout=long|name=.?timeout.? content=.?long/.test(text);
}

const STATUS = ["PASS", "FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION_FAILED"];
const HARNESS = ["OK", "ERROR", "TIMEOUT", "PRECONDITION_FAILED"];

/** Subtest names carry ports and random ids: make them the same in every run. */
function stableName(name) {
  const label = ["http0", "http1", "https0", "https1"];
  return PORTS.reduce((s, p, i) => s.replaceAll(String(p), label[i]), name).replace(
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
    "UUID",
  );
}

/** Harness results of one file -> the form kept in result files. */
export function toResult(raw, seconds) {
  const seen = new Map();
  const subtests = {};
  for (const t of raw.tests) {
    let name = stableName(t.name);
    const n = (seen.get(name) || 0) + 1;
    seen.set(name, n);
    if (n > 1) name += ` [${n}]`;
    subtests[name] =
      t.status === 0 ? "PASS" : `${STATUS[t.status]}: ${stableName(String(t.message || "")).slice(0, 200)}`;
  }
  const h = raw.harness;
  return {
    harness: h.status === 0 ? "OK" : `${HARNESS[h.status] || h.status}: ${String(h.message || "").slice(0, 200)}`,
    seconds,
    subtests,
  };
}

export function writeResults(file, product, version, results) {
  const sorted = Object.fromEntries(
    Object.keys(results)
      .sort()
      .map((k) => [k, results[k]]),
  );
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify({ product, version, results: sorted }, null, 1)}\n`);
}

export function totals(results) {
  let pass = 0;
  let total = 0;
  for (const r of Object.values(results)) {
    for (const s of Object.values(r.subtests)) {
      total++;
      if (s === "PASS") pass++;
    }
  }
  return { pass, total };
}

export async function pool(items, size, work) {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: size }, async () => {
      while (queue.length) await work(queue.shift());
    }),
  );
}

export function parseArgs(argv, defaults) {
  const out = { ...defaults, _: [] };
  for (const a of argv) {
    const m = /^--([\w-]+)(?:=(.*))?$/.exec(a);
    if (m) out[m[1]] = m[2] ?? true;
    else out._.push(a);
  }
  return out;
}

/** What real browsers pass, by file and subtest id. */
export const readReference = () => JSON.parse(fs.readFileSync(path.join(HERE, "reference.json"), "utf8"));

/** The ids of the subtests of a file that both Chromium and Firefox pass. */
export const agreedIds = (reference, test) =>
  Object.entries(reference.files[test] ?? {})
    .filter(([, letters]) => letters.startsWith("PP"))
    .map(([id]) => id);

/** The results of one file, by subtest id. */
export const outcomesById = (result) =>
  new Map(Object.entries(result?.subtests ?? {}).map(([name, outcome]) => [subtestId(name), { name, outcome }]));
