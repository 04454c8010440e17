import type { HeaderEdits } from "../../decision/decision.ts";
import { mergeVary } from "../merge-vary.ts";

/** What becomes of a header of the application. */
export type Fate = "edited" | "kept" | "vary";

/** Everything that may not stand in the value of a header. */
const invalid = /[^\t\x20-\x7e\x80-\xff]/;

/** Names of headers are few; but an application may make some up for each request. */
const maxFates = 100;

/**
 * Header edits in the form in which they are carried out quickest. Policies share theirs frozen, and the engine reads
 * frozen arrays so slowly that it was a third of all that a policy cost.
 */
export class EditPlan {
  /** Names and values to set, in turn. */
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly vary: readonly string[];
  /** The value of a `Vary` that was not there; null when there is to be none. */
  readonly newVary: string | null;
  /** Whether it is known that no value has anything in it that may not stand there. */
  readonly isValid: boolean;
  /** Of headers by name as it was given; null for a plan that is used once. */
  readonly #fates: Map<string, Fate> | null;

  constructor({ set: pairs, remove, vary }: HeaderEdits, isKept: boolean) {
    const set: string[] = [];
    for (const pair of pairs) set.push(pair[0], pair[1]);
    this.set = set;
    this.remove = isKept ? remove.slice() : remove;
    this.vary = vary;
    this.newVary = vary.length === 0 ? null : mergeVary(null, vary);
    this.isValid = isKept && !set.some((text) => invalid.test(text));
    this.#fates = isKept ? new Map() : null;
  }

  /** Returns what becomes of a header that the application gives by this name, in any case. */
  fateOf(name: string): Fate {
    const known = this.#fates?.get(name);
    if (known !== undefined) return known;
    const lowerName = name.toLowerCase();
    let fate: Fate = "kept";
    if (lowerName === "vary") fate = "vary";
    else if (this.remove.includes(lowerName) || this.set.includes(lowerName)) fate = "edited";
    if (this.#fates !== null && this.#fates.size < maxFates) this.#fates.set(name, fate);
    return fate;
  }
}

const plans = new WeakMap<HeaderEdits, EditPlan>();

/** Returns the plan for edits: the same one for the same edits, if they are frozen. */
export function planOf(edits: HeaderEdits): EditPlan {
  const known = plans.get(edits);
  if (known !== undefined) return known;
  const isKept = Object.isFrozen(edits);
  const plan = new EditPlan(edits, isKept);
  if (isKept) plans.set(edits, plan);
  return plan;
}
