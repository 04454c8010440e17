import { profiles } from "@corsac/protocol";
import { compare, type Difference } from "./compare.ts";
import type { Configuration } from "./configurations.ts";
import { loadBrowsers, loadObservations } from "./load-verdicts.ts";
import { playScenario } from "./play-scenario.ts";
import { withReasons } from "./reasons.ts";
import { ReplayServer } from "./replay-server.ts";
import type { ConfigurationResult } from "./report.ts";
import type { Scenario } from "./verdict.ts";

/** How many scenarios are under way at once: each waits for its sockets most of the time. */
const concurrency = 24;

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** Plays those of the scenarios that were recorded in a configuration, and compares what is seen. */
export async function playConfiguration(
  configuration: Configuration,
  scenarios: readonly Scenario[],
): Promise<Omit<ConfigurationResult, "expected">> {
  const { recording } = configuration;
  const { product, defaultHeaders } = loadBrowsers()[recording];
  const observations = loadObservations(recording);
  const covered = scenarios.filter((scenario) => observations.has(scenario.id) && configuration.covers(scenario));
  const start = performance.now();
  // What the profile itself sends, the standard's `Accept-Language` for one, is as usual as what the browser sent.
  const { acceptLanguage } = profiles[configuration.profile].defaultHeaders;
  const server = await ReplayServer.start({
    accept: [defaultHeaders.accept],
    "accept-language": [defaultHeaders["accept-language"], acceptLanguage],
  });
  const found = new Map<string, Difference[]>();
  await inParallel(covered, async (scenario) => {
    const recorded = observations.get(scenario.id);
    if (recorded === undefined) return;
    const seen = await playScenario(server, scenario, configuration);
    found.set(scenario.id, compare(scenario, withReasons(recording, recorded), seen, configuration.aspects));
  });
  await server.close();
  return {
    name: configuration.name,
    product,
    compared: configuration.aspects,
    played: covered.map(({ id }) => id),
    // In the order of the data, whatever order they ended in.
    differences: covered.flatMap(({ id }) => found.get(id) ?? []),
    seconds: (performance.now() - start) / 1000,
  };
}
