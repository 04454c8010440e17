import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import type { LabInfo } from "../../situation/lab-api.ts";
import { type Preset, presetsFor } from "../../situation/presets.ts";
import { encodeSituation } from "../../situation/situation-link.ts";
import { createLabClient, type LabClient, LabRefusal } from "../api/lab-client.ts";
import { runInBrowser } from "../runner/run-in-browser.ts";
import { type ReadDraft, readDraft } from "./draft.ts";
import { initialState, type LabEvent, type LabState, nextState } from "./lab-state.ts";
import { openPlace } from "./open-place.ts";
import { type Place, writePlace } from "./place.ts";

/** The lab as the page's parts use it. */
export interface Lab {
  readonly info: LabInfo;
  readonly client: LabClient;
  readonly presets: readonly Preset[];
  readonly state: LabState;
  readonly dispatch: (event: LabEvent) => void;
  readonly read: ReadDraft;
  /** Whether the bench differs from the prepared one. */
  readonly isChanged: boolean;
  readonly run: () => void;
  readonly resetWorld: () => void;
}

/** Keeps the state of the page, and its address in step with it. */
export function useLab(info: LabInfo): Lab {
  const client = useMemo(() => createLabClient(info), [info]);
  const presets = useMemo(() => presetsFor(info.origins), [info]);
  const [state, dispatch] = useReducer(nextState, undefined, () => initialState(openPlace(fragment(), presets)));
  const read = useMemo(() => readDraft(state.draft), [state.draft]);
  const runs = useRef(0);
  const popupOwner = useRef(0);

  useEffect(() => {
    const open = () => {
      // A run under way belongs to the place that was left.
      runs.current += 1;
      dispatch({ type: "opened", opened: openPlace(fragment(), presets) });
    };
    window.addEventListener("hashchange", open);
    return () => window.removeEventListener("hashchange", open);
  }, [presets]);

  const changes = useMemo(() => changesOf(state, read), [state, read]);
  useEffect(() => {
    // A damaged link stays in the address bar until something is changed; so does the last state that had an address.
    if (state.linkProblem !== null || changes === undefined) return;
    const address = writePlace(placeWith(state.place, changes));
    if (address !== window.location.hash) window.history.replaceState(null, "", address);
  }, [state.place, state.linkProblem, changes]);

  const { situation } = read;
  const run = useCallback(() => {
    if (situation === null) return;
    runs.current += 1;
    const number = runs.current;
    dispatch({ type: "run-started", number });
    // Now or never: later it would be a pop-up that nobody has asked for.
    const popup = situation.place === "window" && situation.page.kind !== "typed" ? openPopup() : null;
    if (popup !== null) popupOwner.current = number;
    void (async () => {
      try {
        const { id, runner, report } = await client.start({ situation });
        dispatch({ type: "corsac-ready", number, report });
        if (runner.kind === "none") {
          dispatch({ type: "run-done", number, report });
          return;
        }
        const seen = await runInBrowser(runner, popup);
        dispatch({ type: "run-done", number, report: await client.finish(id, { seen }) });
        if (situation.request.target === "social") dispatch({ type: "world", world: await client.world({}) });
      } catch (error) {
        const issues = error instanceof LabRefusal ? error.issues : [];
        dispatch({ type: "run-failed", number, message: (error as Error).message, issues });
      } finally {
        // All runs share one window: a later one may be using it.
        if (popupOwner.current === number) popup?.close();
      }
    })();
  }, [client, situation]);

  const resetWorld = useCallback(() => {
    void client.world({ reset: true }).then((world) => dispatch({ type: "world", world }));
  }, [client]);

  const isChanged = changes !== null;
  return { info, client, presets, state, dispatch, read, isChanged, run, resetWorld };
}

function fragment(): string {
  return window.location.hash.slice(1);
}

/** `null`: as prepared; `undefined`: cannot be written yet. */
function changesOf({ preset }: LabState, { situation }: ReadDraft): string | null | undefined {
  if (situation === null) return undefined;
  const encoded = encodeSituation(situation);
  return encoded === encodeSituation(preset.situation) ? null : encoded;
}

function placeWith(place: Place, changes: string | null): Place {
  return place.kind === "try" ? place : { ...place, changes };
}

function openPopup(): Window | null {
  return window.open("about:blank", "corsac-lab-asking", "popup,width=480,height=360");
}
