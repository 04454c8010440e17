import type { Progress } from "../methods/methods-options.ts";

/** Where progress is shown: a terminal, apart from the report. */
export interface ProgressTerminal {
  readonly columns: number;
  write(text: string): void;
}

const pause = 100;
const barWidth = 20;
const clearLine = "\r\u001b[K";

/** One line that says how far a run is, drawn over itself. Runs that end within a second show none. */
export class ProgressLine {
  readonly #terminal: ProgressTerminal;
  #next: number;
  #isShown = false;

  /** @param patience milliseconds before the first line */
  constructor(terminal: ProgressTerminal, patience = 1000) {
    this.#terminal = terminal;
    this.#next = performance.now() + patience;
  }

  show({ done, steps, requests, current }: Progress): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + pause;
    this.#isShown = true;
    const filled = Math.round((done / Math.max(1, steps)) * barWidth);
    const line = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${done}/${steps}  ${requests} requests  ${current}`;
    this.#terminal.write(clearLine + line.slice(0, this.#terminal.columns - 1));
  }

  /** Removes the line, before anything else is written. */
  clear(): void {
    if (this.#isShown) this.#terminal.write(clearLine);
    this.#isShown = false;
  }
}
