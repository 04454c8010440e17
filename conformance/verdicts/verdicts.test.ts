import { describe, expect, test } from "vitest";
import { configurations } from "./configurations.ts";
import { expectedDifferences, loadExpectations, surprise } from "./expectations.ts";
import { loadScenarios } from "./load-verdicts.ts";
import { playConfiguration } from "./play-configuration.ts";
import { describeDifference } from "./report.ts";
import { sample } from "./sample.ts";

// `npm run conformance` plays all of them.
const chosen = sample(loadScenarios(), 10, 20261122);
const expectations = loadExpectations();

test("the sample has scenarios of every group", () => {
  expect(chosen.length).toBeGreaterThan(250);
  expect(new Set(chosen.map(({ group }) => group))).toEqual(new Set(loadScenarios().map(({ group }) => group)));
});

describe("a sample of the recorded scenarios", () => {
  test.each(configurations)("$name", async (configuration) => {
    const result = await playConfiguration(configuration, chosen);
    const expected = expectedDifferences(expectations, configuration.name);
    const { unexpected, notNeeded } = surprise(result.differences, expected, new Set(result.played));
    expect(unexpected.map((difference) => describeDifference(difference))).toEqual([]);
    expect(notNeeded).toEqual([]);
    expect(result.played.length).toBeGreaterThan(30);
  });
});
