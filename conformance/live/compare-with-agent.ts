import { type Aspect, aspects, compare, type Difference } from "../verdicts/compare.ts";
import { configurations } from "../verdicts/configurations.ts";
import { loadBrowsers } from "../verdicts/load-verdicts.ts";
import { playScenario } from "../verdicts/play-scenario.ts";
import { ReplayServer } from "../verdicts/replay-server.ts";
import type { Observation, Scenario } from "../verdicts/verdict.ts";
import type { Product } from "./live-browser.ts";

/** A scenario, and what a browser did. */
export interface Recorded {
  readonly scenario: Scenario;
  readonly observation: Observation;
}

/** What live runs compare: all but the console, of which a live run sees another part than the recording did. */
export const comparedAspects: readonly Aspect[] = aspects.filter((aspect) => aspect !== "console");

/** Header values that the logs of a browser leave out. */
export function usualValues(product: Product): Record<string, string[]> {
  const { defaultHeaders } = loadBrowsers()[product];
  return { accept: [defaultHeaders.accept], "accept-language": [defaultHeaders["accept-language"]] };
}

/** How many scenarios are under way at once. */
const concurrency = 12;

/**
 * Plays recorded scenarios through `@corsac/browser` under the browser's profile.
 *
 * @throws TypeError when there is no such profile
 */
export async function compareWithAgent(product: Product, recorded: readonly Recorded[]): Promise<Difference[]> {
  const configuration = configurations.find(({ name }) => name === product);
  if (configuration === undefined) throw new TypeError(`There is no profile ${product}.`);
  const server = await ReplayServer.start(usualValues(product));
  const found = new Map<string, Difference[]>();
  const queue = recorded.values();
  const work = async () => {
    for (const { scenario, observation } of queue) {
      const seen = await playScenario(server, scenario, configuration);
      found.set(scenario.id, compare(scenario, observation, seen, comparedAspects));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  await server.close();
  return recorded.flatMap(({ scenario: { id } }) => found.get(id) ?? []);
}
