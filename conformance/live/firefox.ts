import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConsoleEntry } from "../verdicts/verdict.ts";
import { askScript, findProgram, injectScript, type LiveBrowser } from "./live-browser.ts";
import { outcomeScript, type PageDriver, readOutcome, webDriverActions } from "./page-driver.ts";

/** A client of Marionette, Firefox's remote control: `<length>:<JSON>` over TCP. */
class Marionette {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (reply: readonly [unknown, unknown]) => void>();
  #last = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    let pending: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk as Buffer]);
      for (;;) {
        const colon = pending.indexOf(":");
        if (colon < 0) return;
        const end = colon + 1 + Number(pending.toString("latin1", 0, colon));
        if (pending.length < end) return;
        const message = JSON.parse(pending.toString("utf8", colon + 1, end)) as unknown;
        pending = pending.subarray(end);
        // The greeting is no array.
        if (Array.isArray(message)) this.#waiting.get(message[1] as number)?.([message[2], message[3]]);
      }
    });
  }

  call(name: string, params: object = {}): Promise<unknown> {
    this.#last += 1;
    const id = this.#last;
    const text = JSON.stringify([0, id, name, params]);
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ([error, result]) => {
        this.#waiting.delete(id);
        if (error === null) resolve(result);
        else reject(new Error(`${name}: ${JSON.stringify(error).slice(0, 300)}`));
      });
    });
  }
}

const preferences = {
  "marionette.port": 0,
  "dom.disable_open_during_load": false,
  "dom.security.https_first": false,
  "dom.security.https_first_schemeless": false,
  "network.http.speculative-parallel-limit": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.prefetch-next": false,
  "network.proxy.type": 0,
  // A 401 must reach the script instead of a password prompt.
  "network.auth.non-web-content-triggered-resources-http-auth-allow": true,
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "services.settings.server": "data:,",
  "toolkit.telemetry.server": "data:,",
  "ui.prefersReducedMotion": 1,
};

/** Reads the console service; its `category` is the machine-readable reason. */
const consoleScript = `
  const entries = Services.console.getMessageArray()
    .filter((message) => message instanceof Ci.nsIScriptError)
    .map(({ category, errorMessage }) => ({ category, text: errorMessage }));
  Services.console.reset();
  return entries;
`;

/** Windows have a smallest width; what is shown in them has none. */
const resizeScript = `
  const [width, height] = arguments;
  const { style } = gBrowser.selectedBrowser;
  style.minWidth = style.maxWidth = width + "px";
  style.minHeight = style.maxHeight = height + "px";
`;

async function waitForPort(profile: string): Promise<number> {
  const file = join(profile, "MarionetteActivePort");
  for (let tries = 0; tries < 300; tries += 1) {
    if (existsSync(file) && readFileSync(file, "utf8") !== "") return Number(readFileSync(file, "utf8"));
    await sleep(100);
  }
  throw new Error("Firefox opened no port for its remote control in 30 seconds.");
}

/**
 * Starts Firefox with a profile of its own; `FIREFOX` names another program than the one in PATH.
 *
 * @throws Error when there is no Firefox
 */
export async function startFirefox(cookieBehavior?: number): Promise<LiveBrowser & PageDriver> {
  const program = findProgram("FIREFOX", ["firefox-esr", "firefox"], "firefox-esr");
  const profile = mkdtempSync(join(tmpdir(), "corsac-live-"));
  const all =
    cookieBehavior === undefined ? preferences : { ...preferences, "network.cookie.cookieBehavior": cookieBehavior };
  const lines = Object.entries(all).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const child = spawn(
    program,
    ["--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile", profile],
    { stdio: "ignore" },
  );
  const port = await waitForPort(profile);
  const socket = connect(port, "127.0.0.1");
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const marionette = new Marionette(socket);
  const { capabilities } = (await marionette.call("WebDriver:NewSession", {
    acceptInsecureCerts: true,
    timeouts: { script: 60_000 },
  })) as { capabilities: Record<string, string> };
  const goto = async (url: string) => {
    await marionette.call("WebDriver:Navigate", { url });
  };
  /** Runs a script with the rights of the browser itself. */
  const runPrivileged = async (script: string, args: readonly unknown[] = []): Promise<unknown> => {
    await marionette.call("Marionette:SetContext", { value: "chrome" });
    const { value } = (await marionette.call("WebDriver:ExecuteScript", { script, args })) as { value: unknown };
    await marionette.call("Marionette:SetContext", { value: "content" });
    return value;
  };
  return {
    version: `${capabilities.browserName} ${capabilities.browserVersion} (${capabilities["moz:buildID"]})`,
    needsWarmUp: true,
    goto,
    async visit(url) {
      await goto("about:blank");
      await goto(url);
    },
    async run<T>(body: string, input?: unknown) {
      const script = `const [input, done] = arguments; (async () => {${outcomeScript(body)}})().then(done);`;
      const params = { script, args: [input ?? null] };
      const { value } = (await marionette.call("WebDriver:ExecuteAsyncScript", params)) as { value: string };
      return readOutcome<T>(value);
    },
    async press(...keys) {
      await marionette.call("WebDriver:PerformActions", { actions: webDriverActions(keys) });
    },
    async resize(width, height) {
      await runPrivileged(resizeScript, [width, height]);
    },
    async inject(script) {
      const text = `const [script] = arguments; ${injectScript}`;
      await marionette.call("WebDriver:ExecuteScript", { script: text, args: [script] });
    },
    async ask(message) {
      const script = `const [message, done] = arguments; (() => {${askScript}})().then(done);`;
      const { value } = (await marionette.call("WebDriver:ExecuteAsyncScript", { script, args: [message] })) as {
        value: string;
      };
      return JSON.parse(value);
    },
    async takeConsole() {
      return (await runPrivileged(consoleScript)) as ConsoleEntry[];
    },
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await marionette.call("Marionette:Quit", { flags: ["eForceQuit"] }).catch(() => {});
      await ended;
      socket.destroy();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
