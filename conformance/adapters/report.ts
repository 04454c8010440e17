import { isDeepStrictEqual } from "node:util";
import { type Observation, unwanted } from "./observation.ts";
import type { Played } from "./play-situations.ts";

function differences(browser: Observation, agent: Observation): string[] {
  if (isDeepStrictEqual(browser, agent)) return [];
  return [`the browser: ${JSON.stringify(browser)}`, `corsac:      ${JSON.stringify(agent)}`];
}

/** Where policy, real browser and `@corsac/browser` do not agree, one text for each situation; empty if nowhere. */
export function disagreements(played: readonly Played[]): string[] {
  return played.flatMap(({ adapter, situation, browser, agent }) => {
    const lines = [
      ...unwanted(situation, browser).map((line) => `the browser: ${line}`),
      ...unwanted(situation, agent).map((line) => `corsac: ${line}`),
      ...differences(browser, agent),
    ];
    return lines.length === 0 ? [] : [[`${adapter}: ${situation.title}`, ...lines].join("\n  ")];
  });
}

/** How many situations each adapter was in, and in how many all agree. */
export function agreementTable(played: readonly Played[]): string {
  const adapters = [...new Set(played.map(({ adapter }) => adapter))];
  return adapters
    .map((name) => {
      const own = played.filter(({ adapter }) => adapter === name);
      return `${name.padEnd(16)} ${own.length - disagreements(own).length}/${own.length}`;
    })
    .join("\n");
}
