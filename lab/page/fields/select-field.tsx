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
  return (
    <Field label={label} hint={hint} issues={issues}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={(event) => {
            const chosen = choices.find(([choice]) => choice === event.target.value);
            if (chosen !== undefined) onChange(chosen[0]);
          }}
        >
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
