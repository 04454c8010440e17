import { parseSituation } from "../../situation/parse-situation.ts";
import type { Preset } from "../../situation/presets.ts";
import type { Situation } from "../../situation/situation.ts";
import { decodeSituation } from "../../situation/situation-link.ts";
import { type Place, readPlace } from "./place.ts";

/** What a link leads to. */
export interface OpenedPlace {
  readonly place: Place;
  /** The prepared bench; of the free bench, the first that one would try. */
  readonly preset: Preset;
  readonly situation: Situation;
  /** What is wrong with the link; `null` when nothing is. */
  readonly problem: string | null;
}

/** Follows a fragment, as far as that is possible. */
export function openPlace(fragment: string, presets: readonly Preset[]): OpenedPlace {
  const place = readPlace(fragment);
  if (place === null) {
    const first = { kind: "chapter", chapter: 1, preset: null, changes: null } as const;
    return { ...opened(first, presets), problem: "This link leads nowhere: this is the beginning instead." };
  }
  const found = opened(place, presets);
  if (place.kind === "try") return found;
  if (place.kind === "chapter" && place.preset !== null && found.preset.id !== place.preset) {
    return { ...found, problem: "The lab has no such prepared bench: this is the first of the chapter instead." };
  }
  return place.changes === null ? found : changed(found, place.changes);
}

function opened(place: Place, presets: readonly Preset[]): OpenedPlace {
  const candidates = presets.filter((each) =>
    place.kind === "chapter" ? each.chapter === place.chapter : each.id === "one-origin",
  );
  const wanted = place.kind === "chapter" ? place.preset : null;
  const preset = candidates.find(({ id }) => id === wanted) ?? candidates[0];
  if (preset === undefined) throw new Error("A chapter has no presets.");
  const named: Place =
    place.kind === "chapter"
      ? { ...place, preset: preset.id, changes: preset.id === wanted ? place.changes : null }
      : place;
  return { place: named, preset, situation: preset.situation, problem: null };
}

function changed(found: OpenedPlace, changes: string): OpenedPlace {
  // A policy in a link is shown with its issues, not refused.
  const parsed = parseSituation(decodeSituation(changes), () => []);
  if (parsed.ok) return { ...found, situation: parsed.situation };
  const why =
    decodeSituation(changes) === null
      ? "The link is damaged, perhaps cut off on its way."
      : `The link asks for what cannot be run. ${parsed.issues[0]?.message ?? ""}`;
  return { ...found, problem: `${why} This is the prepared bench instead; the link still stands in the address bar.` };
}
