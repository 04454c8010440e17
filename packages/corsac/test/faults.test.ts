import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findingInfo } from "../src/finding/finding-code.ts";
import { formatReport } from "../src/index.ts";
import { faults, unobservable } from "./fault.ts";
import { schemaErrors } from "./json-schema.ts";
import { runFault, withFixedPorts } from "./run-fault.ts";

const schema = JSON.parse(readFileSync(new URL("../check-report.schema.json", import.meta.url), "utf8"));

test("every code has a fault that shows it", () => {
  const shown = new Set([...faults.map(({ code }) => code), ...unobservable]);
  expect([...shown].sort()).toEqual(Object.keys(findingInfo).sort());
});

describe.each(faults)("$code $variant", (fault) => {
  const name = fault.variant === undefined ? fault.code : `${fault.code}--${fault.variant}`;

  test("is found first, told in 80 columns, and reported as the schema says", async () => {
    const { report, origins } = await runFault(fault);
    expect(report.findings[0]?.code).toBe(fault.code);
    expect(report.verdict).toBe(fault.verdict ?? "blocked");
    const text = withFixedPorts(formatReport(report, { width: 80 }), origins);
    await expect(text).toMatchFileSnapshot(`./output/${name}.txt`);
    expect(schemaErrors(JSON.parse(JSON.stringify(report)), schema)).toEqual([]);
    const tooWide = text.split("\n").filter((line) => line.length > 80 && !/^ {4}|\S{60}/.test(line));
    expect(tooWide).toEqual([]);
  });
});
