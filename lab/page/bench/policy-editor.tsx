import type { PolicyIssue } from "@corsac/server";
import { useId, useMemo } from "react";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import { readPolicyText, withSuggestion } from "../state/policy-text.ts";

interface PolicyEditorProps {
  readonly label: string;
  readonly value: string;
  /** What the lab's server had to say besides: it knows the public suffixes. */
  readonly issues: readonly SituationIssue[];
  readonly onChange: (value: string) => void;
}

/** A policy of `@corsac/server` in JSON, judged as one types by the code that servers run. */
export function PolicyEditor({ label, value, issues, onChange }: PolicyEditorProps) {
  const id = useId();
  const read = useMemo(() => readPolicyText(value), [value]);
  const own = read.ok ? [] : read.issues;
  const messages = [
    ...(read.ok || read.error === null ? [] : [read.error]),
    ...(read.ok ? issues.map(({ message }) => message) : []),
  ];
  const isFaulty = own.length + messages.length > 0;
  return (
    <div className="field policy-editor">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        value={value}
        rows={Math.min(14, Math.max(3, value.split("\n").length))}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        translate="no"
        aria-describedby={`${id}-state`}
        aria-invalid={isFaulty || undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <div id={`${id}-state`} className="policy-state" aria-live="polite">
        {isFaulty ? (
          <ul className="issues">
            {messages.map((message) => (
              <li key={message}>{message}</li>
            ))}
            {own.map((issue) => (
              <li key={`${issue.code} ${issue.path.join(".")}`}>
                <code>{issue.path.join(".")}</code> {issue.message}{" "}
                <Suggestion issue={issue} onApply={() => onChange(withSuggestion(value, issue))} />
              </li>
            ))}
          </ul>
        ) : (
          <p className="fine">A valid policy.</p>
        )}
      </div>
    </div>
  );
}

function Suggestion({ issue, onApply }: { readonly issue: PolicyIssue; readonly onApply: () => void }) {
  if (issue.suggestion === null) return null;
  return (
    <button type="button" className="link-button" onClick={onApply}>
      Write <code>{JSON.stringify(issue.suggestion)}</code>
    </button>
  );
}
