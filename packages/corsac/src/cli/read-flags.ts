import { parseArgs } from "node:util";
import { nearestName } from "@corsac/protocol";

/** The options of a command, as `parseArgs` takes them. */
export type Flags = Readonly<
  Record<string, { readonly type: "boolean" | "string"; readonly short?: string; readonly multiple?: boolean }>
>;

/** What a command line says, and what is wrong with it. */
export interface ReadFlags {
  readonly positionals: readonly string[];
  /** The value of an option; `undefined` when it is absent or has none. */
  text(name: string): string | undefined;
  /** The values of an option that may be repeated. */
  texts(name: string): readonly string[] | undefined;
  /** Whether the option is there. */
  has(name: string): boolean;
  /** Whether nothing stands behind an option that does not exist: it might be its value. */
  readonly isCertain: boolean;
  readonly issues: string[];
}

/**
 * Reads arguments, and says in `issues` what no command can make sense of: options that do not exist, values that are
 * missing or too many.
 *
 * @param command its words, for pointing to its help
 * @param examples a value for each option that has one
 */
export function readFlags(
  command: string,
  flags: Flags,
  examples: Readonly<Record<string, string>>,
  args: readonly string[],
): ReadFlags {
  const issues: string[] = [];
  const parsed = parseArgs({
    args: [...args],
    options: { ...flags },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options = parsed.tokens.flatMap((token) => (token.kind === "option" ? [token] : []));
  for (const { name, rawName, value } of options) {
    const issue = issueWith({ name, rawName, value }, { command, flags, examples });
    if (issue !== null) issues.push(issue);
  }
  const valuesOf = (name: string) => [parsed.values[name] ?? []].flat();
  const texts = (name: string) => valuesOf(name).filter((value) => typeof value === "string");
  return {
    positionals: parsed.positionals,
    text: (name) => texts(name).at(-1),
    texts: (name) => (name in parsed.values ? texts(name) : undefined),
    has: (name) => options.some((option) => option.name === name),
    isCertain: options.every(({ name }) => Object.hasOwn(flags, name)),
    issues,
  };
}

interface Rules {
  readonly command: string;
  readonly flags: Flags;
  readonly examples: Readonly<Record<string, string>>;
}

function issueWith(
  { name, rawName, value }: { name: string; rawName: string; value: string | undefined },
  { command, flags, examples }: Rules,
): string | null {
  const spec = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (spec === undefined) {
    const meant = rawName.startsWith("--") ? nearestName(name, Object.keys(flags)) : null;
    const hint = meant === null ? `; ${command} --help lists them.` : `: did you mean --${meant}?`;
    return `There is no option ${rawName}${hint}`;
  }
  if (spec.type === "boolean") {
    return value === undefined ? null : `${rawName} takes no value; leave out “${value}”.`;
  }
  // `--origin --json`: the value was forgotten, and the next option taken for it.
  const isFlag = value?.startsWith("--") === true && Object.hasOwn(flags, value.slice(2));
  if (value !== undefined && !isFlag) return null;
  const example = examples[name];
  return `${rawName} needs a value${example === undefined ? "." : `, such as ${rawName} ${example}.`}`;
}

/** Splits `Name: value`. Returns nothing, and says so in `issues`, when it is none. */
export function headersOf(
  lines: readonly string[] | undefined,
  issues: string[],
): [name: string, value: string][] | undefined {
  return lines?.flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    if (colon > 0) return [[line.slice(0, colon), line.slice(colon + 1).trim()]];
    issues.push(`“${line}” is not a header: write “Name: value”.`);
    return [];
  });
}

/** What numbers there are, and one of each. */
const numberExamples = { processes: "2", requests: "500", seconds: "10" } as const;

/** Reads a number above 0. Returns `undefined`, and says so in `issues`, when it is none. */
export function numberOf(
  flag: string,
  given: string | undefined,
  unit: keyof typeof numberExamples,
  issues: string[],
): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  const isWhole = unit === "seconds" || Number.isInteger(number);
  if (given.trim() !== "" && number > 0 && Number.isFinite(number) && isWhole) return number;
  const what = unit === "seconds" ? "number" : "whole number";
  issues.push(`${flag} takes ${unit}, such as ${numberExamples[unit]}; “${given}” is not a ${what} above 0.`);
  return undefined;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is `undefined`: with `exactOptionalPropertyTypes`, absent and undefined are two things. */
export function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
