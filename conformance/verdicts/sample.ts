import type { Scenario } from "./verdict.ts";

/** A generator of numbers from 0 to 1 which gives the same ones for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Chooses about one in `every` scenarios, at least one of each group; the same ones for the same seed. */
export function sample(scenarios: readonly Scenario[], every: number, seed: number): Scenario[] {
  const random = randomNumbers(seed);
  const groups = new Map<string, Scenario[]>();
  for (const scenario of scenarios) groups.set(scenario.group, [...(groups.get(scenario.group) ?? []), scenario]);
  const chosen = new Set<string>();
  for (const members of groups.values()) {
    const ranked = members.map((scenario) => ({ id: scenario.id, rank: random() })).sort((a, b) => a.rank - b.rank);
    for (const { id } of ranked.slice(0, Math.ceil(members.length / every))) chosen.add(id);
  }
  return scenarios.filter(({ id }) => chosen.has(id));
}
