import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { configurations } from "./configurations.ts";
import { type ExpectedDifference, expectedDifferences, loadExpectations, surprise } from "./expectations.ts";
import { loadScenarios } from "./load-verdicts.ts";
import { playConfiguration } from "./play-configuration.ts";
import {
  agreementRows,
  type ConfigurationResult,
  describeClasses,
  describeDifference,
  markdownTable,
  writeReport,
} from "./report.ts";

const help = `Replays the recorded scenarios through @corsac/browser and compares.

  npm run conformance -- [options]

  --profile=<name>  one configuration: ${configurations.map(({ name }) => name).join(", ")}
  --group=<name>    the scenarios of one group, such as redirect-preflight
  --id=<id>         one scenario; may be repeated
  --aspect=<name>   show one aspect only
  --verbose         show every unexpected difference: what was recorded (-), what was seen (+)
  --all             show the expected differences too
  --classes         group differences that read alike
  --report          write report.md
`;

const { values: options } = parseArgs({
  options: {
    profile: { type: "string", multiple: true },
    group: { type: "string", multiple: true },
    id: { type: "string", multiple: true },
    aspect: { type: "string", multiple: true },
    verbose: { type: "boolean" },
    all: { type: "boolean" },
    classes: { type: "boolean" },
    report: { type: "boolean" },
    help: { type: "boolean" },
  },
});

const reportFile = new URL("./report.md", import.meta.url);

function showDifferences(result: ConfigurationResult, expected: readonly ExpectedDifference[]): boolean {
  const played = new Set(result.played);
  const { unexpected, notNeeded } = surprise(result.differences, expected, played);
  const candidates = options.all ? result.differences : unexpected;
  const shown =
    options.aspect === undefined ? candidates : candidates.filter(({ aspect }) => options.aspect?.includes(aspect));
  if (shown.length > 0 && (options.verbose || options.classes || options.all)) {
    console.log(`\n${result.name}: ${shown.length} differences`);
    console.log(options.classes ? describeClasses(shown) : shown.map((entry) => describeDifference(entry)).join("\n"));
  }
  for (const { id, aspect } of notNeeded)
    console.log(`${result.name}: ${id} (${aspect}) agrees now; take it off expectations.json`);
  if (unexpected.length > 0 && !options.verbose && !options.classes) {
    const ids = unexpected.map(({ id, aspect }) => `${id} (${aspect})`);
    console.log(
      `\n${result.name}: ${unexpected.length} unexpected differences: ${ids.slice(0, 30).join(", ")}${ids.length > 30 ? ", …" : ""}`,
    );
  }
  return unexpected.length === 0 && notNeeded.length === 0;
}

async function main(): Promise<void> {
  if (options.help) {
    console.log(help);
    return;
  }
  const chosen = configurations.filter(({ name }) => options.profile?.includes(name) ?? true);
  const unknown = options.profile?.find((name) => !configurations.some((configuration) => configuration.name === name));
  if (unknown !== undefined) throw new TypeError(`--profile=${unknown}: no such configuration.`);
  const scenarios = loadScenarios().filter(
    ({ id, group }) => (options.group?.includes(group) ?? true) && (options.id?.includes(id) ?? true),
  );
  if (scenarios.length === 0) throw new TypeError("No scenario has this --id and --group.");
  const expectations = loadExpectations();
  const results: ConfigurationResult[] = [];
  for (const configuration of chosen) {
    const expected = expectedDifferences(expectations, configuration.name);
    const result = await playConfiguration(configuration, scenarios);
    const occurring = expected.filter(({ id }) => result.played.includes(id));
    results.push({ ...result, expected: occurring });
    console.error(`${configuration.name}: ${result.played.length} scenarios in ${result.seconds.toFixed(1)} s`);
  }
  const table = markdownTable(["", ...results.map(({ name }) => name)], agreementRows(results));
  console.log(`\n${table}`);
  const agreed = results.map((result) => showDifferences(result, result.expected)).every((good) => good);
  if (!agreed) process.exitCode = 1;
  const isWhole = options.profile === undefined && options.group === undefined && options.id === undefined;
  if (!isWhole) return;
  const report = writeReport(results);
  if (options.report) writeFileSync(reportFile, report);
  else if (readFileSync(reportFile, "utf8") !== report) {
    console.log("\nreport.md is not what this run says; write it with --report.");
    process.exitCode = 1;
  }
}

await main();
