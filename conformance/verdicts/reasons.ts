import type { ConsoleEntry, Observation, Recording } from "./verdict.ts";

/** Firefox categories that tell why a fetch failed; the others are about scripts, cookies and the page. */
const firefoxCategories = /^(CORS|COEP$|SOP$|Sub-resource Integrity$|Mixed Content Blocker$)/;

function reasonOf(recording: Recording, { text, category, network, corsError, blockedReason }: ConsoleEntry): string {
  if (recording === "webkit") return (text ?? "").replace(/^[A-Z]+ [A-Z]+ /, "");
  if (recording.startsWith("firefox")) return firefoxCategories.test(category ?? "") ? (category ?? "") : "";
  return corsError ?? (network || blockedReason || "");
}

/**
 * The machine-readable reasons that a browser gave: in Chromium the CORS error or the network error, in Firefox the
 * category, in WebKit, which has none, the line itself. Sorted, since the order of a console depends on its timing.
 */
export function recordedReasons(recording: Recording, { console }: Observation): string[] {
  return console
    .map((entry) => reasonOf(recording, entry))
    .filter((reason) => reason !== "")
    .sort();
}

/** The observation with its reasons in place of the console's entries, so that they can be compared. */
export function withReasons(recording: Recording, observation: Observation): Observation {
  return { ...observation, console: recordedReasons(recording, observation).map((text) => ({ text })) };
}
