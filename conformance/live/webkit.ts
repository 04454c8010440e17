import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { ReplayServer, StaticAnswer } from "../verdicts/replay-server.ts";
import type { ProgrammedResponse } from "../verdicts/verdict.ts";
import { askScript, findProgram, type LiveBrowser } from "./live-browser.ts";

type Command = { readonly goto: string } | { readonly ask: object };

/**
 * Runs in the page: reports the result of the last command and gets the next one. WebKitGTK under its WebDriver is
 * another browser than the one that was recorded: it forgets its cache and shortens referrers.
 */
const pollScript = `
  const ask = (message) => {${askScript}};
  const poll = async (body) => {
    const command = await (await fetch("/control", { method: "POST", body, cache: "no-store" })).json();
    if (command.goto !== undefined) location.href = command.goto;
    else poll(await ask(command.ask));
  };
  poll("");
`;

/** The two ends of the conversation: a command is given to the page's next request, a result comes with the one after. */
class Control {
  #deliver: ((command: Command) => void) | undefined;
  #queued: Command | undefined;
  #report: (result: string) => void = () => {};

  /** Resolves with what the page says next, after doing `command`; the first time without any. */
  send(command?: Command): Promise<string> {
    const said = new Promise<string>((resolve) => {
      this.#report = resolve;
    });
    if (command !== undefined) {
      if (this.#deliver === undefined) this.#queued = command;
      else this.#deliver(command);
      this.#deliver = undefined;
    }
    return said;
  }

  /** The answer to a page which says `result`, as soon as there is a command for it. */
  async answer(result: string): Promise<ProgrammedResponse> {
    const command = new Promise<Command>((resolve) => {
      this.#deliver = resolve;
    });
    this.#report(result);
    if (this.#queued !== undefined) this.#deliver?.(this.#queued);
    this.#queued = undefined;
    return { status: 200, headers: [["Content-Type", "application/json"]], body: JSON.stringify(await command) };
  }
}

/**
 * Finds WebKitGTK's MiniBrowser: Debian keeps it beside its library.
 *
 * @throws {MissingProgramError} which says what to install
 */
export function findMiniBrowser(): string {
  const root = "/usr/lib";
  const candidates = readdirSync(root).flatMap((name) => {
    const file = join(root, name, "webkit2gtk-4.1", "MiniBrowser");
    return existsSync(file) ? [file] : [];
  });
  return findProgram("WEBKIT", [...candidates, "MiniBrowser"], "libwebkit2gtk-4.1-0");
}

/**
 * WebKitGTK has no headless mode: without a display, a virtual one is started.
 *
 * @throws {MissingProgramError} when there is none
 */
export async function startDisplay(): Promise<{ display: string; end: () => void }> {
  const { DISPLAY } = process.env;
  if (DISPLAY !== undefined && DISPLAY !== "") return { display: DISPLAY, end: () => {} };
  const program = findProgram("XVFB", ["Xvfb"], "xvfb");
  const child: ChildProcess = spawn(program, ["-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const number = await new Promise<string>((resolve) => {
    (child.stdio[3] as Readable).once("data", (chunk: Buffer) => resolve(chunk.toString("latin1").trim()));
  });
  return { display: `:${number}`, end: () => child.kill() };
}

/** The environment of a WebKitGTK with a profile of its own. */
export function webkitEnvironment(profile: string, display: string): NodeJS.ProcessEnv {
  const { LC_ALL: _, LANGUAGE: __, ...inherited } = process.env;
  return {
    ...inherited,
    DISPLAY: display,
    // The language of the system is sent as Accept-Language.
    LANG: "C.UTF-8",
    HOME: profile,
    XDG_CACHE_HOME: profile,
    XDG_CONFIG_HOME: profile,
    XDG_DATA_HOME: profile,
    WEBKIT_DISABLE_COMPOSITING_MODE: "1",
  };
}

/**
 * Starts WebKitGTK's MiniBrowser with a profile of its own; `WEBKIT` names another program. `pages` are the pages of
 * `server`, to which those are added that the conversation with the browser needs.
 *
 * @throws Error when there is no MiniBrowser, or no display and no Xvfb
 */
export async function startWebKit(server: ReplayServer, pages: Record<string, StaticAnswer>): Promise<LiveBrowser> {
  const program = findMiniBrowser();
  const { display, end } = await startDisplay();
  const profile = mkdtempSync(join(tmpdir(), "corsac-live-"));
  const control = new Control();
  pages["/start"] = { status: 200, headers: [["Content-Type", "text/html"]], body: `<script>${pollScript}</script>` };
  pages["/control"] = (request) => control.answer(request.body.toString("utf8"));
  const ready = control.send();
  const child = spawn(
    program,
    [
      "--ignore-tls-errors",
      "--javascript-can-open-windows-automatically=true",
      server.ports.fill("http://localhost:{P1}/start"),
    ],
    { stdio: "ignore", env: webkitEnvironment(profile, display), detached: true },
  );
  await ready;
  const version = /[\d.]+/.exec(
    execFileSync(program, ["--version"], { encoding: "utf8", env: webkitEnvironment(profile, display) }),
  );
  return {
    version: `WebKitGTK ${version?.[0]}`,
    pageScript: pollScript,
    async goto(url) {
      await control.send({ goto: url });
    },
    ask: async (message) => JSON.parse(await control.send({ ask: message })) as unknown,
    // It writes its console in blocks, long after the scenario a line belongs to.
    takeConsole: async () => [],
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      // Its helpers for the network and the pages are of its process group.
      process.kill(-(child.pid as number));
      await ended;
      end();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
