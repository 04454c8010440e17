import { describeValue } from "../policy/describe-value.ts";
import type { MigrationDraft } from "./migration.ts";
import type { MigrationFinding } from "./migration-finding.ts";
import { originsMeantBy, unmeantOrigins } from "./regexp-origins.ts";

type Path = MigrationFinding["path"];

/** What a library does with an entry that is neither a string nor a regular expression. */
export type OtherEntries = "allow-everybody" | "ignore";

/** How a library reads a list of origins. */
export interface OriginListRules {
  readonly otherEntries: OtherEntries;
  readonly regexps: "ignore" | "keep-state" | "test";
  /** Whether it looks into lists in the list. */
  readonly nested: boolean;
}

/**
 * Reads a list of origins as `cors`, `@fastify/cors` and `hono/cors` do.
 *
 * @returns the entries for the policy
 */
export function readOriginList(
  draft: MigrationDraft,
  list: readonly unknown[],
  path: Path,
  rules: OriginListRules,
): string[] {
  const entries = list.flatMap((entry, index) => readOriginEntry(draft, entry, [...path, index], rules));
  // Where * stands alone, everybody was meant; beside others it cannot have been.
  return list.length === 1 && list[0] === "*" ? ["*"] : entries;
}

/** Reads one entry, or a whole option which is no list. */
export function readOriginEntry(draft: MigrationDraft, entry: unknown, path: Path, rules: OriginListRules): string[] {
  if (typeof entry === "string" || entry instanceof String) return readOriginString(draft, String(entry), path);
  if (entry instanceof RegExp) return readRegExp(draft, entry, path, rules);
  if (Array.isArray(entry) && rules.nested) return readOriginList(draft, entry, path, rules);
  if (rules.otherEntries === "ignore" || !entry) {
    draft.find("origin-entry-ignored", path, entry, `${describeValue(entry)} never matches an origin.`);
  } else {
    const message = `Every origin is allowed: ${describeValue(entry)} is neither a string nor a RegExp, and counts as “yes”.`;
    draft.find("reflects-every-origin", path, entry, message);
  }
  // A collection was meant as the list that it holds.
  return entry instanceof Set ? readMeantEntries(draft, [...entry], path, rules) : [];
}

/** Reads what was meant, without finding again what has been found about the whole. */
function readMeantEntries(
  draft: MigrationDraft,
  entries: readonly unknown[],
  path: Path,
  rules: OriginListRules,
): string[] {
  return entries.flatMap((entry) =>
    typeof entry === "string"
      ? readOriginString(draft, entry, path)
      : entry instanceof RegExp
        ? readRegExp(draft, entry, path, rules)
        : [],
  );
}

function readOriginString(draft: MigrationDraft, entry: string, path: Path): string[] {
  if (entry === "*") {
    draft.find(
      "wildcard-entry-matches-nobody",
      path,
      entry,
      "* in a list is compared with origins like any string: it matches none.",
    );
    return [];
  }
  if (entry === "") {
    draft.find("origin-entry-ignored", path, entry, "The empty string never matches an origin.");
    return [];
  }
  return meantOrigins(draft, entry, path);
}

/** The origins that a string stands for: one, or several that somebody wrote into one. */
export function meantOrigins(draft: MigrationDraft, value: string, path: Path): string[] {
  const parts = value.split(/[\s,]+/).filter((part) => part !== "");
  if (parts.length > 1) {
    const message = `${describeValue(value)} is one string, which equals no origin; the policy has ${parts.length} entries.`;
    draft.find("list-in-one-string", path, value, message);
    return parts;
  }
  if (value.includes("*") && value !== "*") {
    const message = `${describeValue(value)} is compared as a string, so that its * matches nothing but *; in the policy it is a pattern.`;
    draft.find("pattern-never-matches", path, value, message);
  }
  return [value];
}

function readRegExp(draft: MigrationDraft, regexp: RegExp, path: Path, rules: OriginListRules): string[] {
  const meant = originsMeantBy(regexp);
  if (rules.regexps === "ignore") {
    draft.find("origin-entry-ignored", path, regexp, `${regexp} is compared as if it were a string: it never matches.`);
  } else {
    if (rules.regexps === "keep-state" && (regexp.global || regexp.sticky)) {
      const message = `${regexp} remembers where it matched (flag ${regexp.flags}): it allows the same origin by turns only.`;
      draft.find("regexp-by-turns", path, regexp, message);
    }
    for (const { origin, because } of unmeantOrigins(regexp)) {
      draft.find("regexp-matches-more", path, regexp, `${regexp} ${because}: it allows ${origin}.`);
    }
  }
  if (meant !== null) return [...meant];
  const message = `${regexp} has no counterpart; list the origins, with *. before a host for its subdomains.`;
  draft.find("regexp-not-translated", path, regexp, message);
  return [];
}

/**
 * Takes the entries for the policy; where everybody is allowed and nobody named, everybody was meant.
 *
 * @param credentials whether the library really allows them
 */
export function settleEntries(
  draft: MigrationDraft,
  entries: readonly string[],
  path: readonly string[],
  value: unknown,
  credentials: boolean,
): void {
  const allowsEverybody = draft.findings.some(({ code }) => code === "reflects-every-origin");
  if (allowsEverybody && credentials) findCredentialsForEverybody(draft, path, value);
  if (entries.length > 0) draft.options.origins = entries;
  // Nobody can have meant to let every site act for the visitor: then there is no policy.
  else if (allowsEverybody && draft.options.credentials !== true) draft.options.origins = "*";
}

/** The worst that a server can say. */
export function findCredentialsForEverybody(draft: MigrationDraft, path: readonly string[], value: unknown): void {
  const message =
    "Every site on the web can act in the name of a visitor who is logged in, and read the answers. List the origins.";
  draft.find("credentials-for-every-origin", path, value, message);
}

/** Reads an origin that stands for all: `*`, or nothing where that is the default. */
export function readAnyOrigin(draft: MigrationDraft, value: unknown): void {
  if (!value) {
    const path = value === undefined ? [] : ["origin"];
    draft.find("any-origin-by-default", path, value, "Without origin, every origin is allowed.");
  }
  draft.options.origins = "*";
}

/** Reads an origin that is sent in every answer. */
export function readFixedOrigin(draft: MigrationDraft, origin: string): void {
  const message = "All get this origin in the answer, whoever asks. The policy sends it to that origin only.";
  draft.find("fixed-origin-sent-to-all", ["origin"], origin, message);
  draft.options.origins = meantOrigins(draft, origin, ["origin"]);
}

/** Finds that a function decides about origins, and that the policy asks it otherwise. */
export function findOriginFunction(draft: MigrationDraft, origin: unknown): void {
  const message =
    "The function is asked about each request. The policy asks it about serialized origins, with a time limit and a cache.";
  draft.find("origin-function", ["origin"], origin, message);
}

/** Finds that a function decides about origins by something else than the origin. */
export function findContextFunction(draft: MigrationDraft, origin: unknown): void {
  const message =
    "The function is given the request's context and cannot be asked about an origin alone. Write origins: async (origin) => …";
  draft.find("origin-function-needs-request", ["origin"], origin, message);
}
