import type { HeaderEdits } from "../../decision/decision.ts";
import { mergeVary } from "../merge-vary.ts";

/**
 * Header edits in the form in which they are carried out quickest. Policies share theirs frozen, and the engine reads
 * frozen arrays so slowly that it was a third of all that a policy cost.
 */
export interface EditPlan {
  /** Names and values to set, in turn. */
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly vary: readonly string[];
  /** The value of a `Vary` that was not there; null when there is to be none. */
  readonly newVary: string | null;
  /** Whether no value has anything in it that may not stand there. */
  readonly isValid: boolean;
  /** Reports what becomes of a header that the application gives, in any case. */
  readonly fateOf: (name: string) => Fate;
}

/** What becomes of a header of the application. */
export type Fate = "edited" | "kept" | "vary";

/** Everything that may not stand in the value of a header. */
const invalid = /[^\t\x20-\x7e\x80-\xff]/;

/** Names of headers are few; but an application may make some up for each request. */
const maxFates = 100;

const plans = new WeakMap<HeaderEdits, EditPlan>();

/** Returns the plan for edits: the same one for the same edits, if they are frozen. */
export function planOf(edits: HeaderEdits): EditPlan {
  const known = plans.get(edits);
  if (known !== undefined) return known;
  const plan = createPlan(edits);
  if (!Object.isFrozen(edits)) return plan;
  const fates = new Map<string, Fate>();
  const kept: EditPlan = {
    ...plan,
    fateOf: (name) => {
      const knownFate = fates.get(name);
      if (knownFate !== undefined) return knownFate;
      const fate = plan.fateOf(name);
      if (fates.size < maxFates) fates.set(name, fate);
      return fate;
    },
  };
  plans.set(edits, kept);
  return kept;
}

function createPlan({ set: pairs, remove, vary }: HeaderEdits): EditPlan {
  const set: string[] = [];
  let isValid = true;
  for (const pair of pairs) {
    set.push(pair[0], pair[1]);
    if (invalid.test(pair[1])) isValid = false;
  }
  return {
    set,
    remove: Object.isFrozen(remove) ? remove.slice() : remove,
    vary,
    newVary: vary.length === 0 ? null : mergeVary(null, vary),
    isValid,
    fateOf: (name) => {
      const lowerName = name.toLowerCase();
      if (lowerName === "vary") return "vary";
      return remove.includes(lowerName) || set.includes(lowerName) ? "edited" : "kept";
    },
  };
}
