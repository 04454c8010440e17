import type { Profile, ProfileName } from "../profile/profile.ts";
import { profiles } from "../profile/profiles.ts";
import { chromiumMessages } from "./chromium.ts";
import { type ConsoleMessage, type FinishedFetch, failingStep } from "./console-message.ts";
import { firefoxMessages, firefoxWarnings } from "./firefox.ts";
import { webkitMessages } from "./webkit.ts";

/** A browser with a console; the standard has none. */
export type BrowserName = Exclude<ProfileName, "standard">;

/**
 * Says what a browser reports about a fetch: its machine-readable reasons and its words, in the order in which it
 * prints them. Each browser looks in its own order, so with several things wrong each may name another. Texts are those
 * of the versions that the profiles were recorded from.
 *
 * @param profile rules for judging the failing response; by default those of the browser.
 */
export function consoleMessages(
  { request, problem, exchanges }: FinishedFetch,
  browser: BrowserName,
  profile: Profile = profiles[browser],
): ConsoleMessage[] {
  if (problem === null) return browser === "firefox" ? firefoxWarnings(exchanges) : [];
  const blocked = { request, problem, exchanges };
  const step = failingStep(blocked, profile);
  switch (browser) {
    case "chromium":
      return chromiumMessages(blocked, step);
    case "firefox":
      return firefoxMessages(blocked, step);
    case "webkit":
      return webkitMessages(blocked, step);
  }
}
