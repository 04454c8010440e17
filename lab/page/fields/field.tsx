import { type ReactNode, useId } from "react";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import { IssueList } from "./issue-list.tsx";

/** What a control gets to belong to its label, its hint and its issues. */
export interface ControlProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly issues: readonly SituationIssue[];
  /** The value that a suggestion stands for, and its words; `null` when the control has no such value. */
  readonly wayOut: (suggestion: string) => readonly [value: string, words: string] | null;
  readonly onSuggestion: (value: string) => void;
  readonly children: (control: ControlProps) => ReactNode;
}

/** A labelled control with its hint and what is wrong with it. */
export function Field({ label, hint, issues, wayOut, onSuggestion, children }: FieldProps) {
  const id = useId();
  const hasHint = hint !== undefined;
  const describedBy = [hasHint ? `${id}-hint` : "", issues.length > 0 ? `${id}-issues` : ""].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": issues.length > 0 || undefined,
      })}
      {hasHint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <IssueList
        id={`${id}-issues`}
        issues={issues}
        wordsFor={(suggestion) => wayOut(String(suggestion))?.[1] ?? null}
        onApply={(suggestion) => {
          const found = wayOut(String(suggestion));
          if (found !== null) onSuggestion(found[0]);
        }}
      />
    </div>
  );
}
