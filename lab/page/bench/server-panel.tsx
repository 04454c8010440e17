import { CheckField } from "../fields/check-field.tsx";
import { issuesAt } from "../fields/issues-at.ts";
import { RadioField } from "../fields/radio-field.tsx";
import { AnswerFields } from "./answer-fields.tsx";
import { GatewayFields } from "./gateway-fields.tsx";
import type { PanelProps } from "./panel-props.ts";
import { PolicyEditor } from "./policy-editor.tsx";

/** "and the server answers by …": a policy, lines written by hand, or what the target has of its own. */
export function ServerPanel(props: PanelProps) {
  const { draft, issues, change } = props;
  return (
    <fieldset className="panel">
      <legend>and the server answers by</legend>
      {draft.target === "bench" ? (
        <RadioField
          label="Its answer comes from"
          value={draft.serverKind}
          choices={[
            ["policy", "a policy"],
            ["raw", "headers by hand"],
            ["itself", "no CORS at all"],
          ]}
          issues={issuesAt(issues, "server.kind")}
          onChange={(serverKind) => change({ serverKind })}
        />
      ) : (
        <OwnAnswer {...props} />
      )}
      {draft.serverKind === "policy" && <PolicyFields {...props} />}
      {draft.serverKind === "raw" && <RawFields {...props} />}
      {draft.target !== "social" && <GatewayFields {...props} />}
    </fieldset>
  );
}

const ownAnswers: Readonly<Record<PanelProps["draft"]["target"], string>> = {
  bench: "",
  books: "its own policy, which lists the bookshop: GET and POST for orders, PUT and DELETE for books.",
  social: "nothing but its session cookie. It has never heard of CORS; who is logged in may read and post.",
  weather: "nothing: there is no CORS header in any of its answers.",
};

function OwnAnswer({ draft, change }: PanelProps) {
  return (
    <>
      <p className="own-answer">{ownAnswers[draft.target]}</p>
      {draft.target === "social" && (
        <CheckField
          label="Cross-origin protection: refuse unsafe requests of other sites"
          checked={draft.socialProtection}
          onChange={(socialProtection) => change({ socialProtection })}
        />
      )}
    </>
  );
}

function PolicyFields({ draft, issues, change }: PanelProps) {
  return (
    <>
      <PolicyEditor
        label="Policy (JSON)"
        value={draft.policy}
        issues={issuesAt(issues, "server.policy")}
        onChange={(policy) => change({ policy })}
      />
      <CheckField
        label="Cross-origin protection: refuse unsafe requests of origins that are not listed"
        checked={draft.protection}
        onChange={(protection) => change({ protection })}
      />
      <details className="more">
        <summary>What the application behind it answers</summary>
        <AnswerFields
          name="Answer"
          answer={draft.answer}
          path="server.answer"
          issues={issues}
          onChange={(answer) => change({ answer })}
        />
      </details>
    </>
  );
}

function RawFields({ draft, issues, change }: PanelProps) {
  return (
    <>
      <AnswerFields
        name="Answer"
        answer={draft.answer}
        path="server.answer"
        issues={issues}
        onChange={(answer) => change({ answer })}
      />
      <CheckField
        label="Preflights get an answer of their own"
        checked={draft.hasOwnPreflight}
        onChange={(hasOwnPreflight) => change({ hasOwnPreflight })}
      />
      {draft.hasOwnPreflight && (
        <AnswerFields
          name="Preflight"
          answer={draft.preflight}
          path="server.preflight"
          issues={issues}
          hasBody={false}
          onChange={(preflight) => change({ preflight })}
        />
      )}
    </>
  );
}
