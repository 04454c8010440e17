import type { DecisionReason, HeaderEdits, PassDecision, PreflightDecision, RefuseDecision } from "./decision.ts";
import type { Explanation } from "./explanation.ts";

/** What an outcome needs to explain itself. */
export interface Explainable {
  readonly kind: "pass" | "preflight" | "refuse";
  readonly reason: DecisionReason;
  readonly origin: string | null;
  /** The method or the list of request headers that was not granted, as it came; null when it was not about them. */
  readonly asked: string | null;
}

/** Explains an outcome of the policy that it belongs to. */
export type Explain = (outcome: Explainable) => Explanation;

/** A request that goes on to the application. */
export class PassOutcome implements PassDecision {
  readonly kind = "pass";
  readonly reason: PassDecision["reason"];
  readonly edits: HeaderEdits;
  readonly origin: string | null;
  readonly #explain: Explain;

  constructor(reason: PassDecision["reason"], edits: HeaderEdits, origin: string | null, explain: Explain) {
    this.reason = reason;
    this.edits = edits;
    this.origin = origin;
    this.#explain = explain;
  }

  explain(): Explanation {
    return this.#explain({ kind: this.kind, reason: this.reason, origin: this.origin, asked: null });
  }
}

/** A preflight that is granted. */
export class PreflightOutcome implements PreflightDecision {
  readonly kind = "preflight";
  readonly reason = "granted";
  readonly status: number;
  readonly edits: HeaderEdits;
  readonly origin: string;
  readonly #explain: Explain;

  constructor(status: number, edits: HeaderEdits, origin: string, explain: Explain) {
    this.status = status;
    this.edits = edits;
    this.origin = origin;
    this.#explain = explain;
  }

  explain(): Explanation {
    return this.#explain({ kind: this.kind, reason: this.reason, origin: this.origin, asked: null });
  }
}

/** A preflight that is refused. */
export class RefuseOutcome implements RefuseDecision {
  readonly kind = "refuse";
  readonly reason: RefuseDecision["reason"];
  readonly status: number;
  readonly edits: HeaderEdits;
  readonly origin: string;
  readonly #asked: string | null;
  readonly #explain: Explain;

  constructor(
    reason: RefuseDecision["reason"],
    status: number,
    edits: HeaderEdits,
    origin: string,
    asked: string | null,
    explain: Explain,
  ) {
    this.reason = reason;
    this.status = status;
    this.edits = edits;
    this.origin = origin;
    this.#asked = asked;
    this.#explain = explain;
  }

  explain(): Explanation {
    return this.#explain({ kind: this.kind, reason: this.reason, origin: this.origin, asked: this.#asked });
  }
}
