import { serveMethod } from "../../unsafe-method/method-context.ts";
import type { SafeMethodsOptions } from "../../unsafe-method/safe-methods-options.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/** Stands before a handler of requests. */
export type SafeMethodsWrapper = <R extends Request, Rest extends readonly unknown[], Answer>(
  handler: (request: R, ...rest: Rest) => Answer,
) => (request: R, ...rest: Rest) => Answer;

/**
 * Tells data layers which request they work for, in Bun, Deno, workers and Next.js, so that `assertUnsafeMethod` keeps
 * safe ones from writing. Handlers of `resource()` do not need it. Where a runtime has no `AsyncLocalStorage`, it does
 * nothing.
 *
 * @example
 * export default { fetch: safeMethods()(handler) };
 */
export function safeMethods(...given: [options?: SafeMethodsOptions]): SafeMethodsWrapper {
  refuseUncalled("safeMethods", given, "fetch: safeMethods()(handler)");
  const { reportOnly } = given[0] ?? {};
  return (handler) =>
    (request, ...rest) =>
      serveMethod(request.method, new URL(request.url).pathname, reportOnly, () => handler(request, ...rest));
}
