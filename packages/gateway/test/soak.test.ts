import { expect, test } from "vitest";
import { soak } from "./soak.ts";

/** A minute or more shows growth; some seconds, everything else. */
const seconds = Number(process.env.SOAK_SECONDS ?? 3);

test(
  "nothing is sent twice, lost, cut short unnoticed or left open under load",
  async () => {
    const report = await soak(seconds, 16, Math.floor(Math.random() * 2 ** 31));
    expect(report.faults, JSON.stringify(report)).toEqual({
      postsSentTwice: 0,
      lost: 0,
      cutShortUnnoticed: 0,
      brokenTunnels: 0,
      socketsLeft: 0,
    });
    expect(report.restarts).toBeGreaterThan(0);
    expect(report.heap.late - report.heap.early).toBeLessThan(20 * 1024 * 1024);
  },
  (seconds + 30) * 1000,
);
