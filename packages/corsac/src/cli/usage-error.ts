/** A command line that makes no sense: each issue is one sentence that says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly issues: readonly string[];

  constructor(issues: readonly string[]) {
    super(issues.join(" "));
    this.issues = issues;
  }
}
