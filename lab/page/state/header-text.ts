import type { HeaderLine } from "../../situation/situation.ts";

/** Reads lines of the form `Name: value`. Lines without a colon have an empty value; blank ones are left out. */
export function readLines(text: string, separator: ":" | "=" = ":"): HeaderLine[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const at = line.indexOf(separator);
      return at < 0 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
}

/** Writes lines of the form `Name: value`. */
export function writeLines(lines: readonly HeaderLine[], separator: ": " | "=" = ": "): string {
  return lines.map(([name, value]) => `${name}${separator}${value}`).join("\n");
}
