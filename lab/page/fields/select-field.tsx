import type { ReactNode } from "react";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import { Field } from "./field.tsx";

interface SelectFieldProps<T extends string> {
  readonly label: string;
  readonly value: T;
  /** Value and words of each choice. */
  readonly choices: readonly (readonly [value: T, label: string])[];
  readonly hint?: ReactNode;
  readonly issues?: readonly SituationIssue[];
  readonly onChange: (value: T) => void;
}

/** One of a few. */
export function SelectField<T extends string>({
  label,
  value,
  choices,
  hint,
  issues = [],
  onChange,
}: SelectFieldProps<T>) {
  const choose = (text: string) => {
    const chosen = choices.find(([choice]) => choice === text);
    if (chosen !== undefined) onChange(chosen[0]);
  };
  return (
    <Field
      label={label}
      hint={hint}
      issues={issues}
      wayOut={(suggestion) => {
        const chosen = choices.find(([choice]) => choice === suggestion);
        return chosen === undefined ? null : [chosen[0], `Choose “${chosen[1]}”`];
      }}
      onSuggestion={choose}
    >
      {(control) => (
        <select {...control} value={value} onChange={(event) => choose(event.target.value)}>
          {choices.map(([choice, words]) => (
            <option key={choice} value={choice}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
