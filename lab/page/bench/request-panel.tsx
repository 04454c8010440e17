import { targetNames } from "../../situation/origins.ts";
import { issuesAt } from "../fields/issues-at.ts";
import { SelectField } from "../fields/select-field.tsx";
import { TextField } from "../fields/text-field.tsx";
import { OriginChip } from "../origin/origin-chip.tsx";
import { lookOf } from "../origin/origin-look.ts";
import type { PanelProps } from "./panel-props.ts";
import { RequestOptions } from "./request-options.tsx";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "patch"];

/** "asks …": what is asked of whom, and how. */
export function RequestPanel(props: PanelProps) {
  const { draft, origins, issues, change } = props;
  const isElement = draft.via === "image" || draft.via === "script";
  return (
    <fieldset className="panel">
      <legend>asks</legend>
      <div className="pair">
        <SelectField
          label="Target"
          value={draft.target}
          choices={targetNames.map((name) => [name, lookOf(name, origins).name] as const)}
          issues={issuesAt(issues, "request.target")}
          onChange={(target) => change({ target })}
        />
        <SelectField
          label="By"
          value={draft.via}
          choices={[
            ["fetch", "a script: fetch()"],
            ["form", "a form"],
            ["image", "an image"],
            ["script", "a script tag"],
          ]}
          issues={issuesAt(issues, "request.via")}
          onChange={(via) => change({ via })}
        />
      </div>
      <p className="panel-chip">
        <OriginChip {...lookOf(draft.target, origins)} />
        {draft.hasGateway && (
          <>
            <span className="through"> through the </span>
            <OriginChip {...lookOf("gateway", origins)} />
          </>
        )}
      </p>
      <div className="method-and-path">
        {!isElement && (
          <TextField
            label="Method"
            value={draft.method}
            proposals={draft.via === "form" ? ["GET", "POST"] : methods}
            issues={issuesAt(issues, "request.method")}
            onChange={(method) => change({ method })}
          />
        )}
        <TextField
          label="Path and query"
          value={draft.path}
          issues={issuesAt(issues, "request.path")}
          onChange={(path) => change({ path })}
        />
      </div>
      {draft.via === "fetch" && (
        <TextField
          label="Request headers"
          value={draft.headers}
          rows={2}
          placeholder="Name: value"
          issues={issuesAt(issues, "request.headers")}
          onChange={(headers) => change({ headers })}
        />
      )}
      {draft.via === "form" && (
        <TextField
          label="Fields of the form"
          value={draft.fields}
          rows={2}
          placeholder="name=value"
          issues={issuesAt(issues, "request.fields")}
          onChange={(fields) => change({ fields })}
        />
      )}
      <RequestOptions {...props} />
    </fieldset>
  );
}
