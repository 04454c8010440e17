import { styleText } from "node:util";

/** What a piece of text is, for choosing how it looks. */
export type Role = "bad" | "dim" | "good" | "mark" | "strong" | "warn";

/** Styles text, or leaves it as it is. */
export type Paint = (role: Role, text: string) => string;

const styles = {
  bad: ["red", "bold"],
  dim: ["dim"],
  good: ["green", "bold"],
  mark: ["red"],
  strong: ["bold"],
  warn: ["yellow", "bold"],
} as const;

/** Makes a {@link Paint}. Whether there is to be colour is decided by whoever knows the terminal. */
export function painter(color: boolean): Paint {
  if (!color) return (_, text) => text;
  return (role, text) => styleText([...styles[role]], text, { validateStream: false });
}
