import type { SituationIssue } from "../../situation/situation-issue.ts";

/** The issues of a field and of what is inside it, by its path with dots, such as `request.headers`. */
export function issuesAt(issues: readonly SituationIssue[], path: string): readonly SituationIssue[] {
  return issues.filter((issue) => {
    const at = issue.path.join(".");
    return at === path || at.startsWith(`${path}.`);
  });
}
