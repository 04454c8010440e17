import type { SituationIssue } from "../../situation/situation-issue.ts";
import { issuesAt } from "../fields/issues-at.ts";
import { TextField } from "../fields/text-field.tsx";
import type { AnswerDraft } from "../state/draft.ts";

interface AnswerFieldsProps {
  /** `Answer` or `Preflight`: begins the labels. */
  readonly name: string;
  readonly answer: AnswerDraft;
  readonly path: string;
  readonly issues: readonly SituationIssue[];
  readonly hasBody?: boolean;
  readonly onChange: (answer: AnswerDraft) => void;
}

/** An answer, line by line. */
export function AnswerFields({ name, answer, path, issues, hasBody = true, onChange }: AnswerFieldsProps) {
  return (
    <div className="answer-fields">
      <TextField
        label={`${name}: status`}
        value={answer.status}
        inputMode="numeric"
        issues={issuesAt(issues, `${path}.status`)}
        onChange={(status) => onChange({ ...answer, status })}
      />
      <TextField
        label={`${name}: headers`}
        value={answer.headers}
        rows={Math.min(8, Math.max(2, answer.headers.split("\n").length))}
        placeholder="Access-Control-Allow-Origin: …"
        issues={issuesAt(issues, `${path}.headers`)}
        onChange={(headers) => onChange({ ...answer, headers })}
      />
      {hasBody && (
        <TextField
          label={`${name}: body`}
          value={answer.body}
          rows={2}
          issues={issuesAt(issues, `${path}.body`)}
          onChange={(body) => onChange({ ...answer, body })}
        />
      )}
    </div>
  );
}
