import { type ReactNode, useId } from "react";
import type { SituationIssue } from "../../situation/situation-issue.ts";

/** What a control gets to belong to its label, its hint and its issues. */
export interface ControlProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly issues?: readonly Pick<SituationIssue, "message">[];
  readonly children: (control: ControlProps) => ReactNode;
}

/** A labelled control with its hint and what is wrong with it. */
export function Field({ label, hint, issues = [], children }: FieldProps) {
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
      {issues.length > 0 && (
        <ul className="issues" id={`${id}-issues`}>
          {issues.map(({ message }) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
