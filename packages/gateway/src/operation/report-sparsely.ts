/**
 * Makes a reporter that passes on one report in a while: a store or an upstream that is away fails with every
 * request, and whoever reads has to see it once.
 *
 * @param interval between two reports that are passed on, in milliseconds
 * @param clock milliseconds
 */
export function reportSparsely(
  report: (error: unknown) => void,
  interval: number,
  clock: () => number,
): (error: unknown) => void {
  let next = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = clock();
    if (now < next) return;
    next = now + interval;
    report(error);
  };
}
