import { isSafeMethod } from "@corsac/protocol";
import { currentMethod, type MethodContext } from "./method-context.ts";

/** A safe request was about to change something. */
export class SafeMethodError extends Error {
  override readonly name = "SafeMethodError";
  readonly code = "write-in-safe-method";
  readonly status = 500;
  readonly method: string;
  readonly route: string;
  /** What was to be written. */
  readonly what: string;

  constructor({ method, route }: Pick<MethodContext, "method" | "route">, what: string) {
    super(
      `${method} ${route} is about to write (${what}). ${method} is safe: caches, crawlers and link previews send it as ` +
        "they like, and browsers send it again. Write in POST, PUT, PATCH or DELETE; if the client did not ask for this " +
        "change (a log, a counter), write it in asBookkeeping(() => …).",
    );
    this.method = method;
    this.route = route;
    this.what = what;
  }
}

/** Routes that have been reported. Bounded, since without a framework's routes these are paths. */
const reported = new Set<string>();
const reportedLimit = 1000;

/**
 * Throws when it is called while a safe request is being served. Data layers call it before they write. It does nothing
 * outside of requests; with `reportOnly` it logs, once for each route.
 *
 * @param what is to be written, such as `UPDATE books`
 * @throws {SafeMethodError}
 * @see https://httpwg.org/specs/rfc9110.html#safe.methods
 */
export function assertUnsafeMethod(what = "the data"): void {
  const context = currentMethod();
  if (context === undefined || context.isBookkeeping || !isSafeMethod(context.method)) return;
  const error = new SafeMethodError(context, what);
  if (!context.reportOnly) throw error;
  const route = `${context.method} ${context.route}`;
  if (reported.has(route) || reported.size >= reportedLimit) return;
  reported.add(route);
  // biome-ignore lint/suspicious/noConsole: what report mode is for.
  console.warn(`${error.message}\n${(error.stack ?? "").split("\n").slice(1).join("\n")}`);
}
