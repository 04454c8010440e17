import type { World } from "../../situation/lab-api.ts";
import type { Preset } from "../../situation/presets.ts";
import type { RunReport } from "../../situation/run-report.ts";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import { type Draft, draftOf } from "./draft.ts";
import type { OpenedPlace } from "./open-place.ts";
import type { Place } from "./place.ts";
import { settleDraft } from "./settle-draft.ts";

/** How far a run has come. */
export type RunState =
  | { readonly status: "idle" }
  /** `report` is there as soon as corsac is ready, before the visitor's browser is; until then, that of the last run. */
  | {
      readonly status: "running";
      readonly number: number;
      readonly report: RunReport | null;
      readonly isStale: boolean;
    }
  /** `isStale`: the bench has been changed since. */
  | { readonly status: "done"; readonly report: RunReport; readonly isStale: boolean }
  | { readonly status: "failed"; readonly message: string; readonly issues: readonly SituationIssue[] };

/** Everything that the page shows. */
export interface LabState {
  readonly place: Place;
  readonly preset: Preset;
  readonly draft: Draft;
  readonly linkProblem: string | null;
  readonly run: RunState;
  readonly world: World | null;
}

/** What can happen. */
export type LabEvent =
  | { readonly type: "opened"; readonly opened: OpenedPlace }
  | { readonly type: "changed"; readonly change: Partial<Draft> }
  | { readonly type: "reset" }
  | { readonly type: "run-started"; readonly number: number }
  | { readonly type: "corsac-ready"; readonly number: number; readonly report: RunReport }
  | { readonly type: "run-done"; readonly number: number; readonly report: RunReport }
  | {
      readonly type: "run-failed";
      readonly number: number;
      readonly message: string;
      readonly issues: readonly SituationIssue[];
    }
  | { readonly type: "world"; readonly world: World };

/** The state of a page that was opened by a link. */
export function initialState({ place, preset, situation, problem }: OpenedPlace): LabState {
  return { place, preset, draft: draftOf(situation), linkProblem: problem, run: { status: "idle" }, world: null };
}

/** What follows from an event. */
export function nextState(state: LabState, event: LabEvent): LabState {
  switch (event.type) {
    case "opened":
      return { ...initialState(event.opened), world: state.world };
    case "changed":
      return { ...state, linkProblem: null, draft: settleDraft(state.draft, event.change), run: stale(state.run) };
    case "reset":
      return { ...state, linkProblem: null, draft: draftOf(state.preset.situation), run: stale(state.run) };
    case "run-started":
      return { ...state, run: { status: "running", number: event.number, report: reportOf(state.run), isStale: true } };
    case "world":
      return { ...state, world: event.world };
    default:
      return isCurrent(state.run, event.number) ? { ...state, run: afterStep(event) } : state;
  }
}

type RunStep = Extract<LabEvent, { type: "corsac-ready" | "run-done" | "run-failed" }>;

function afterStep(event: RunStep): RunState {
  switch (event.type) {
    case "corsac-ready":
      return { status: "running", number: event.number, report: event.report, isStale: false };
    case "run-done":
      return { status: "done", report: event.report, isStale: false };
    case "run-failed":
      return { status: "failed", message: event.message, issues: event.issues };
  }
}

/** What there is to show of a run. */
export function reportOf(run: RunState): RunReport | null {
  return run.status === "running" || run.status === "done" ? run.report : null;
}

function stale(run: RunState): RunState {
  if (run.status === "done") return { ...run, isStale: true };
  return run.status === "failed" ? { status: "idle" } : run;
}

function isCurrent(run: RunState, number: number): boolean {
  return run.status === "running" && run.number === number;
}
