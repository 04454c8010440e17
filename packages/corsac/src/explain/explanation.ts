import type { Exchange, Problem, ProblemCode, ProblemOf } from "@corsac/protocol";
import type { Change } from "../check/check-report.ts";
import type { FindingDraft, Scene } from "../finding/finding-draft.ts";

/** A finding in words. */
export interface Explanation {
  /** What happened and why it is probably so: one or a few sentences. */
  readonly cause: string;
  readonly changes: readonly Change[];
}

/** Puts a finding of one code into words. */
export type Explain = (draft: FindingDraft, scene: Scene) => Explanation;

/** A change on the server. */
export function onServer(text: string): Change {
  return { on: "server", text };
}

/** A change in the page that asks. */
export function onPage(text: string): Change {
  return { on: "page", text };
}

/** The exchange that a finding is about. */
export function exchangeOf({ exchange }: FindingDraft, { exchanges }: Scene): Exchange | null {
  return exchange === null ? null : (exchanges[exchange] ?? null);
}

/** The problem behind a finding, if it has the code. */
export function problemOf<C extends ProblemCode>({ problem }: FindingDraft, code: C): ProblemOf<C> | null {
  return isProblem(problem, code) ? problem : null;
}

function isProblem<C extends ProblemCode>(problem: Problem | null, code: C): problem is ProblemOf<C> {
  return problem?.code === code;
}

/** Items as a sentence has them: `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], conjunction: "and" | "or" = "and"): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)}`;
}
