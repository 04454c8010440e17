/** What may be wrong with the options of a protection. Stable. */
export type ProtectionIssueCode =
  | "option-unknown"
  | "option-wrong-type"
  | "options-not-an-object"
  | "origin-invalid"
  | "origin-not-serialized"
  | "origin-null"
  | "origin-pattern"
  | "origin-scheme-missing"
  | "origin-scheme-unsupported"
  | "origin-too-long"
  | "origin-wildcard-misplaced"
  | "path-ambiguous"
  | "path-not-absolute"
  | "path-not-a-path"
  | "path-wildcard-misplaced"
  | "public-origins-empty";

/** One thing that is wrong with the options of a protection. */
export interface ProtectionIssue {
  readonly code: ProtectionIssueCode;
  /** Where, as keys from the outside in, such as `["trustedOrigins", 0]`. */
  readonly path: readonly (string | number)[];
  /** What is there. */
  readonly value: unknown;
  /** One sentence for a person. */
  readonly message: string;
  /** What to write there instead (for an unknown option: its right name); null when nobody can tell. */
  readonly suggestion: string | null;
}

/** Everything that is wrong with the options of a protection, at once. */
export class CrossOriginProtectionError extends Error {
  override readonly name = "CrossOriginProtectionError";
  readonly issues: readonly ProtectionIssue[];

  constructor(issues: readonly ProtectionIssue[]) {
    const lines = issues.map(({ code, message }) => `- ${message} (${code})`);
    super(
      `The cross-origin protection has ${issues.length === 1 ? "an issue" : `${issues.length} issues`}:\n${lines.join("\n")}`,
    );
    this.issues = issues;
  }
}
