import type { ProtectionRow, ProtectionVerdict, RefusalCode } from "./verdict.ts";

/** How many verdicts there were. */
export interface ProtectionCounters {
  /** Requests that went on, by the row of the decision table. */
  readonly allowed: Readonly<Record<ProtectionRow, number>>;
  /** Refused requests. */
  readonly refused: Readonly<Record<RefusalCode, number>>;
  /** Requests that went on because of `reportOnly`. */
  readonly reported: Readonly<Record<RefusalCode, number>>;
}

const noRows = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 0, 10: 0 } as const satisfies Record<
  ProtectionRow,
  number
>;

const noRefusals = {
  "cookie-without-origin": 0,
  "cross-origin": 0,
  "malformed-origin": 0,
  "not-json": 0,
  "not-this-application": 0,
  "sec-fetch-site": 0,
} as const satisfies Record<RefusalCode, number>;

/** Counts verdicts. */
export class VerdictCounter {
  readonly #allowed: Record<ProtectionRow, number> = { ...noRows };
  readonly #refused: Record<RefusalCode, number> = { ...noRefusals };
  readonly #reported: Record<RefusalCode, number> = { ...noRefusals };

  count(verdict: ProtectionVerdict): void {
    if (!verdict.ok) this.#refused[verdict.code]++;
    else if (verdict.reported !== null) this.#reported[verdict.reported.code]++;
    else this.#allowed[verdict.row]++;
  }

  /** The numbers so far, as a plain object of its own. */
  snapshot(): ProtectionCounters {
    return { allowed: { ...this.#allowed }, refused: { ...this.#refused }, reported: { ...this.#reported } };
  }
}
