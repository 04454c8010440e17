import { pageNames } from "../../situation/origins.ts";
import { CheckField } from "../fields/check-field.tsx";
import { issuesAt } from "../fields/issues-at.ts";
import { RadioField } from "../fields/radio-field.tsx";
import { SelectField } from "../fields/select-field.tsx";
import { TextField } from "../fields/text-field.tsx";
import { OriginChip } from "../origin/origin-chip.tsx";
import { lookOf, pageLook } from "../origin/origin-look.ts";
import { relationOf, relationTexts } from "../origin/relation.ts";
import type { PanelProps } from "./panel-props.ts";

/** "A page of …": who asks, where it is shown, and what the browser has stored. */
export function PagePanel({ draft, origins, issues, change }: PanelProps) {
  const look = pageLook(draft, origins);
  const target = lookOf(draft.hasGateway ? "gateway" : draft.target, origins);
  const relation = relationOf(look.origin, target.origin);
  return (
    <fieldset className="panel">
      <legend>A page of</legend>
      <SelectField
        label="Origin of the page"
        value={draft.pageKind === "typed" ? "typed" : `${draft.pageKind}:${draft.pageName}`}
        choices={[
          ...pageNames.map((name) => [`origin:${name}`, lookOf(name, origins).name] as const),
          ["sandboxed:bookshop", "a sandboxed frame of the bookshop"],
          ["sandboxed:evil", "a sandboxed frame of the evil site"],
          ["typed", "another origin …"],
        ]}
        issues={issuesAt(issues, "page.kind")}
        onChange={(value) => {
          const [kind, name] = value.split(":");
          const pageName = pageNames.find((each) => each === name) ?? draft.pageName;
          change({ pageKind: kind as typeof draft.pageKind, pageName });
        }}
      />
      {draft.pageKind === "typed" && (
        <TextField
          label="Its origin"
          value={draft.typedOrigin}
          inputMode="url"
          hint="Only corsac can be a page of it: your browser has none."
          issues={issuesAt(issues, "page.origin")}
          onChange={(typedOrigin) => change({ typedOrigin })}
        />
      )}
      <p className="panel-chip">
        <OriginChip {...look} />
      </p>
      <p className={`relation relation-${relation}`}>To what it asks: {relationTexts[relation]}.</p>
      <RadioField
        label="Shown in"
        value={draft.place}
        choices={[
          ["frame", "a frame of this page"],
          ["window", "a window of its own"],
        ]}
        issues={issuesAt(issues, "place")}
        onChange={(place) => change({ place })}
      />
      <CheckField
        label="Logged in at the target, by a cookie"
        checked={draft.loggedIn}
        issues={issuesAt(issues, "cookies.loggedIn")}
        onChange={(loggedIn) => change({ loggedIn })}
      />
      {draft.loggedIn && (
        <SelectField
          label="SameSite of the cookie"
          value={draft.sameSite}
          choices={[
            ["unset", "not set"],
            ["Lax", "Lax"],
            ["Strict", "Strict"],
            ["None", "None; Secure"],
          ]}
          issues={issuesAt(issues, "cookies.sameSite")}
          onChange={(sameSite) => change({ sameSite })}
        />
      )}
    </fieldset>
  );
}
