import type { PolicyIssue, PolicyIssueCode } from "./policy-issue.ts";

/** Where an issue is. */
export type IssuePath = PolicyIssue["path"];

/** Collects the issues of a policy. */
export class IssueReporter {
  readonly issues: PolicyIssue[] = [];

  report(
    code: PolicyIssueCode,
    path: IssuePath,
    value: unknown,
    message: string,
    suggestion: PolicyIssue["suggestion"] = null,
  ): void {
    const advice = suggestion === null ? "" : `; write ${JSON.stringify(suggestion)}`;
    this.issues.push({ code, path, value, message: `${message}${advice}`, suggestion });
  }
}
