// One test file in one worker thread: the page which the adapter makes becomes this thread's global
// environment, and testharness.js runs in it as classic scripts.
//
// The thread's own realm is the realm of the test, so that the TypeError which an implementation
// throws is the TypeError which the test names.

import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import vm from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { makeXMLHttpRequest } from "./xhr.mjs";

const { adapter, url, limit, ca, skip } = workerData;
const NodeEvent = Event; // an adapter may replace the global one

/** Gets a test's own files, without the agent under test. */
function get(target) {
  const u = new URL(target);
  return new Promise((resolve, reject) => {
    const secure = u.protocol === "https:";
    const req = (secure ? https : http).get(
      u,
      {
        host: "127.0.0.1",
        servername: u.hostname,
        headers: { host: u.host },
        ca: secure ? fs.readFileSync(ca) : undefined,
      },
      (res) => {
        const parts = [];
        res.on("data", (d) => parts.push(d));
        res.on("end", () =>
          resolve({
            status: res.statusCode,
            headers: res.headers,
            rawHeaders: res.rawHeaders,
            text: Buffer.concat(parts).toString("utf8"),
          }),
        );
      },
    );
    req.on("error", reject);
  });
}

/** The scripts of a page, in order: [{ src }] or [{ text }]. */
function scriptsOf(html) {
  const out = [];
  for (const m of html.replace(/<!--[\s\S]*?-->/g, "").matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi)) {
    const src = /\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(m[1]);
    const type = /\btype\s*=\s*["']?([^"'\s>]+)/i.exec(m[1])?.[1];
    if (type && !/javascript$/i.test(type)) throw new Error(`script type ${type} is not supported`);
    const value = src && (src[1] ?? src[2] ?? src[3]).replaceAll("&amp;", "&");
    out.push(src ? { src: value } : { text: m[2] });
  }
  return out;
}

const define = (name, value) =>
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });

function makeDocument(title, cookie) {
  const target = new EventTarget();
  Object.defineProperty(target, "cookie", {
    get: () => (cookie ? cookie.get() : ""),
    set(v) {
      cookie?.set(v);
      if (shim) shim.setCookie(v); // its thread has a page of its own
    },
  });
  return Object.assign(target, {
    title,
    URL: url,
    documentURI: url,
    baseURI: url,
    domain: new URL(url).hostname,
    referrer: "",
    characterSet: "UTF-8",
    readyState: "loading",
    getElementById: () => null,
    getElementsByTagName: () => [],
    querySelector: () => null,
    querySelectorAll: () => [],
    createElement: (name) => {
      throw new Error(`no DOM here: document.createElement(${name})`);
    },
  });
}

const problems = [];
process.on("unhandledRejection", (e) => problems.push(`unhandled rejection: ${e?.message ?? e}`));
process.on("uncaughtException", (e) => problems.push(`uncaught: ${e?.message ?? e}`));

const main = await get(url);
const sources = [];
for (const s of scriptsOf(main.text)) {
  const target = s.src && new URL(s.src, url).href;
  if (target && /\/resources\/testharnessreport\.js$/.test(target)) continue;
  const got = target ? await get(target) : { status: 200, text: s.text };
  if (got.status !== 200) problems.push(`${target}: ${got.status}`);
  else
    sources.push({ name: target || url, text: got.text, harness: /\/resources\/testharness\.js$/.test(target || "") });
}
const entities = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&amp;": "&" };
const title = (/<title>([^<]*)/i.exec(main.text)?.[1] ?? "").replace(
  /&(lt|gt|quot|#39|#x27|amp);/g,
  (m) => entities[m],
);

// The environment of a page.
const module = await import(adapter);
const responseHeaders = [];
for (let i = 0; i < main.rawHeaders.length; i += 2) responseHeaders.push([main.rawHeaders[i], main.rawHeaders[i + 1]]);
const page = await module.createPage({ url, responseHeaders });
const globals = page.globals ?? {};
const events = new EventTarget();
define("self", globalThis);
define("window", globalThis);
define("parent", globalThis);
define("top", globalThis);
define("name", "");
define("isSecureContext", new URL(url).protocol === "https:");
define("origin", new URL(url).origin);
define("addEventListener", events.addEventListener.bind(events));
define("removeEventListener", events.removeEventListener.bind(events));
define("dispatchEvent", events.dispatchEvent.bind(events));
if (!globalThis.navigator) define("navigator", { userAgent: `Node.js/${process.version}` });
for (const [k, v] of Object.entries(globals)) if (k !== "document" && k !== "location") define(k, v);
const shim = globals.XMLHttpRequest ? null : makeXMLHttpRequest({ adapter, url, responseHeaders });
if (shim) define("XMLHttpRequest", shim.XMLHttpRequest);
if (!globalThis.ProgressEvent) define("ProgressEvent", class ProgressEvent extends Event {});
delete globalThis.document;
delete globalThis.location;

let sent = false;
function send(tests, status) {
  if (sent) return;
  sent = true;
  if (status.status === 0 && problems.length) status = { status: 1, message: problems.join("; ") };
  parentPort.postMessage({
    harness: { status: status.status, message: status.message },
    tests: tests.map((t) => ({ name: t.name, status: t.status, message: t.message })),
  });
}

/** Subtests which need a DOM are not run, so that they cannot hold up the others. */
function leaveOut(pattern) {
  for (const kind of ["test", "async_test", "promise_test"]) {
    const original = globalThis[kind];
    globalThis[kind] = (func, name, ...rest) =>
      pattern.test(typeof func === "string" ? func : (name ?? "")) ? undefined : original(func, name, ...rest);
  }
}

// From here on everything happens in one go: testharness.js takes the end of this task as the load event.
const place = globals.location ?? new URL(url);
const doc = globals.document ?? makeDocument(title, page.cookie);
doc.title = title;
define("META_TITLE", title); // testharness.js names tests after it
define("GLOBAL", { isWindow: () => true, isWorker: () => false, isShadowRealm: () => false });
for (const s of sources) {
  try {
    vm.runInThisContext(s.text, { filename: s.name });
  } catch (e) {
    problems.push(`${s.name}: ${e?.message ?? e}`);
  }
  if (s.harness) {
    globalThis.add_completion_callback(send);
    if (skip) leaveOut(new RegExp(skip));
    // Only now: with a document in place testharness.js would expect a real DOM.
    define("document", doc);
    Object.defineProperty(globalThis, "location", {
      get: () => place,
      set() {
        throw new Error("no navigation here");
      },
      configurable: true,
      enumerable: true,
    });
  }
}
if (!globalThis.add_completion_callback) {
  parentPort.postMessage({
    harness: { status: 1, message: problems.join("; ") || "no testharness.js in the page" },
    tests: [],
  });
} else {
  // A file which defines no test because its script failed must still end.
  if (problems.length) setTimeout(() => globalThis.done?.(), 50);
  setTimeout(() => {
    const load = new NodeEvent("load");
    events.dispatchEvent(load);
    if (typeof globalThis.onload === "function") globalThis.onload(load);
  }, 0);
  setTimeout(() => globalThis.timeout(), limit * 1000);
  setTimeout(() => send([], { status: 2, message: "no results before the time limit" }), limit * 1000 + 3000);
}
