import { type ReactNode, useId } from "react";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import { Field } from "./field.tsx";

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: ReactNode;
  readonly issues?: readonly SituationIssue[];
  /** More than one row makes it a text area. */
  readonly rows?: number;
  readonly inputMode?: "numeric" | "url";
  readonly placeholder?: string;
  /** Offered while one types. */
  readonly proposals?: readonly string[];
  readonly onChange: (value: string) => void;
}

const plain = { spellCheck: false, autoCapitalize: "none", autoComplete: "off", translate: "no" } as const;

/** A text as it goes over the wire: nothing corrects it. */
export function TextField(props: TextFieldProps) {
  const { label, value, hint, issues = [], rows = 1, inputMode, placeholder, proposals, onChange } = props;
  const list = useId();
  return (
    <Field
      label={label}
      hint={hint}
      issues={issues}
      wayOut={(suggestion) => [suggestion, `Write ${suggestion}`]}
      onSuggestion={onChange}
    >
      {(control) =>
        rows > 1 ? (
          <textarea
            {...control}
            {...plain}
            rows={rows}
            value={value}
            placeholder={placeholder}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <>
            <input
              {...control}
              {...plain}
              type="text"
              value={value}
              inputMode={inputMode}
              placeholder={placeholder}
              list={proposals === undefined ? undefined : list}
              onChange={(event) => onChange(event.target.value)}
            />
            {proposals !== undefined && (
              <datalist id={list}>
                {proposals.map((proposal) => (
                  <option key={proposal} value={proposal} />
                ))}
              </datalist>
            )}
          </>
        )
      }
    </Field>
  );
}
