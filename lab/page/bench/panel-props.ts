import type { LabOrigins } from "../../situation/origins.ts";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import type { Draft } from "../state/draft.ts";

/** What every panel of the bench works with. */
export interface PanelProps {
  readonly draft: Draft;
  readonly origins: LabOrigins;
  readonly issues: readonly SituationIssue[];
  readonly change: (change: Partial<Draft>) => void;
}
