import type { ConsoleEntry, Observation, Recording } from "./verdict.ts";

/** Firefox categories that tell why a fetch failed; the others are about scripts, cookies and the page. */
const firefoxCategories = /^(CORS|COEP$|SOP$|Sub-resource Integrity$|Mixed Content Blocker$)/;

/**
 * The gist of a line of WebKit: without its level, without what the recording cut off (a second line), and without the
 * lengths of a body. The recording has each UTF-8 byte as one character.
 */
export function webkitGist(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  return (bytes.toString("latin1") === text ? bytes.toString("utf8") : text)
    .replace(/^[A-Z]+ [A-Z]+ /, "")
    .replace(/ and must( be served over HTTPS\.)?\s*$/, "")
    .replace(/ Content length: .*$/, "");
}

function reasonOf(recording: Recording, { text, category, network, corsError, blockedReason }: ConsoleEntry): string {
  // Why a handshake failed is no matter of CORS; the others file it under another category, or say it in words only.
  if (recording === "webkit") return text?.includes("WebSocket connection to") ? "" : webkitGist(text ?? "");
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
