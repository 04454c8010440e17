/**
 * How much a finding matters. `danger`: pages can do what nobody meant to allow. `broken`: what was meant to work does
 * not. `difference`: the policy behaves otherwise than the options did, and better.
 */
export type FindingSeverity = "broken" | "danger" | "difference";

/** What may be found about the options of another library. Stable; `docs/guides/migration-findings.md` explains each. */
export type MigrationFindingCode =
  | "any-origin-by-default"
  | "cors-disabled"
  | "credentials-for-every-origin"
  | "credentials-from-function"
  | "credentials-ignored"
  | "denied-preflight-looks-granted"
  | "empty-header-list-reflects"
  | "every-options-answered"
  | "every-request-fails"
  | "every-request-hangs"
  | "exposed-wildcard-with-credentials"
  | "fixed-origin-sent-to-all"
  | "foreign-allow-origin-kept"
  | "header-name-unusable"
  | "insecure-origin-with-credentials"
  | "list-in-one-string"
  | "max-age-ignored"
  | "method-case-never-matches"
  | "method-unusable"
  | "methods-by-default"
  | "methods-from-function"
  | "null-origin-allowed"
  | "option-ignored"
  | "option-without-counterpart"
  | "options-from-function"
  | "options-method-listed"
  | "options-refused"
  | "options-without-cors-headers"
  | "origin-entry-ignored"
  | "origin-function"
  | "origin-function-needs-request"
  | "origin-never-matches"
  | "origin-sent-as-text"
  | "pattern-never-matches"
  | "preflight-fails"
  | "preflight-not-answered"
  | "preflight-status-not-ok"
  | "reflects-every-origin"
  | "reflects-request-headers"
  | "regexp-by-turns"
  | "regexp-matches-more"
  | "regexp-not-translated"
  | "vary-missing"
  | "vary-overwritten"
  | "vary-unneeded"
  | "wildcard-entry-matches-nobody"
  | "wildcard-with-credentials";

/** How bad each finding is. */
export const findingSeverities: Readonly<Record<MigrationFindingCode, FindingSeverity>> = {
  "any-origin-by-default": "difference",
  "cors-disabled": "broken",
  "credentials-for-every-origin": "danger",
  "credentials-from-function": "difference",
  "credentials-ignored": "broken",
  "denied-preflight-looks-granted": "difference",
  "empty-header-list-reflects": "danger",
  "every-options-answered": "difference",
  "every-request-fails": "broken",
  "every-request-hangs": "broken",
  "exposed-wildcard-with-credentials": "broken",
  "fixed-origin-sent-to-all": "difference",
  "foreign-allow-origin-kept": "difference",
  "header-name-unusable": "broken",
  "insecure-origin-with-credentials": "danger",
  "list-in-one-string": "broken",
  "max-age-ignored": "broken",
  "method-case-never-matches": "broken",
  "method-unusable": "broken",
  "methods-by-default": "difference",
  "methods-from-function": "difference",
  "null-origin-allowed": "danger",
  "option-ignored": "broken",
  "option-without-counterpart": "difference",
  "options-from-function": "difference",
  "options-method-listed": "difference",
  "options-refused": "difference",
  "options-without-cors-headers": "broken",
  "origin-entry-ignored": "broken",
  "origin-function": "difference",
  "origin-function-needs-request": "difference",
  "origin-never-matches": "broken",
  "origin-sent-as-text": "broken",
  "pattern-never-matches": "broken",
  "preflight-fails": "broken",
  "preflight-not-answered": "difference",
  "preflight-status-not-ok": "broken",
  "reflects-every-origin": "danger",
  "reflects-request-headers": "difference",
  "regexp-by-turns": "broken",
  "regexp-matches-more": "danger",
  "regexp-not-translated": "difference",
  "vary-missing": "broken",
  "vary-overwritten": "difference",
  "vary-unneeded": "difference",
  "wildcard-entry-matches-nobody": "broken",
  "wildcard-with-credentials": "broken",
};

/** What options of another library really do. */
export interface MigrationFinding {
  readonly code: MigrationFindingCode;
  readonly severity: FindingSeverity;
  /** Which option, as keys from the outside in, such as `["origin", 0]`; empty for all together. */
  readonly path: readonly (string | number)[];
  /** What is there. */
  readonly value: unknown;
  /** One or two sentences for a person: what happens, and what the policy does instead. */
  readonly message: string;
}
