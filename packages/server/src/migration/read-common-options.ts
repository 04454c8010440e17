import { isCorsSafelistedMethod, nearestName, normalizeMethod } from "@corsac/protocol";
import { describeValue } from "../policy/describe-value.ts";
import { entriesOf, type MigrationDraft } from "./migration.ts";

/** The options of a library, whatever they may be. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** What a library calls its options. */
export interface OptionNames {
  readonly methods: string;
  readonly requestHeaders: string;
  readonly exposedHeaders: string;
  /** The others that it knows. */
  readonly others: readonly string[];
}

/** Names of the same option in the other libraries. */
const families: readonly (readonly string[])[] = [
  ["methods", "allowMethods", "allowedMethods"],
  ["allowedHeaders", "allowHeaders", "headers"],
  ["exposedHeaders", "exposeHeaders"],
  ["origin", "origins", "allowOrigin", "allowedOrigins"],
  ["credentials", "allowCredentials", "supportsCredentials"],
];

/**
 * Finds options that the library does not know and therefore ignores without a word.
 *
 * @returns the options with those in their right places
 */
export function renameUnknownOptions(draft: MigrationDraft, given: GivenOptions, names: OptionNames): GivenOptions {
  const { methods, requestHeaders, exposedHeaders, others } = names;
  const known = ["origin", "credentials", "maxAge", methods, requestHeaders, exposedHeaders, ...others];
  const renamed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (known.includes(name)) {
      renamed[name] = value;
      continue;
    }
    const family = families.find((members) => members.includes(name)) ?? [];
    const meant = known.find((candidate) => family.includes(candidate)) ?? nearestName(name, known);
    const instead = meant === null ? "" : ` The policy takes it for ${meant}.`;
    draft.find("option-ignored", [name], value, `The library has no option ${name} and ignores it.${instead}`);
    if (meant !== null && !(meant in given)) renamed[meant] = value;
  }
  return renamed;
}

/** Reads `credentials`; true only if they are allowed for sure. */
export function readCredentials(draft: MigrationDraft, value: unknown, accepts: "only-true" | "truthy"): boolean {
  if (value === true) return true;
  if (typeof value === "function" && accepts === "truthy") return true;
  if (!value) return false;
  if (accepts === "truthy") return true;
  const message = `credentials is ${describeValue(value)}, not true: no credentials are allowed. The policy allows them.`;
  draft.find("credentials-ignored", ["credentials"], value, message);
  return true;
}

/** Reads the methods. `defaults`: what the library sends when there are none. */
export function readMethods(
  draft: MigrationDraft,
  given: GivenOptions,
  name: string,
  defaults: readonly string[],
): void {
  const entries = name in given ? entriesOf(given[name]) : defaults;
  const unsafe = defaults.filter((method) => !["GET", "HEAD", "POST"].includes(method));
  if (!(name in given) && unsafe.length > 0) {
    draft.find("methods-by-default", [], undefined, `Without ${name}, ${unsafe.join(", ")} are allowed.`);
  }
  const methods = entries.flatMap((entry) => {
    if (entry.toUpperCase() === "OPTIONS") {
      const message = "Pages have no use for OPTIONS; preflights need no permission. It is left out.";
      draft.find("options-method-listed", [name], entry, message);
      return [];
    }
    const normalized = normalizeMethod(entry);
    if (normalized !== entry && !isCorsSafelistedMethod(normalized)) {
      const message = `Browsers send ${normalized} and compare case by case: ${describeValue(entry)} allows nothing.`;
      draft.find("method-case-never-matches", [name], entry, message);
    }
    return [normalized];
  });
  if (methods.length > 0) draft.options.methods = methods;
  draft.from("methods", [name]);
}

/** Reads the request headers. `isReflecting`: whether the library allows what it is asked for. */
export function readRequestHeaders(
  draft: MigrationDraft,
  given: GivenOptions,
  name: string,
  isReflecting: boolean,
): void {
  draft.from("requestHeaders", [name]);
  if (!isReflecting) {
    const entries = entriesOf(given[name]);
    if (entries.length > 0) draft.options.requestHeaders = entries;
    return;
  }
  const value = given[name];
  const everything = "every request header is allowed, Authorization included";
  if (Array.isArray(value)) {
    draft.find(
      "empty-header-list-reflects",
      [name],
      value,
      `An empty list counts as none: ${everything}. The policy allows none.`,
    );
    return;
  }
  draft.find("reflects-request-headers", [], value, `Without ${name}, ${everything}. List those that pages send.`);
  draft.options.requestHeaders = ["*", "Authorization"];
}

/** Reads the exposed headers. */
export function readExposedHeaders(draft: MigrationDraft, given: GivenOptions, name: string): void {
  draft.from("exposedHeaders", [name]);
  const entries = entriesOf(given[name]);
  if (entries.length > 0) draft.options.exposedHeaders = entries;
}

/** Reads `maxAge`, which the libraries send as it is. */
export function readMaxAge(draft: MigrationDraft, value: unknown): void {
  if (value === undefined || value === null || value === false || value === "") return;
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) draft.options.maxAge = number;
  else
    draft.find(
      "max-age-ignored",
      ["maxAge"],
      value,
      `${describeValue(value)} is no number of seconds; browsers ignore it.`,
    );
}

/** Reads `optionsSuccessStatus`. */
export function readPreflightStatus(draft: MigrationDraft, value: unknown): void {
  if (typeof value !== "number") return;
  draft.options.preflightStatus = value;
  draft.from("preflightStatus", ["optionsSuccessStatus"]);
}

/** Finds options that are set and have no counterpart. */
export function findWithoutCounterpart(
  draft: MigrationDraft,
  given: GivenOptions,
  reasons: Readonly<Record<string, string>>,
): void {
  for (const [name, reason] of Object.entries(reasons)) {
    const value = given[name];
    if (value !== undefined && value !== false) draft.find("option-without-counterpart", [name], value, reason);
  }
}
