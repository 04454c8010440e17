/** Each request earns a fifth of a retry: at most 20 % of a long run of requests are sent again. */
const earned = 0.2;

/** What may be spent before anything is earned, as when an upstream closes all its connections at once. */
const reserve = 100;

/**
 * Keeps retries from adding to the load of an upstream that fails under it: when most requests fail, most are not sent
 * again. Counts instead of measuring time, so that it needs no clock and a quiet gateway keeps its reserve.
 */
export class RetryBudget {
  #retries = reserve;

  /** A request came. */
  earn(): void {
    this.#retries = Math.min(reserve, this.#retries + earned);
  }

  /** Takes a retry, if there is one. */
  spend(): boolean {
    if (this.#retries < 1) return false;
    this.#retries -= 1;
    return true;
  }
}
