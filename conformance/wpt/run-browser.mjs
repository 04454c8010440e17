#!/usr/bin/env node
// Runs the listed tests in a real browser and writes what testharness.js reported.
//
//   node run-browser.mjs chromium|firefox|webkit [--list=list.txt] [--only=substring] [--out=FILE]
//                        [--jobs=3] [--log=FILE] [--verbose]
//
// Browsers come from PATH (CHROMIUM, FIREFOX, WEBKIT_DRIVER name others). Chromium is driven by
// playwright-core, Firefox by puppeteer-core over WebDriver BiDi, WebKitGTK by its WebDriver.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as lib from "./lib.mjs";

const opt = lib.parseArgs(process.argv.slice(2), { list: path.join(lib.HERE, "list.txt"), jobs: 3 });
const product = opt._[0];
if (!["chromium", "firefox", "webkit"].includes(product)) {
  console.error("usage: run-browser.mjs chromium|firefox|webkit [--list=] [--only=] [--out=] [--jobs=]");
  process.exit(2);
}
const which = (name) => {
  try {
    return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
};
const env = (variable, ...names) => process.env[variable] || names.map(which).find(Boolean);

async function chromium() {
  const { default: playwright } = await lib.importPackage("playwright-core");
  // A profile which allows third-party cookies: what SameSite does is to be seen, not their blocking
  // (Debian's Chromium 156 blocks them by default). Contexts made from it inherit the preference.
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "lab-wpt-"));
  fs.mkdirSync(path.join(profile, "Default"));
  fs.writeFileSync(
    path.join(profile, "Default", "Preferences"),
    JSON.stringify({ profile: { cookie_controls_mode: 0 } }),
  );
  const main = await playwright.chromium.launchPersistentContext(profile, {
    executablePath: env("CHROMIUM", "chromium", "google-chrome"),
    args: [
      "--no-sandbox",
      "--host-resolver-rules=MAP *.test 127.0.0.1, MAP *.test. 127.0.0.1",
      "--disable-features=HttpsUpgrades,LocalNetworkAccessChecks",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
  const browser = main.browser();
  return {
    version: browser.version(),
    async open() {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      return {
        goto: (url) => page.goto(url, { waitUntil: "commit", timeout: 15000 }),
        results: () => page.evaluate("self.__labResults").catch(() => undefined),
        close: () => context.close(),
      };
    },
    async close() {
      await main.close();
      fs.rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function firefox() {
  const { default: puppeteer } = await lib.importPackage("puppeteer-core");
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: env("FIREFOX", "firefox-esr", "firefox"),
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      "network.dns.forceResolve": "127.0.0.1",
      "network.proxy.type": 0,
      "dom.security.https_first": false,
      "dom.security.https_first_schemeless": false,
      "network.http.speculative-parallel-limit": 0,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "app.normandy.enabled": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "browser.safebrowsing.malware.enabled": false,
      "browser.safebrowsing.phishing.enabled": false,
      // A 401 must reach the test instead of opening a password prompt.
      "network.auth.non-web-content-triggered-resources-http-auth-allow": true,
    },
  });
  // One tab at a time in the default context, cookies deleted in between. Seen with Firefox 153: the
  // first CORS-preflights of a browser, and of every extra context, are never cached, and closing a
  // context empties the preflight cache of all. So: no extra contexts, and a few preflights to begin with.
  const context = browser.defaultBrowserContext();
  const fresh = async () => {
    const page = await context.newPage();
    await page.goto(lib.pageUrl(`lab/warm-up.html?${Math.random()}`));
    await page.waitForFunction("self.__labWarm", { timeout: 10000 }).catch(() => {});
    return page;
  };
  for (let i = 0; i < 3; i++) await (await fresh()).close();
  return {
    version: await browser.version(),
    jobs: 1,
    async open() {
      const cookies = await context.cookies();
      if (cookies.length) await context.deleteCookie(...cookies);
      const page = await context.newPage();
      return {
        goto: (url) => page.goto(url, { waitUntil: "domcontentloaded", timeout: 60000 }),
        results: () => page.evaluate("self.__labResults").catch(() => undefined),
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

// A minimal WebDriver client; a session is a fresh browser, so cookies never leak between tests.
async function webkit() {
  const port = 27190;
  const driver = spawn(env("WEBKIT_DRIVER", "WebKitWebDriver"), [`--port=${port}`, "--host=127.0.0.1"], {
    stdio: "ignore",
    env: { ...process.env, WEBKIT_DISABLE_COMPOSITING_MODE: "1" },
  });
  const call = async (method, p, body) => {
    const r = await fetch(`http://127.0.0.1:${port}${p}`, {
      method,
      body: body && JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    const json = await r.json();
    if (!r.ok) throw new Error(json.value?.message || JSON.stringify(json));
    return json.value;
  };
  for (let i = 0; i < 50; i++) {
    try {
      await call("GET", "/status");
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  let version;
  const begin = async () => {
    const s = await call("POST", "/session", {
      capabilities: { alwaysMatch: { acceptInsecureCerts: true, pageLoadStrategy: "none" } },
    });
    version ??= `${s.capabilities.browserName} ${s.capabilities.browserVersion}`;
    return s.sessionId;
  };
  await call("DELETE", `/session/${await begin()}`);
  return {
    version,
    jobs: 1,
    async open() {
      const id = await begin();
      return {
        goto: (url) => call("POST", `/session/${id}/url`, { url }),
        results: () =>
          call("POST", `/session/${id}/execute/sync`, { script: "return self.__labResults", args: [] }).catch(
            () => undefined,
          ),
        close: () => call("DELETE", `/session/${id}`),
      };
    },
    close: async () => {
      driver.kill();
    },
  };
}

const server = await lib.startServer({ log: opt.log, multiplier: 2 });
const browser = await { chromium, firefox, webkit }[product]();
const tests = lib.readList(opt.list).filter((t) => !opt.only || t.includes(opt.only));
const out = opt.out || path.join(os.tmpdir(), `wpt-results-${product}.json`);
const results = {};
const started = Date.now();

async function once(test) {
  const limit = lib.isLong(test) ? 130 : 30;
  const t0 = Date.now();
  const page = await browser.open();
  try {
    await page.goto(lib.testUrl(test)).catch((e) => {
      if (opt.verbose) console.error(test, e.message);
    });
    while (Date.now() - t0 < limit * 1000) {
      const text = await page.results();
      if (text) return lib.toResult(JSON.parse(text), (Date.now() - t0) / 1000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return { harness: "ERROR: no results before the time limit", seconds: limit, subtests: {} };
  } finally {
    await page.close().catch(() => {});
  }
}

await lib.pool(tests, Number(browser.jobs || opt.jobs), async (test) => {
  for (let attempt = 0; attempt < 2; attempt++) {
    // a driver that fails is asked once more
    try {
      results[test] = await once(test);
      break;
    } catch (e) {
      results[test] = { harness: `ERROR: ${e.message.slice(0, 200)}`, seconds: 0, subtests: {} };
    }
  }
  const { pass, total } = lib.totals({ t: results[test] });
  if (opt.verbose || results[test].harness !== "OK" || pass < total) {
    console.log(`${test}: ${pass}/${total} ${results[test].harness}`);
    if (opt.verbose)
      for (const [n, s] of Object.entries(results[test].subtests))
        if (s !== "PASS") console.log(`    ${n}\n      ${s}`);
  }
});
const { pass, total } = lib.totals(results);
console.log(
  `${product} ${browser.version}: ${pass}/${total} subtests in ${tests.length} files, ${Math.round((Date.now() - started) / 1000)} s -> ${out}`,
);
lib.writeResults(out, product, browser.version, results);
await browser.close();
server.close();
if (!fs.existsSync(out)) process.exitCode = 1;
setTimeout(() => process.exit(), 1000).unref();
