import { describe, expect, test } from "vitest";
import { findingInfo } from "../src/finding/finding-code.ts";
import { formatReport } from "../src/index.ts";
import { faults, unobservable } from "./fault.ts";
import { runFault, withFixedPorts } from "./run-fault.ts";

test("every code has a fault that shows it", () => {
  const shown = new Set([...faults.map(({ code }) => code), ...unobservable]);
  expect([...shown].sort()).toEqual(Object.keys(findingInfo).sort());
});

describe.each(faults)("$code $variant", (fault) => {
  const name = fault.variant === undefined ? fault.code : `${fault.code}--${fault.variant}`;

  test("is found first, and told in 80 columns", async () => {
    const { report, origins } = await runFault(fault);
    expect(report.findings[0]?.code).toBe(fault.code);
    expect(report.verdict).toBe(fault.verdict ?? "blocked");
    const text = withFixedPorts(formatReport(report, { width: 80 }), origins);
    await expect(text).toMatchFileSnapshot(`./output/${name}.txt`);
  });
});
