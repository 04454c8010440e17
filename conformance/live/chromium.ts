import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { ConsoleEntry } from "../verdicts/verdict.ts";
import { askScript, findProgram, injectScript, type LiveBrowser } from "./live-browser.ts";
import { outcomeScript, type PageDriver, readKeys, readOutcome } from "./page-driver.ts";

interface ProtocolMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** A client of the DevTools protocol over the browser's pipe: JSON, each message ended by a zero byte. */
class DevTools {
  readonly #to: Writable;
  readonly #waiting = new Map<number, (message: ProtocolMessage) => void>();
  #last = 0;

  constructor(child: ChildProcess, onEvent: (message: ProtocolMessage) => void) {
    this.#to = child.stdio[3] as Writable;
    let pending: Buffer = Buffer.alloc(0);
    (child.stdio[4] as Readable).on("data", (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      for (let end = pending.indexOf(0); end >= 0; end = pending.indexOf(0)) {
        const message = JSON.parse(pending.toString("utf8", 0, end)) as ProtocolMessage;
        pending = pending.subarray(end + 1);
        if (message.id === undefined) onEvent(message);
        else this.#waiting.get(message.id)?.(message);
      }
    });
  }

  call(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    this.#last += 1;
    const id = this.#last;
    this.#to.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }
}

/** What the developer tools say of a failed request. */
function failure(params: Record<string, unknown>): ConsoleEntry {
  const cors = params.corsErrorStatus as { corsError: string; failedParameter: string } | undefined;
  return {
    network: String(params.errorText ?? ""),
    ...(cors === undefined ? {} : { corsError: cors.corsError, failedParameter: cors.failedParameter }),
    ...(params.blockedReason === undefined ? {} : { blockedReason: String(params.blockedReason) }),
  };
}

/** Third-party cookies are allowed, as in the recording: Debian's Chromium would block them. */
function writeProfile(blockThirdParty: boolean): string {
  const profile = mkdtempSync(join(tmpdir(), "corsac-live-"));
  mkdirSync(join(profile, "Default"));
  const preferences = { profile: { cookie_controls_mode: blockThirdParty ? 1 : 0 } };
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  return profile;
}

const flags = [
  "--headless=new",
  "--no-sandbox",
  "--no-first-run",
  "--disable-gpu",
  "--disable-popup-blocking",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-prefers-reduced-motion",
  "--ignore-certificate-errors",
  "--disable-features=HttpsUpgrades,LocalNetworkAccessChecks",
  "--remote-debugging-pipe",
];

/**
 * Finds Chromium: what `CHROMIUM` names, or else what is in PATH.
 *
 * @throws {MissingProgramError} which says what to install
 */
export function findChromium(): string {
  return findProgram("CHROMIUM", ["chromium", "google-chrome"], "chromium");
}

/** The bits of modifiers, and what a key means to a page, as DevTools have them. */
const modifierBits: Readonly<Record<string, number>> = { Control: 2, Shift: 8 };
const keyDetails: Readonly<Record<string, object>> = {
  Tab: { windowsVirtualKeyCode: 9 },
  Enter: { windowsVirtualKeyCode: 13, text: "\r" },
  ArrowRight: { windowsVirtualKeyCode: 39 },
  ArrowDown: { windowsVirtualKeyCode: 40 },
};

/** A Chromium that can be used as a person uses it, too. */
export interface ChromiumBrowser extends LiveBrowser, PageDriver {
  /** A picture of the document, as PNG: of a part of it, or of as much of it as there is. */
  screenshot(part?: { readonly width: number; readonly height: number }): Promise<Buffer>;
}

/**
 * Starts Chromium with a profile of its own; `CHROMIUM` names another program than the one in PATH.
 *
 * @throws Error when there is no Chromium
 */
export async function startChromium(blockThirdParty = false): Promise<ChromiumBrowser> {
  const program = findChromium();
  const profile = writeProfile(blockThirdParty);
  const child = spawn(program, [...flags, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  let entries: ConsoleEntry[] = [];
  let loaded: () => void = () => {};
  const attach = (session: string) =>
    Promise.all([
      devTools.call("Network.enable", {}, session),
      devTools.call(
        "Target.setAutoAttach",
        { autoAttach: true, waitForDebuggerOnStart: false, flatten: true },
        session,
      ),
    ]).catch(() => {});
  const devTools = new DevTools(child, ({ method, params = {}, sessionId }) => {
    if (method === "Network.loadingFailed" && params.canceled !== true) entries.push(failure(params));
    if (method === "Page.loadEventFired" && sessionId === tab) loaded();
    if (method === "Target.attachedToTarget") void attach(String(params.sessionId));
  });
  let tab = "";
  const { targetInfos } = (await devTools.call("Target.getTargets")) as {
    targetInfos: { targetId: string; type: string }[];
  };
  const target = targetInfos.find(({ type }) => type === "page");
  const { sessionId } = await devTools.call("Target.attachToTarget", { targetId: target?.targetId, flatten: true });
  tab = String(sessionId);
  await devTools.call("Page.enable", {}, tab);
  await attach(tab);
  const { product } = await devTools.call("Browser.getVersion");
  const goto = async (url: string) => {
    const done = new Promise<void>((resolve) => {
      loaded = resolve;
    });
    const { errorText } = await devTools.call("Page.navigate", { url }, tab);
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
    await done;
  };
  return {
    version: String(product),
    goto,
    async visit(url) {
      await goto("about:blank");
      await goto(url);
    },
    async run<T>(body: string, input?: unknown) {
      const expression = `(async (input) => {${outcomeScript(body)}})(${JSON.stringify(input ?? null)})`;
      const params = { expression, awaitPromise: true, userGesture: true };
      const { result, exceptionDetails } = await devTools.call("Runtime.evaluate", params, tab);
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails).slice(0, 500));
      return readOutcome<T>((result as { value: string }).value);
    },
    async press(...keys) {
      for (const text of keys) {
        const { modifiers, key } = readKeys(text);
        const bits = modifiers.reduce((sum, name) => sum + (modifierBits[name] ?? 0), 0);
        const params = { key, code: key, modifiers: bits, ...keyDetails[key] };
        await devTools.call("Input.dispatchKeyEvent", { type: "keyDown", ...params }, tab);
        await devTools.call("Input.dispatchKeyEvent", { type: "keyUp", ...params, text: undefined }, tab);
      }
    },
    async resize(width, height) {
      const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
      await devTools.call("Emulation.setDeviceMetricsOverride", metrics, tab);
      await devTools.call("Emulation.setScrollbarsHidden", { hidden: true }, tab);
    },
    async screenshot(part) {
      const clip = part === undefined ? {} : { clip: { x: 0, y: 0, ...part, scale: 1 } };
      const params = { format: "png", captureBeyondViewport: true, ...clip };
      const { data } = await devTools.call("Page.captureScreenshot", params, tab);
      return Buffer.from(String(data), "base64");
    },
    async inject(script) {
      const expression = `((script) => {${injectScript}})(${JSON.stringify(script)})`;
      await devTools.call("Runtime.evaluate", { expression }, tab);
    },
    async ask(message) {
      const expression = `((message) => {${askScript}})(${JSON.stringify(message)})`;
      const { result } = await devTools.call("Runtime.evaluate", { expression, awaitPromise: true }, tab);
      return JSON.parse((result as { value: string }).value);
    },
    async takeConsole() {
      const unique = new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
      entries = [];
      return [...unique.values()];
    },
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await devTools.call("Browser.close").catch(() => {});
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
