import type { RunVerdict } from "../../situation/run-report.ts";
import type { Seen } from "../../situation/seen.ts";

/** How a verdict is shown: a sign, a word, and whether it went well. */
export interface VerdictWords {
  readonly sign: "cross" | "half" | "sent" | "tick";
  readonly word: string;
  readonly text: string;
}

/** The words for each verdict. */
export const verdictWords: Readonly<Record<RunVerdict, VerdictWords>> = {
  readable: { sign: "tick", word: "Allowed", text: "The script reads the answer." },
  opaque: { sign: "half", word: "Sent, but opaque", text: "It went through; the script can read nothing of it." },
  blocked: { sign: "cross", word: "Blocked", text: "The script gets a TypeError without a reason." },
  sent: { sign: "sent", word: "Sent", text: "The form is on its way; no script learns what became of it." },
  loaded: { sign: "tick", word: "Loaded", text: "The element has loaded." },
  "not-loaded": { sign: "cross", word: "Not loaded", text: "The element got an error event without a reason." },
};

/** What a script got, as it would write it down. */
export function seenLines(seen: Seen): readonly (readonly [name: string, value: string])[] {
  switch (seen.kind) {
    case "response":
      return [
        ["type", seen.type],
        ["status", String(seen.status)],
        ...(seen.redirected ? [["redirected", "true"] as const] : []),
        ["headers", seen.headers.length === 0 ? "none" : seen.headers.map(([name]) => name.toLowerCase()).join(", ")],
        ["body", seen.body === "" ? "empty" : excerpt(seen.body)],
      ];
    case "type-error":
      return [["TypeError", seen.message]];
    case "element":
      return [
        ["event", seen.event],
        ...(seen.callback === null ? [] : [["callback", excerpt(seen.callback)] as const]),
      ];
    case "submitted":
      return [];
  }
}

function excerpt(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)} …` : text;
}
