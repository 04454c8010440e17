import { CheckField } from "../fields/check-field.tsx";
import { issuesAt } from "../fields/issues-at.ts";
import { SelectField } from "../fields/select-field.tsx";
import type { PanelProps } from "./panel-props.ts";
import { PolicyEditor } from "./policy-editor.tsx";

/** The intermediary between the page and the target. */
export function GatewayFields({ draft, issues, change }: PanelProps) {
  const own = issues.filter(({ path }) => path.length === 1 && path[0] === "gateway");
  return (
    <div className="gateway-fields">
      <CheckField
        label="A gateway stands in front of it"
        checked={draft.hasGateway}
        issues={own}
        onChange={(hasGateway) => change({ hasGateway })}
      />
      {draft.hasGateway && (
        <>
          <PolicyEditor
            label="Policy of the gateway (JSON)"
            value={draft.gatewayPolicy}
            issues={issuesAt(issues, "gateway.policy")}
            onChange={(gatewayPolicy) => change({ gatewayPolicy })}
          />
          <div className="pair">
            <CheckField label="It caches" checked={draft.cache} onChange={(cache) => change({ cache })} />
            <CheckField label="It retries" checked={draft.retries} onChange={(retries) => change({ retries })} />
          </div>
          <SelectField
            label="Answers of the target that get lost"
            value={draft.lostAnswers}
            choices={[
              ["0", "none"],
              ["1", "the first"],
              ["2", "the first two"],
              ["3", "the first three"],
            ]}
            issues={issuesAt(issues, "lostAnswers")}
            onChange={(lostAnswers) => change({ lostAnswers })}
          />
        </>
      )}
    </div>
  );
}
