/** Second attempts that wait for their time. */
export class PendingRetries {
  readonly #timers: Set<NodeJS.Timeout> = new Set();
  #onNone: (() => void)[] = [];

  /** Calls `send` after `delay` seconds; returns what cancels it. */
  schedule(delay: number, send: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      send();
      this.#remove(timer);
    }, delay * 1000);
    this.#timers.add(timer);
    return timer;
  }

  cancel(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#remove(timer);
  }

  /** Resolves when none waits. */
  async none(): Promise<void> {
    if (this.#timers.size > 0) await new Promise<void>((resolve) => this.#onNone.push(resolve));
  }

  #remove(timer: NodeJS.Timeout): void {
    if (!this.#timers.delete(timer) || this.#timers.size > 0) return;
    for (const resolve of this.#onNone.splice(0)) resolve();
  }
}
