import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Aspect, compare, type Difference, wireAspects } from "../verdicts/compare.ts";
import { loadObservations, loadScenarios } from "../verdicts/load-verdicts.ts";
import { withReasons } from "../verdicts/reasons.ts";
import { ReplayServer, type StaticAnswer } from "../verdicts/replay-server.ts";
import { describeClasses, describeDifference } from "../verdicts/report.ts";
import { sample } from "../verdicts/sample.ts";
import type { Observation, Scenario } from "../verdicts/verdict.ts";
import { startChromium } from "./chromium.ts";
import { comparedAspects, compareWithAgent, type Recorded, usualValues } from "./compare-with-agent.ts";
import { startFirefox } from "./firefox.ts";
import { ScenarioGenerator } from "./generate-scenario.ts";
import { type LiveBrowser, MissingProgramError, type Product, products } from "./live-browser.ts";
import { livePages, recordScenario } from "./record-scenario.ts";
import { startWebKit } from "./webkit.ts";

const help = `Plays scenarios in a real browser and compares with @corsac/browser.

  npm run conformance:live -- chromium|firefox|webkit [options]

  --check           compare with the recording instead: is the recorder to be trusted?
  --group=<name>    published scenarios of one group; may be repeated
  --id=<id>         one published scenario, or live-<seed>; may be repeated
  --sample=<n>      one in n published scenarios of each group
  --random=<n>      n generated scenarios
  --seed=<s>        the first seed (1)
  --file=<file>     scenarios of your own, one line of JSON each
  --save=<file>     write what was recorded, one line of JSON per scenario
  --load=<file>     compare with a saved recording; no browser is started
  --classes         group differences that read alike
  --aspect=<name>   show one aspect only
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: "boolean" },
    group: { type: "string", multiple: true },
    id: { type: "string", multiple: true },
    sample: { type: "string" },
    random: { type: "string" },
    seed: { type: "string", default: "1" },
    file: { type: "string" },
    save: { type: "string" },
    load: { type: "string", multiple: true },
    classes: { type: "boolean" },
    aspect: { type: "string", multiple: true },
    help: { type: "boolean" },
  },
});

function chosenScenarios(): Scenario[] {
  const published = loadScenarios();
  const generator = new ScenarioGenerator(published);
  const first = Number(options.seed);
  if (options.file !== undefined) return readLines<Scenario>(options.file);
  if (options.random !== undefined)
    return Array.from({ length: Number(options.random) }, (_, index) => generator.generate(first + index));
  const seeds = (options.id ?? []).flatMap((id) => (/^live-\d+$/.test(id) ? [Number(id.slice(5))] : []));
  if (seeds.length > 0) return seeds.map((seed) => generator.generate(seed));
  const chosen = published.filter(
    ({ id, group }) => (options.group?.includes(group) ?? true) && (options.id?.includes(id) ?? true),
  );
  return options.sample === undefined ? chosen : sample(chosen, Number(options.sample), first);
}

/** Records scenarios in a browser with a fresh profile. */
async function record(product: Product, scenarios: readonly Scenario[]): Promise<Map<string, Observation>> {
  const pages: Record<string, StaticAnswer> = {};
  const server = await ReplayServer.start(usualValues(product), pages);
  const starters: Record<Product, () => Promise<LiveBrowser>> = {
    chromium: () => startChromium(),
    firefox: () => startFirefox(),
    webkit: () => startWebKit(server, pages),
  };
  const observations = new Map<string, Observation>();
  let browser: LiveBrowser | undefined;
  try {
    browser = await starters[product]();
    Object.assign(pages, livePages(browser));
    // By page, since a browser needs a while to go from one site to another.
    const byPage = scenarios.toSorted((a, b) =>
      (a.page.embedder ?? a.page.origin) < (b.page.embedder ?? b.page.origin) ? -1 : 1,
    );
    for (const scenario of byPage) observations.set(scenario.id, await recordScenario(server, browser, scenario));
    console.error(`${browser.version}: ${scenarios.length} scenarios`);
  } finally {
    await browser?.close();
    await server.close();
  }
  return observations;
}

/** What a comparison says of recorded scenarios. */
type Judge = (recorded: readonly Recorded[]) => Promise<Difference[]>;

/**
 * Records, and records again, in another order, where the browser does not do what was expected of it: what is not the
 * same both times is no rule.
 */
async function recordReliably(product: Product, scenarios: readonly Scenario[], judge: Judge): Promise<Recorded[]> {
  const first = await record(product, scenarios);
  const recorded = scenarios.flatMap((scenario) => {
    const observation = first.get(scenario.id);
    return observation === undefined ? [] : [{ scenario, observation }];
  });
  const doubtful = new Set((await judge(recorded)).map(({ id }) => id));
  if (doubtful.size === 0) return recorded;
  const again = await record(product, scenarios.filter(({ id }) => doubtful.has(id)).toReversed());
  return recorded.filter(({ scenario, observation }) => {
    const second = again.get(scenario.id);
    const differences = second === undefined ? [] : compare(scenario, observation, second, comparedAspects);
    if (differences.length > 0)
      console.error(`${scenario.id}: not the same twice (${differences.map(({ aspect }) => aspect).join(", ")})`);
    return differences.length === 0;
  });
}

function readLines<T>(file: string): T[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

async function differencesWithRecording(product: Product, recorded: readonly Recorded[]): Promise<Difference[]> {
  const published = loadObservations(product);
  return recorded.flatMap(({ scenario, observation }) => {
    const before = published.get(scenario.id);
    return before === undefined ? [] : compare(scenario, withReasons(product, before), observation, comparedAspects);
  });
}

function share(recorded: readonly Recorded[], differences: readonly Difference[], on: readonly Aspect[]): string {
  const bad = new Set(differences.filter(({ aspect }) => on.includes(aspect)).map(({ id }) => id)).size;
  const good = recorded.length - bad;
  return `${((100 * good) / recorded.length).toFixed(2)} % (${good}/${recorded.length})`;
}

function show(recorded: readonly Recorded[], differences: readonly Difference[]): void {
  const shown = differences.filter(({ aspect }) => options.aspect?.includes(aspect) ?? true);
  if (options.classes) console.log(describeClasses(shown));
  else {
    const notes = new Map(recorded.map(({ scenario }) => [scenario.id, scenario.note]));
    for (const difference of shown) console.log(`${notes.get(difference.id)}\n${describeDifference(difference)}`);
  }
  for (const aspect of comparedAspects) console.log(`${aspect.padEnd(16)} ${share(recorded, differences, [aspect])}`);
  console.log(`${"the wire log".padEnd(16)} ${share(recorded, differences, wireAspects)}`);
  console.log(`${"everything".padEnd(16)} ${share(recorded, differences, comparedAspects)}`);
}

async function main(): Promise<void> {
  const product = products.find((name) => name === positionals[0]);
  if (options.help || product === undefined) {
    console.log(help);
    if (!options.help) process.exitCode = 2;
    return;
  }
  const judge: Judge = (list) =>
    options.check ? differencesWithRecording(product, list) : compareWithAgent(product, list);
  const recorded =
    options.load?.flatMap((file) => readLines<Recorded>(file)) ??
    (await recordReliably(product, chosenScenarios(), judge));
  if (options.save !== undefined)
    writeFileSync(options.save, recorded.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const differences = await judge(recorded);
  show(recorded, differences);
  if (differences.length > 0) process.exitCode = 1;
}

await main().catch((error: unknown) => {
  if (!(error instanceof MissingProgramError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
});
