import { issuesAt } from "../fields/issues-at.ts";
import { SelectField } from "../fields/select-field.tsx";
import { TextField } from "../fields/text-field.tsx";
import type { PanelProps } from "./panel-props.ts";

/** The rest of the request: what fetch() takes, or what the form has. */
export function RequestOptions(props: PanelProps) {
  const { draft } = props;
  return (
    <>
      {draft.via === "form" ? <FormOptions {...props} /> : <FetchOptions {...props} />}
      <details className="more" open={draft.times !== "1" || draft.redirect !== "follow" || undefined}>
        <summary>Redirects, repetition</summary>
        <MoreOptions {...props} />
      </details>
    </>
  );
}

function FormOptions({ draft, issues, change }: PanelProps) {
  return (
    <SelectField
      label="Encoding of the form"
      value={draft.enctype}
      choices={[
        ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded"],
        ["multipart/form-data", "multipart/form-data"],
        ["text/plain", "text/plain"],
      ]}
      issues={issuesAt(issues, "request.enctype")}
      onChange={(enctype) => change({ enctype })}
    />
  );
}

function FetchOptions({ draft, issues, change }: PanelProps) {
  return (
    <>
      {draft.via === "fetch" && (draft.body !== "" || !/^(?:GET|HEAD)$/i.test(draft.method)) && (
        <TextField
          label="Body"
          value={draft.body}
          rows={2}
          issues={issuesAt(issues, "request.body")}
          onChange={(body) => change({ body })}
        />
      )}
      <div className="pair">
        <SelectField
          label="Credentials"
          value={draft.credentials}
          choices={[
            ["same-origin", "same-origin"],
            ["include", "include"],
            ["omit", "omit"],
          ]}
          issues={issuesAt(issues, "request.credentials")}
          onChange={(credentials) => change({ credentials })}
        />
        <SelectField
          label="Mode"
          value={draft.mode}
          choices={[["cors", "cors"], ["no-cors", "no-cors"], ...(draft.via === "fetch" ? [sameOrigin] : [])]}
          issues={issuesAt(issues, "request.mode")}
          onChange={(mode) => change({ mode })}
        />
      </div>
    </>
  );
}

const sameOrigin = ["same-origin", "same-origin"] as const;

function MoreOptions({ draft, issues, change }: PanelProps) {
  return (
    <div className="pair">
      <SelectField
        label="Redirect"
        value={draft.redirect}
        choices={[
          ["follow", "follow"],
          ["error", "error"],
          ["manual", "manual"],
        ]}
        issues={issuesAt(issues, "request.redirect")}
        onChange={(redirect) => change({ redirect })}
      />
      <TextField
        label="Times, one after the other"
        value={draft.times}
        inputMode="numeric"
        issues={issuesAt(issues, "times")}
        onChange={(times) => change({ times })}
      />
    </div>
  );
}
