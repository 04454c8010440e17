import { describe, expect, test } from "vitest";
import { type Aspect, aspects, type Difference } from "./compare.ts";
import {
  agreement,
  agreementOnAll,
  agreementRows,
  type ConfigurationResult,
  describeClasses,
  markdownTable,
  writeReport,
} from "./report.ts";

function difference(id: string, aspect: Aspect, actual = "b"): Difference {
  return { id, aspect, details: [{ where: "request 0 origin", expected: "a", actual }] };
}

function result(differences: readonly Difference[], compared: readonly Aspect[] = aspects): ConfigurationResult {
  const played = Array.from({ length: 1000 }, (_, index) => `own-${index}`);
  const expected = differences.map(({ id, aspect }) => ({ id, aspect, reason: "a reason" }));
  return { name: "own", product: "Own/1", compared, played, differences, expected, seconds: 1 };
}

describe("agreement", () => {
  test("headers are counted where the same requests were sent", () => {
    const differing = result([difference("own-1", "requests"), difference("own-2", "origin")]);
    expect(agreement(differing, "requests")).toEqual({ agree: 999, of: 1000 });
    expect(agreement(differing, "origin")).toEqual({ agree: 998, of: 999 });
    expect(agreement(differing, "jar")).toEqual({ agree: 1000, of: 1000 });
  });

  test("an aspect that was not compared has none", () => {
    expect(agreement(result([], ["outcome"]), "origin")).toBeNull();
  });

  test("a scenario that differs in two aspects is one", () => {
    const differing = result([difference("own-1", "origin"), difference("own-1", "cookie")]);
    expect(agreementOnAll(differing, aspects)).toEqual({ agree: 999, of: 1000 });
  });

  test("percentages are rounded down: 100 % means all", () => {
    const few = { ...result([difference("own-1", "jar")]), played: Array.from({ length: 99_999 }, String) };
    expect(agreementRows([few]).find(([title]) => title === "cookie jar")).toEqual([
      "cookie jar",
      "99.99 % (99998/99999)",
    ]);
  });
});

test("differences that read alike are one class", () => {
  const text = describeClasses([
    difference("own-1", "origin"),
    difference("own-2", "origin"),
    difference("own-3", "origin", "c"),
  ]);
  expect(text).toBe(
    "    2  origin | request origin: a → b\n         own-1 own-2\n    1  origin | request origin: a → c\n         own-3",
  );
});

test("the columns of a table line up", () => {
  expect(markdownTable(["", "a"], [["row", "100 %"]])).toBe("|     | a     |\n| --- | ----- |\n| row | 100 % |");
});

test("the report names every remaining difference under its reason", () => {
  const report = writeReport([result([difference("own-1", "origin")])]);
  expect(report).toContain("### a reason\n\n- own: own-1 (origin)\n");
  expect(writeReport([result([])])).toContain("## Every remaining difference\n\nNone.\n");
});
