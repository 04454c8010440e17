import { expect, test } from "vitest";
import { loadScenarios } from "../verdicts/load-verdicts.ts";
import { ScenarioGenerator } from "./generate-scenario.ts";

const published = loadScenarios();
const generator = new ScenarioGenerator(published);

test("a seed has one scenario", () => {
  expect(generator.generate(7)).toEqual(new ScenarioGenerator(published).generate(7));
});

test("every generated scenario is of its own, says what was changed, and stays below its id", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { id, note, steps, server } = generator.generate(seed);
    expect(id).toBe(`live-${seed}`);
    expect(note, id).toMatch(/^[a-z-]+-\d+; ./);
    expect(steps.length, id).toBeGreaterThan(0);
    for (const url of Object.keys(server)) if (url.includes("/s/")) expect(url).toContain(`/s/${id}/`);
  }
});
