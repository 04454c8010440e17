import { expect, test } from "vitest";
import { reportSparsely } from "./report-sparsely.ts";

test("of many failures one is told in each interval", () => {
  const told: unknown[] = [];
  let now = 0;
  const report = reportSparsely(
    (error) => told.push(error),
    60_000,
    () => now,
  );
  for (now = 0; now < 180_000; now += 1000) report(now);
  expect(told).toEqual([0, 60_000, 120_000]);
});
