import { useId } from "react";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import { IssueList } from "./issue-list.tsx";

interface RadioFieldProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, label: string])[];
  readonly issues?: readonly SituationIssue[];
  readonly onChange: (value: T) => void;
}

/** One of two or three, all of them in sight. */
export function RadioField<T extends string>({ label, value, choices, issues = [], onChange }: RadioFieldProps<T>) {
  const name = useId();
  return (
    <fieldset className="radio-field">
      <legend>{label}</legend>
      <div className="choices">
        {choices.map(([choice, words]) => (
          <label key={choice}>
            <input type="radio" name={name} checked={choice === value} onChange={() => onChange(choice)} />
            <span>{words}</span>
          </label>
        ))}
      </div>
      <IssueList
        issues={issues}
        wordsFor={(suggestion) => {
          const words = choices.find(([choice]) => choice === suggestion)?.[1];
          return words === undefined ? null : `Choose “${words}”`;
        }}
        onApply={(suggestion) => {
          const chosen = choices.find(([choice]) => choice === suggestion);
          if (chosen !== undefined) onChange(chosen[0]);
        }}
      />
    </fieldset>
  );
}
