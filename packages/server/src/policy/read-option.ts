import { nearestName } from "@corsac/protocol";
import { describeValue } from "./describe-value.ts";
import type { IssuePath, IssueReporter } from "./issue-reporter.ts";

/** An object whose own properties are read, and nothing that is inherited. */
export type OptionsObject = Readonly<Record<string, unknown>>;

/** Reports whether `value` is an object made of options, and not a list, a map or the like. */
export function isOptionsObject(value: unknown): value is OptionsObject {
  return Object.prototype.toString.call(value) === "[object Object]" && !(Symbol.iterator in (value as object));
}

/** Reads an own option; `undefined` and absent are the same. */
export function readOption(options: OptionsObject, name: string): unknown {
  // A name that somebody put on Object.prototype must not become an option of every policy.
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** Reads an option that is true or false; false when it is absent or wrong. */
export function readBoolean(
  reporter: IssueReporter,
  options: OptionsObject,
  name: string,
  path: IssuePath = [],
): boolean {
  const value = readOption(options, name);
  if (value === undefined || typeof value === "boolean") return value === true;
  const meant = value === "true" ? true : value === "false" ? false : null;
  reporter.report(
    "option-wrong-type",
    [...path, name],
    value,
    `has to be true or false, not ${describeValue(value)}`,
    meant,
  );
  return false;
}

/** Reads an option that is a whole number within one of the ranges; undefined when it is absent or wrong. */
export function readInteger(
  reporter: IssueReporter,
  options: OptionsObject,
  name: string,
  { code, noun, ranges }: IntegerRule,
  path: IssuePath = [],
): number | undefined {
  const value = readOption(options, name);
  if (value === undefined) return undefined;
  const isInRange = (number: number) =>
    Number.isInteger(number) && ranges.some(([least, most]) => number >= least && number <= most);
  if (typeof value !== "number") {
    const meant = typeof value === "string" && value.trim() !== "" && isInRange(Number(value)) ? Number(value) : null;
    reporter.report(
      "option-wrong-type",
      [...path, name],
      value,
      `has to be a number, not ${describeValue(value)}`,
      meant,
    );
    return undefined;
  }
  if (isInRange(value)) return value;
  const allowed = ranges.map(([least, most]) => `${least} to ${most}`).join(" or ");
  reporter.report(
    code,
    [...path, name],
    value,
    `has to be ${noun} from ${allowed}, not ${value}`,
    nearestInRange(value, ranges),
  );
  return undefined;
}

/** What {@link readInteger} accepts. */
export interface IntegerRule {
  readonly code: "max-age-out-of-range" | "resolver-option-out-of-range" | "status-out-of-range";
  /** Such as `a whole number of seconds`. */
  readonly noun: string;
  readonly ranges: readonly (readonly [least: number, most: number])[];
}

function nearestInRange(value: number, ranges: IntegerRule["ranges"]): number | null {
  if (!Number.isFinite(value) || ranges.length > 1) return null;
  const [[least, most]] = ranges as [readonly [number, number]];
  return Math.min(Math.max(Math.round(value), least), most);
}

/** Reads an option that is one of some words; undefined when it is absent or wrong. */
export function readWord<Word extends string>(
  reporter: IssueReporter,
  options: OptionsObject,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = readOption(options, name);
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const expected = `has to be ${words.map((candidate) => JSON.stringify(candidate)).join(" or ")}, not ${describeValue(value)}`;
  if (typeof value !== "string") reporter.report("option-wrong-type", [name], value, expected);
  else reporter.report("option-wrong-value", [name], value, expected, nearestName(value, words));
  return undefined;
}

/**
 * Reads an option that is a list of strings or `"*"`, which becomes a list of that. Reports each entry that is no
 * string and leaves it out; the rest keep their places, so that issues can name them.
 */
export function readList(reporter: IssueReporter, options: OptionsObject, name: string): readonly ListEntry[] {
  const value = readOption(options, name);
  if (value === undefined) return [];
  if (value === "*") return [{ text: "*", path: [name] }];
  if (!Array.isArray(value)) {
    const expected = `has to be "*" or a list of strings, not ${describeValue(value)}`;
    const meant = typeof value === "string" ? splitList(value) : null;
    reporter.report("option-wrong-type", [name], value, expected, meant);
    return [];
  }
  return (value as readonly unknown[]).flatMap((text, i): ListEntry[] => {
    const path = [name, i];
    if (typeof text === "string") return [{ text, path }];
    reporter.report("option-wrong-type", path, text, `has to be a string, not ${describeValue(text)}`);
    return [];
  });
}

/** A string in a list and where it is. */
export interface ListEntry {
  readonly text: string;
  readonly path: IssuePath;
}

function splitList(value: string): readonly string[] | null {
  const parts = value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.length === 0 ? null : parts;
}
