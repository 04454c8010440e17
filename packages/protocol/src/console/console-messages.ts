import type { Profile, ProfileName } from "../profile/profile.ts";
import { profiles } from "../profile/profiles.ts";
import { chromiumMessages } from "./chromium.ts";
import { type BlockedFetch, type ConsoleMessage, failingStep } from "./console-message.ts";
import { firefoxMessages } from "./firefox.ts";
import { webkitMessages } from "./webkit.ts";

/** A browser with a console; the standard has none. */
export type BrowserName = Exclude<ProfileName, "standard">;

/**
 * Says what a browser reports about a fetch that ended in a network error: its machine-readable reasons and its words,
 * the most telling one first where it prints several. Each browser looks in its own order, so with several things
 * wrong each may name another. Texts are those of the versions that the profiles were recorded from.
 *
 * @param profile rules for judging the failing response; by default those of the browser.
 */
export function consoleMessages(
  blocked: BlockedFetch,
  browser: BrowserName,
  profile: Profile = profiles[browser],
): ConsoleMessage[] {
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
