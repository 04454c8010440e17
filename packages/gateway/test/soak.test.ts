import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { SoakReport } from "./soak.ts";

/** A minute or more shows growth; some seconds, everything else. */
const seconds = Number(process.env.SOAK_SECONDS ?? 3);

/** In a process of its own, whose sockets and memory are those of the soak. */
async function soakAlone(seed: number): Promise<SoakReport> {
  const program = fileURLToPath(new URL("soak.ts", import.meta.url));
  const given = ["--conditions=corsac-source", "--import", "tsx", program, ...[seconds, 16, seed].map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, given).catch((error) => error);
  return JSON.parse(stdout);
}

test(
  "nothing is sent twice, lost, cut short unnoticed or left open under load",
  async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const report = await soakAlone(seed);
    expect(report.faults, JSON.stringify({ seed, ...report })).toEqual({
      postsSentTwice: 0,
      lost: 0,
      cutShortUnnoticed: 0,
      brokenTunnels: 0,
      socketsLeft: 0,
    });
    expect(report.restarts).toBeGreaterThan(0);
    expect(report.heap.late - report.heap.early).toBeLessThan(20 * 1024 * 1024);
  },
  (seconds + 60) * 1000,
);
