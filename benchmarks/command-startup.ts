import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./page-fetch.ts";
import type { Result } from "./run.ts";

const command = fileURLToPath(new URL("../packages/corsac/bin/corsac.js", import.meta.url));

/** What starting `corsac` costs, against Node that does nothing, in alternating runs of the built command. */
export function commandStartup(): Result[] {
  const bare = ["-e", "0"];
  const candidates = {
    "corsac --version": [command, "--version"],
    "corsac check --help": [command, "check", "--help"],
    // Nobody listens there: everything that a check needs is loaded, and nothing is waited for.
    "corsac check (unreachable)": [command, "check", "http://127.0.0.1:4/", "--origin", "http://localhost:3000"],
  };
  return Object.entries(candidates).map(([name, args]) => {
    const ratios: number[] = [];
    for (let index = 0; index < 15; index += 1) ratios.push(time(args) / time(bare));
    return { name: `${name}, ratio`, value: median(ratios).toFixed(2), against: "node -e 0", goal: "≤ 2.5" };
  });
}

function time(args: readonly string[]): number {
  const start = performance.now();
  spawnSync(process.execPath, args, { stdio: "ignore" });
  return performance.now() - start;
}
