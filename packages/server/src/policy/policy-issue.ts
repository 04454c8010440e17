/** What may be wrong with a policy. Stable; `docs/guides/policy-issues.md` explains each. */
export const policyIssueCodes = [
  "exposed-header-forbidden",
  "exposed-headers-wildcard-with-credentials",
  "header-name-invalid",
  "max-age-out-of-range",
  "method-case",
  "method-forbidden",
  "method-invalid",
  "option-missing",
  "option-unknown",
  "option-wrong-type",
  "option-wrong-value",
  "origin-any-with-credentials",
  "origin-insecure-with-credentials",
  "origin-invalid",
  "origin-not-serialized",
  "origin-null",
  "origin-public-suffix-with-credentials",
  "origin-scheme-missing",
  "origin-scheme-unsupported",
  "origin-too-long",
  "origin-wildcard-misplaced",
  "origins-empty",
  "policy-not-an-object",
  "request-header-forbidden",
  "resolver-not-json",
  "resolver-option-out-of-range",
  "resolver-unused",
  "status-out-of-range",
] as const;

/** What may be wrong with a policy. */
export type PolicyIssueCode = (typeof policyIssueCodes)[number];

/** One thing that is wrong with a policy. */
export interface PolicyIssue {
  readonly code: PolicyIssueCode;
  /** Where, as keys from the outside in, such as `["origins", 0]`. */
  readonly path: readonly (string | number)[];
  /** What is there. */
  readonly value: unknown;
  /** One sentence for a person. */
  readonly message: string;
  /** What to write there instead (for an unknown option: its right name); null when nobody can tell. */
  readonly suggestion: boolean | number | string | readonly string[] | null;
}
