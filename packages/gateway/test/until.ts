/** Waits until something is so; the test's own limit ends a wait in vain. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await soon();
}

export function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
