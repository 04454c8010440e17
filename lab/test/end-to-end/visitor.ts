import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { PageDriver } from "../../../conformance/live/page-driver.ts";

const inPage = readFileSync(new URL("in-page.js", import.meta.url), "utf8");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What a card of the page says about one browser. */
interface ShownVerdict {
  /** Which browser, in the words of the page. */
  readonly of: string;
  readonly word: string;
  /** What the run changed at the servers. */
  readonly changed: readonly string[];
}

/** What the page says about a run. */
export interface ShownResults {
  /** The visitor's browser first, then corsac. */
  readonly verdicts: readonly ShownVerdict[];
  readonly agreement: string;
  /** Where they do not agree, one sentence for each. */
  readonly differences: readonly string[];
}

/** Where the keyboard is. */
export interface Focus {
  readonly name: string;
  readonly isVisible: boolean;
  readonly isRun: boolean;
}

/** Somebody in front of the lab's page. Every step rejects with what the page shows when it does not get there. */
export interface Visitor {
  /** Opens the page afresh; resolves when it listens. */
  open(url: string): Promise<void>;
  choosePreset(preset: { readonly chapter: number; readonly id: string }): Promise<void>;
  pressRun(): Promise<ShownResults>;
  readResults(): Promise<ShownResults>;
  /** Has “Try my API” check what stands in its fields; resolves with the words of both verdicts. */
  pressCheck(): Promise<readonly string[]>;
  /** Resolves when the page shows these posts on the social network's wall. */
  seesWall(posts: readonly string[]): Promise<void>;
  type(label: string, text: string): Promise<void>;
  readFields(): Promise<readonly (readonly [label: string, value: boolean | string])[]>;
  readFocus(): Promise<Focus>;
  /** What axe-core finds, by all of its rules, or without the one about contrast, which is slow, or by that alone. */
  findFaults(contrast?: "all" | "none" | "only"): Promise<readonly string[]>;
  toggleScheme(): Promise<void>;
  isTooWide(): Promise<boolean>;
}

/** A visitor who uses this browser. */
export function createVisitor(driver: PageDriver): Visitor {
  const call = <T>(name: string, input?: object): Promise<T> =>
    driver.run<T>(`${inPage}\nreturn globalThis.labVisitor.${name}(input);`, input);
  return {
    async open(url) {
      await driver.visit(url);
      await call("isReady");
    },
    choosePreset: (preset) => call("choosePreset", preset),
    pressRun: () => call("pressRun"),
    pressCheck: () => call("pressCheck"),
    readResults: () => call("readResults"),
    seesWall: (posts) => call("seesWall", { posts }),
    type: (label, text) => call("type", { label, text }),
    readFields: () => call("readFields"),
    readFocus: () => call("readFocus"),
    async findFaults(contrast = "all") {
      if (!(await driver.run<boolean>("return typeof axe === 'object'"))) await driver.run(axe);
      return call("findFaults", { contrast });
    },
    toggleScheme: () => driver.run("document.querySelector('.scheme-toggle').click()"),
    isTooWide: () => call("isTooWide"),
  };
}
