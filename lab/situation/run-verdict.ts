import type { RunVerdict } from "./run-report.ts";
import type { Seen } from "./seen.ts";

/** The short verdict about what a page saw. */
export function runVerdict(seen: Seen): RunVerdict {
  switch (seen.kind) {
    case "response":
      return seen.type === "basic" || seen.type === "cors" ? "readable" : "opaque";
    case "type-error":
      return "blocked";
    case "submitted":
      return "sent";
    case "element":
      return seen.event === "load" ? "loaded" : "not-loaded";
  }
}
