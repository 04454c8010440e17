import type { SituationIssue } from "../../situation/situation-issue.ts";
import { IssueList } from "./issue-list.tsx";

interface CheckFieldProps {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly issues?: readonly SituationIssue[];
  readonly onChange: (checked: boolean) => void;
}

/** Yes or no. */
export function CheckField({ label, checked, disabled = false, issues = [], onChange }: CheckFieldProps) {
  return (
    <div className="check-field">
      <label>
        <input
          type="checkbox"
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>{label}</span>
      </label>
      <IssueList
        issues={issues}
        wordsFor={(suggestion) => (typeof suggestion === "boolean" ? (suggestion ? "Tick it" : "Untick it") : null)}
        onApply={(suggestion) => onChange(suggestion === true)}
      />
    </div>
  );
}
