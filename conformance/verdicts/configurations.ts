import type { CookieRules, Profile, ProfileName } from "@corsac/protocol";
import { type Aspect, aspects } from "./compare.ts";
import { loadDeviations } from "./load-verdicts.ts";
import type { Recording, Scenario } from "./verdict.ts";

/** A profile, with or without a changed setting, held against what one browser was recorded to do. */
export interface Configuration {
  readonly name: string;
  readonly profile: ProfileName;
  /** Rules to try in place of the profile's own. */
  readonly rules?: Profile;
  readonly recording: Recording;
  /** What the browser's user changed about cookies. */
  readonly cookies?: Partial<CookieRules>;
  /** What is compared. */
  readonly aspects: readonly Aspect[];
  /** Whether the recording says anything about this configuration in a scenario. */
  readonly covers: (scenario: Scenario) => boolean;
}

/** The aspects that `deviations.json` looks at: all but cookies, `Referer` and `Sec-Fetch-*`. */
const standardAspects: readonly Aspect[] = ["outcome", "response", "requests", "origin", "preflight", "author"];

function always(): boolean {
  return true;
}

/** The standard is held against a browser wherever that browser is known to do what the standard says. */
function standardConfiguration(recording: "chromium" | "firefox" | "webkit"): Configuration {
  const deviating = new Set(loadDeviations().flatMap(({ browsers }) => browsers[recording] ?? []));
  return {
    name: `standard/${recording}`,
    profile: "standard",
    recording,
    aspects: standardAspects,
    covers: ({ id, group, steps }) =>
      group !== "http-cache" &&
      !deviating.has(id) &&
      steps.every(({ api = "fetch" }) => api === "fetch" || api === "xhr"),
  };
}

/** Every configuration, in the order of the report. */
export const configurations: readonly Configuration[] = [
  { name: "chromium", profile: "chromium", recording: "chromium", aspects, covers: always },
  { name: "firefox", profile: "firefox", recording: "firefox", aspects, covers: always },
  { name: "webkit", profile: "webkit", recording: "webkit", aspects, covers: always },
  {
    name: "chromium-block3p",
    profile: "chromium",
    recording: "chromium-block3p",
    cookies: { thirdParty: "block" },
    aspects,
    covers: always,
  },
  {
    name: "firefox-allow3p",
    profile: "firefox",
    recording: "firefox-allow3p",
    cookies: { thirdParty: "allow" },
    aspects,
    covers: always,
  },
  standardConfiguration("chromium"),
  standardConfiguration("firefox"),
  standardConfiguration("webkit"),
];
