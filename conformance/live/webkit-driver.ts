import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { outcomeScript, type PageDriver, readOutcome, webDriverActions } from "./page-driver.ts";
import { findMiniBrowser, startDisplay, webkitEnvironment } from "./webkit.ts";

/** A client of WebDriver: JSON over HTTP. */
class WebDriver {
  readonly #base: string;
  #session = "";

  constructor(port: number) {
    this.#base = `http://127.0.0.1:${port}/session`;
  }

  async call<T>(method: "DELETE" | "GET" | "POST", command: string, params: object = {}): Promise<T> {
    const init = method === "POST" ? { method, body: JSON.stringify(params) } : { method };
    const response = await fetch(`${this.#base}${this.#session}${command}`, init);
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`${command}: ${JSON.stringify(value).slice(0, 300)}`);
    return value as T;
  }

  /** Begins a session: the browser starts. Waits for a driver that does not listen yet. */
  async begin(capabilities: object): Promise<{ readonly browserVersion: string }> {
    for (let tries = 0; tries < 100; tries += 1) {
      const begun = await this.call<{ sessionId: string; capabilities: { browserVersion: string } }>("POST", "", {
        capabilities: { alwaysMatch: capabilities },
      }).catch((error: unknown) => {
        if (error instanceof TypeError) return null;
        throw error;
      });
      if (begun !== null) {
        this.#session = `/${begun.sessionId}`;
        return begun.capabilities;
      }
      await sleep(100);
    }
    throw new Error("WebKitWebDriver did not listen in 10 seconds.");
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/**
 * Starts WebKitGTK's MiniBrowser by its WebDriver, `program`, with a profile of its own. Under it, it keeps nothing on
 * disk and shortens referrers.
 *
 * @throws Error when there is no MiniBrowser, or no display and no Xvfb
 */
export async function startWebKitDriver(program: string): Promise<PageDriver> {
  const binary = findMiniBrowser();
  const { display, end } = await startDisplay();
  const profile = mkdtempSync(join(tmpdir(), "corsac-live-"));
  mkdirSync(join(profile, "gtk-3.0"));
  // That is what prefers reduced motion here.
  writeFileSync(join(profile, "gtk-3.0", "settings.ini"), "[Settings]\ngtk-enable-animations=0\n");
  const port = await freePort();
  const child = spawn(program, [`--port=${port}`, "--host=127.0.0.1"], {
    stdio: "ignore",
    env: webkitEnvironment(profile, display),
    detached: true,
  });
  const driver = new WebDriver(port);
  const args = ["--automation", "--javascript-can-open-windows-automatically=true"];
  const { browserVersion } = await driver.begin({
    acceptInsecureCerts: true,
    timeouts: { script: 60_000 },
    "webkitgtk:browserOptions": { binary, args },
  });
  return {
    version: `WebKitGTK ${browserVersion}`,
    async visit(url) {
      await driver.call("POST", "/url", { url: "about:blank" });
      await driver.call("POST", "/url", { url });
    },
    async run<T>(body: string, input?: unknown) {
      const script = `const [input, done] = arguments; (async () => {${outcomeScript(body)}})().then(done);`;
      return readOutcome<T>(await driver.call<string>("POST", "/execute/async", { script, args: [input ?? null] }));
    },
    async press(...keys) {
      await driver.call("POST", "/actions", { actions: webDriverActions(keys) });
    },
    async resize(width, height) {
      const inner = "return JSON.stringify({ width: innerWidth, height: innerHeight });";
      const size = async () =>
        JSON.parse(await driver.call<string>("POST", "/execute/sync", { script: inner, args: [] }));
      const rect = await driver.call<{ width: number; height: number }>("GET", "/window/rect");
      const { width: innerWidth, height: innerHeight } = (await size()) as { width: number; height: number };
      // What is around the document keeps its size.
      const outer = { width: width + rect.width - innerWidth, height: height + rect.height - innerHeight };
      await driver.call("POST", "/window/rect", outer);
    },
    async close() {
      await driver.call("DELETE", "").catch(() => {});
      const ended = new Promise((resolve) => child.once("exit", resolve));
      // Its helpers for the network and the pages are of its process group.
      process.kill(-(child.pid as number));
      await ended;
      end();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
