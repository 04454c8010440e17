/** Counts the exchanges of a forwarder that are under way, those that wait for a second attempt among them. */
export class LiveExchanges {
  #count = 0;
  #onNone: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) for (const resolve of this.#onNone.splice(0)) resolve();
  }

  /** Resolves when none is under way, or when the time is over: seconds, without end if nothing is said. */
  async none(deadline?: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = deadline === undefined ? undefined : setTimeout(resolve, deadline * 1000);
      this.#onNone.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
