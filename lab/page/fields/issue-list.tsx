import type { SituationIssue } from "../../situation/situation-issue.ts";

interface IssueListProps {
  readonly id?: string;
  readonly issues: readonly SituationIssue[];
  /** What a suggestion is called here; `null` when it cannot be applied. */
  readonly wordsFor: (suggestion: NonNullable<SituationIssue["suggestion"]>) => string | null;
  readonly onApply: (suggestion: NonNullable<SituationIssue["suggestion"]>) => void;
}

/** What is wrong with a field, each with its way out where there is one. */
export function IssueList({ id, issues, wordsFor, onApply }: IssueListProps) {
  if (issues.length === 0) return null;
  return (
    <ul className="issues" id={id}>
      {issues.map(({ message, suggestion }) => {
        const words = suggestion === null ? null : wordsFor(suggestion);
        return (
          <li key={message}>
            {message}{" "}
            {suggestion !== null && words !== null && (
              <button type="button" className="link-button" onClick={() => onApply(suggestion)}>
                {words}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
