import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again who has a turn, until it is another one than at first, or nobody, or the time is over.
 *
 * @param holder returns what tells the holders of a turn apart; null when there is none
 * @param interval milliseconds between two questions
 */
export async function waitForTurn(
  holder: () => string | null | Promise<string | null>,
  seconds: number,
  interval: number,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  const first = await holder();
  if (first === null) return;
  for (;;) {
    const left = end - performance.now();
    if (left <= 0) return;
    await sleep(Math.min(interval, left));
    if ((await holder()) !== first) return;
  }
}
