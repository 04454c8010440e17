import { type Profile, profiles } from "@corsac/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import { type Configuration, configurations } from "./configurations.ts";
import { loadBrowsers, loadObservations, loadScenarios } from "./load-verdicts.ts";
import { playScenario } from "./play-scenario.ts";
import { type ProfileEntry, profileEntries, ruleMeanings, sectionsOf } from "./profile-entries.ts";
import { withReasons } from "./reasons.ts";
import { ReplayServer } from "./replay-server.ts";

const scenarios = new Map(loadScenarios().map((scenario) => [scenario.id, scenario]));
const entries = profileEntries();
const isCitation = /^[a-z-]+-\d+(?:, [a-z-]+-\d+)*$/;
const cited = entries.filter(({ shownBy }) => isCitation.test(shownBy));

test("every entry that is not the standard's says what shows it", () => {
  const isOther = /^(?:measured|documented): \S/;
  const silent = entries.filter(({ shownBy }) => !isCitation.test(shownBy) && !isOther.test(shownBy));
  expect(silent.map(({ profile, section, rule, shownBy }) => `${profile} ${section}.${rule}: ${shownBy}`)).toEqual([]);
});

describe.each(["chromium", "firefox", "webkit"] as const)("%s", (name) => {
  const configuration = configurations.find((each) => each.name === name) as Configuration;
  const recording = loadObservations(name);
  let server: ReplayServer;

  beforeAll(async () => {
    const { defaultHeaders } = loadBrowsers()[name];
    const languages = [defaultHeaders["accept-language"], profiles[name].defaultHeaders.acceptLanguage];
    server = await ReplayServer.start({ accept: [defaultHeaders.accept], "accept-language": languages });
  });
  afterAll(() => server.close());

  /** The profile with the standard's rule in place of its own. */
  function without({ section, rule }: ProfileEntry): Profile {
    const rules = { ...sectionsOf(name)[section], [rule]: sectionsOf("standard")[section]?.[rule] };
    return { ...profiles[name], [section]: rules };
  }

  test.each(cited.filter(({ profile }) => profile === name))("$section, $rule: shown by $shownBy", async (entry) => {
    for (const id of entry.shownBy.split(", ")) {
      const scenario = scenarios.get(id);
      const recorded = recording.get(id);
      if (scenario === undefined || recorded === undefined) throw new Error(`${id} is not recorded`);
      const seen = await playScenario(server, scenario, { ...configuration, rules: without(entry) });
      const differences = compare(scenario, withReasons(name, recorded), seen, configuration.aspects);
      expect(differences, `${id} agrees without it`).not.toEqual([]);
    }
  });
});

test("docs/profiles.md lists every entry", async () => {
  const meanings = ruleMeanings();
  const rules = [...new Set(entries.map(({ section, rule }) => `${section}.${rule}`))];
  const text = (value: unknown) =>
    typeof value === "boolean" ? (value ? "yes" : "no") : `\`${JSON.stringify(value)}\``;
  const rows = rules.map((path) => {
    const [section = "", rule = ""] = path.split(".");
    const cells = (["chromium", "firefox", "webkit"] as const).map((name) => {
      const entry = entries.find((each) => each.profile === name && each.section === section && each.rule === rule);
      return entry === undefined ? "" : `${text(entry.value)} (${entry.shownBy})`;
    });
    return [`**${path}** ${meanings.get(path) ?? ""}`, text(sectionsOf("standard")[section]?.[rule]), ...cells];
  });
  const table = [["rule", "standard", "Chromium", "Firefox", "WebKit"], ["---", "---", "---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
  const versions = (["chromium", "firefox", "webkit"] as const).map((name) => {
    const { product, recorded } = loadBrowsers()[name];
    return `${product} (${recorded})`;
  });
  await expect(`# Where browsers leave the standards

Written by \`npx vitest run -u profile-entries\` from the profiles of \`@corsac/protocol\` and checked by the same test.
Measured: ${versions.join(", ")}. An empty cell: as the standard. In brackets: a scenario of
\`conformance/verdicts\` in which the browser shows it; without the entry, the replay of that scenario fails.

${table}
`).toMatchFileSnapshot("../../docs/profiles.md");
});
