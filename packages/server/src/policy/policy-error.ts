import type { PolicyIssue } from "./policy-issue.ts";

/** Everything that is wrong with a policy, at once. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly issues: readonly PolicyIssue[];

  constructor(issues: readonly PolicyIssue[]) {
    const lines = issues.map(({ code, path, message }) => `- ${formatPath(path)}: ${message} (${code})`);
    super(`The policy has ${issues.length === 1 ? "an issue" : `${issues.length} issues`}:\n${lines.join("\n")}`);
    this.issues = issues;
  }
}

/** `["origins", 0]` as `origins[0]`. */
function formatPath(path: readonly (string | number)[]): string {
  const formatted = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return formatted === "" ? "policy" : formatted.replace(/^\./, "");
}
