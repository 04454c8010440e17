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

  /** Resolves when none is under way. */
  async none(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => this.#onNone.push(resolve));
  }
}
