/** What may be there of Node. */
interface Runtime {
  readonly process?: { emitWarning?(message: string, options: { readonly type: string; readonly code: string }): void };
}

let hasWarned = false;

/**
 * Warns, once in a process, that two policies were applied to one response.
 *
 * The policy that sees a request first answers the preflights, and so it also decides about the response: two answers
 * that contradict each other help nobody, and two `Access-Control-Allow-Origin` headers fail in every browser.
 */
export function warnStacked(): void {
  if (hasWarned) return;
  hasWarned = true;
  const message =
    "cors() was applied twice to one response, with two policies. The policy that saw the request first decides; " +
    "the other one is ignored. Mount each where the other is not.";
  // In workerd and in browsers there is no process; and where Next.js sees one named, it warns of it.
  const { process } = globalThis as Runtime;
  if (process?.emitWarning !== undefined) {
    process.emitWarning(message, { type: "CorsacWarning", code: "CORSAC_STACKED" });
  } else {
    // biome-ignore lint/suspicious/noConsole: the only place for a warning there.
    console.warn(`CorsacWarning [CORSAC_STACKED]: ${message}`);
  }
}
