import { describeValue } from "../policy/describe-value.ts";
import { parsePolicyOptions } from "../policy/parse-policy-options.ts";
import type { PolicyIssue } from "../policy/policy-issue.ts";
import type { PolicyOptions } from "../policy/policy-options.ts";
import { registrableDomain } from "../policy/registrable-domain.ts";
import { findingSeverities, type MigrationFinding, type MigrationFindingCode } from "./migration-finding.ts";

/** What comes out of the options of another library. */
export interface Migration {
  /** The policy that the options were meant to be, for `definePolicy`; null when they do not tell whom they trust. */
  readonly policy: PolicyOptions | null;
  /** What the options really do, worst first. */
  readonly findings: readonly MigrationFinding[];
}

/** Options of a policy that may have issues yet. */
export type DraftOptions = { -readonly [Name in keyof PolicyOptions]: PolicyOptions[Name] };

/** A migration in the making. */
export class MigrationDraft {
  readonly findings: MigrationFinding[] = [];
  /** Without `origins` there will be no policy. */
  readonly options: Partial<DraftOptions> = {};
  /** Where the other library has what an option of the policy is made of. */
  readonly #sources = new Map<string | number, MigrationFinding["path"]>();

  find(code: MigrationFindingCode, path: MigrationFinding["path"], value: unknown, message: string): void {
    this.findings.push({ code, severity: findingSeverities[code], path, value, message });
  }

  /** Tells where an option of the policy comes from, so that findings can name it. */
  from(name: keyof PolicyOptions, path: MigrationFinding["path"]): void {
    this.#sources.set(name, path);
  }

  /** Turns what is wrong with the policy so far into findings, and repairs it. */
  finish(): Migration {
    const policy = this.#repaired();
    const order = ["danger", "broken", "difference"];
    return { policy, findings: this.findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)) };
  }

  #repaired(): PolicyOptions | null {
    let options: Partial<DraftOptions> = this.options;
    for (;;) {
      if (options.origins === undefined || (Array.isArray(options.origins) && options.origins.length === 0))
        return null;
      const parsing = parsePolicyOptions(options, { registrableDomain, allowResolver: true });
      if (parsing.ok) return parsing.parsed.options;
      const issue = parsing.issues[0] as PolicyIssue;
      this.#report(issue);
      options = repair(options, issue);
    }
  }

  #report(issue: PolicyIssue): void {
    const [name = ""] = issue.path;
    const [code, message] = findingOf(issue);
    this.find(code, this.#sources.get(name) ?? [name], issue.value, message);
  }
}

/** What an issue of the policy means for the options that it was made of. */
function findingOf({ code, path, value, suggestion }: PolicyIssue): [MigrationFindingCode, string] {
  const shown = describeValue(value);
  const instead = suggestion === null ? "It is left out." : `The policy has ${JSON.stringify(suggestion)}.`;
  switch (code) {
    case "origin-null":
      return ["null-origin-allowed", `"null" allows every page on the web: any can make a sandboxed frame. ${instead}`];
    case "origin-insecure-with-credentials": {
      const harm = "anybody on the network of a visitor can act in its name";
      return ["insecure-origin-with-credentials", `${shown} gets credentials, so that ${harm}. ${instead}`];
    }
    case "origin-any-with-credentials":
      return ["wildcard-with-credentials", "Browsers refuse * for requests with credentials: those never work."];
    case "exposed-headers-wildcard-with-credentials":
      return ["exposed-wildcard-with-credentials", "With credentials * exposes a header of that name and no other."];
    case "max-age-out-of-range":
      return ["max-age-ignored", `Browsers cap or ignore ${shown} as a max-age. ${instead}`];
    case "status-out-of-range":
      return ["preflight-status-not-ok", `Browsers take a preflight answered with ${shown} for refused. ${instead}`];
    case "method-case":
      return ["method-case-never-matches", `Upper and lower case differ: pages do not ask for ${shown}. ${instead}`];
    case "method-forbidden":
    case "method-invalid":
      return ["method-unusable", `No page can send ${shown}. ${instead}`];
    case "exposed-header-forbidden":
    case "header-name-invalid":
    case "request-header-forbidden":
      return ["header-name-unusable", `Listing ${shown} in ${String(path[0])} does nothing. ${instead}`];
    default:
      return ["origin-never-matches", `No browser sends ${shown} as an origin. ${instead}`];
  }
}

/** The options without the issue: what is suggested in the place of what is wrong, or nothing there. */
function repair(options: Partial<DraftOptions>, { code, path, suggestion }: PolicyIssue): Partial<DraftOptions> {
  const [name, index] = path as [keyof DraftOptions, number | undefined];
  if (code === "origin-any-with-credentials") {
    const { credentials: _, ...rest } = options;
    return rest;
  }
  const list = options[name];
  if (index !== undefined && Array.isArray(list)) {
    return { ...options, [name]: list.flatMap((entry, i) => (i === index ? (suggestion ?? []) : entry)) };
  }
  const { [name]: _, ...rest } = options;
  return suggestion === null ? rest : { ...rest, [name]: suggestion };
}

/** The entries of an option that is a list or a string with commas, empty ones left out. */
export function entriesOf(value: unknown): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value.flat(5) : [value];
  return entries
    .flatMap((entry) => (typeof entry === "string" ? entry.split(",") : []))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
