import { readFileSync } from "node:fs";
import type { Aspect, Difference } from "./compare.ts";

/** Differences that are known, and why they remain: configuration → aspect → scenario ids. */
export interface Expectation {
  readonly reason: string;
  readonly differences: Readonly<Record<string, Partial<Readonly<Record<Aspect, readonly string[]>>>>>;
}

const location = new URL("./expectations.json", import.meta.url);

/** The known differences, each with its reason. */
export function loadExpectations(): Expectation[] {
  return JSON.parse(readFileSync(location, "utf8")) as Expectation[];
}

/** One known difference. */
export interface ExpectedDifference {
  readonly id: string;
  readonly aspect: Aspect;
  readonly reason: string;
}

/**
 * The known differences of one configuration.
 *
 * @throws TypeError when a difference is listed twice
 */
export function expectedDifferences(expectations: readonly Expectation[], configuration: string): ExpectedDifference[] {
  const list = expectations.flatMap(({ reason, differences }) =>
    Object.entries(differences[configuration] ?? {}).flatMap(([aspect, ids]) =>
      ids.map((id) => ({ id, aspect: aspect as Aspect, reason })),
    ),
  );
  const seen = new Set<string>();
  for (const { id, aspect } of list) {
    const key = `${id} ${aspect}`;
    if (seen.has(key)) throw new TypeError(`${configuration}: ${key} is expected twice.`);
    seen.add(key);
  }
  return list;
}

/** What a run and the expectations do not agree on. */
export interface Surprise {
  /** Differences that nobody expected. */
  readonly unexpected: readonly Difference[];
  /** Expected differences that did not occur. */
  readonly notNeeded: readonly ExpectedDifference[];
}

/** Holds the differences of a run against the known ones; `played` are the ids of the scenarios that ran. */
export function surprise(
  differences: readonly Difference[],
  expected: readonly ExpectedDifference[],
  played: ReadonlySet<string>,
): Surprise {
  const key = ({ id, aspect }: { readonly id: string; readonly aspect: Aspect }) => `${id} ${aspect}`;
  const found = new Set(differences.map(key));
  const known = new Set(expected.map(key));
  return {
    unexpected: differences.filter((difference) => !known.has(key(difference))),
    notNeeded: expected.filter((entry) => played.has(entry.id) && !found.has(key(entry))),
  };
}
