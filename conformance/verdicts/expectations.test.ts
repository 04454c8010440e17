import { describe, expect, test } from "vitest";
import { aspects, type Difference } from "./compare.ts";
import { configurations } from "./configurations.ts";
import { expectedDifferences, loadExpectations, surprise } from "./expectations.ts";
import { loadScenarios } from "./load-verdicts.ts";

const difference: Difference = { id: "acao-001", aspect: "outcome", details: [] };
const expected = { id: "acao-001", aspect: "outcome" as const, reason: "a reason" };

describe("surprise", () => {
  test("an expected difference is none", () => {
    const result = surprise([difference], [expected], new Set(["acao-001"]));
    expect(result).toEqual({ unexpected: [], notNeeded: [] });
  });

  test("a difference in another aspect is unexpected, and the expectation not needed", () => {
    const other = { ...difference, aspect: "body" as const };
    const result = surprise([other], [expected], new Set(["acao-001"]));
    expect(result).toEqual({ unexpected: [other], notNeeded: [expected] });
  });

  test("an expectation for a scenario that was not played is left alone", () => {
    expect(surprise([], [expected], new Set(["acao-002"]))).toEqual({ unexpected: [], notNeeded: [] });
  });
});

test("the same difference is not expected twice", () => {
  const twice = [
    { reason: "one", differences: { chromium: { outcome: ["acao-001"] } } },
    { reason: "another", differences: { chromium: { outcome: ["acao-001"] } } },
  ];
  expect(() => expectedDifferences(twice, "chromium")).toThrow("acao-001 outcome is expected twice");
});

test("what expectations.json names exists, and has a reason", () => {
  const ids = new Set(loadScenarios().map(({ id }) => id));
  const names = configurations.map(({ name }) => name);
  for (const { reason, differences } of loadExpectations()) {
    expect(reason.length).toBeGreaterThan(20);
    for (const [name, byAspect] of Object.entries(differences)) {
      expect(names).toContain(name);
      for (const [aspect, scenarios] of Object.entries(byAspect)) {
        expect(aspects).toContain(aspect);
        expect(scenarios.filter((id) => !ids.has(id))).toEqual([]);
      }
    }
  }
});
