import type { VerdictWords } from "./verdict-words.ts";

const paths: Readonly<Record<VerdictWords["sign"], string>> = {
  tick: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M6 6l12 12M18 6L6 18",
  half: "M12 4a8 8 0 1 0 0 16M12 4v16",
  sent: "M4 12h14M13 6l6 6-6 6",
};

/** The sign beside the word of a verdict. */
export function VerdictSign({ sign }: Pick<VerdictWords, "sign">) {
  return (
    <svg className={`sign sign-${sign}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[sign]} fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
    </svg>
  );
}
