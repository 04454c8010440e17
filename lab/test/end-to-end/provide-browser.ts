import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Product } from "../../../conformance/live/live-browser.ts";

const script = fileURLToPath(new URL("../../../scripts/browsers.mjs", import.meta.url));

/** A real browser, or why there is none. */
export interface ProvidedBrowser {
  /** Null when it cannot be had here; the tests that need it are skipped then. */
  readonly program: string | null;
  /** What the title of the tests says when they are skipped; else empty. */
  readonly note: string;
}

/** Finds a browser, or installs it from Debian's packages where that is possible. */
export function provideBrowser(product: Product): ProvidedBrowser {
  const { stdout } = spawnSync(process.execPath, [script, product], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  const { program = null, missing } = JSON.parse(stdout) as { program?: string; missing?: string };
  if (program === null) process.stderr.write(`Skipped: ${missing}\n`);
  return { program, note: program === null ? ` (skipped: ${missing})` : "" };
}
