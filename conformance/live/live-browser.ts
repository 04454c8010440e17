import { spawnSync } from "node:child_process";
import type { ConsoleEntry } from "../verdicts/verdict.ts";

/** The browsers that can be driven. */
export const products = ["chromium", "firefox", "webkit"] as const;

/** A browser that can be driven. */
export type Product = (typeof products)[number];

/** A real browser with one tab. */
export interface LiveBrowser {
  readonly version: string;
  /** Whether a process does not cache its first preflights, so that every page has to make some in advance. */
  readonly needsWarmUp?: boolean;
  /** A script that every document has to contain, so that the browser can be driven. */
  readonly pageScript?: string;
  /** Opens a top-level document; resolves when it has loaded. */
  goto(url: string): Promise<void>;
  /** Adds a script to the document that is open, where a browser can be told to from outside of it. */
  inject?(script: string): Promise<void>;
  /** Posts a message to the document and resolves with what the page's script (`perform.js`) answers. */
  ask(message: object): Promise<unknown>;
  /** What the console and the developer tools said since the last call. */
  takeConsole(): Promise<ConsoleEntry[]>;
  close(): Promise<void>;
}

/** The body of an async function of `message` which posts it to the page and awaits the answer. */
export const askScript = `
  return new Promise((resolve) => {
    addEventListener("message", function answer({ data }) {
      if (data?.live !== "result") return;
      removeEventListener("message", answer);
      resolve(JSON.stringify(data.result));
    });
    postMessage(message, "*");
  });
`;

/** The body of a function of `script` which adds it to the document. */
export const injectScript = `
  const element = document.createElement("script");
  element.textContent = script;
  document.documentElement.append(element);
`;

/** A browser, or what it needs, is not installed. */
export class MissingProgramError extends Error {
  override readonly name: string = "MissingProgramError";
}

/**
 * Finds a program: the one that the environment variable names, or the first of `names` in PATH.
 *
 * @throws {MissingProgramError} which says what to install
 */
export function findProgram(variable: string, names: readonly string[], debianPackage: string): string {
  const named = process.env[variable];
  if (named !== undefined && named !== "") return named;
  for (const name of names) {
    const { status, stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
    if (status === 0) return stdout.trim();
  }
  throw new MissingProgramError(
    `No ${names.join(" or ")} in PATH. Install it (Debian: apt-get install ${debianPackage}), or name it in ${variable}.`,
  );
}
