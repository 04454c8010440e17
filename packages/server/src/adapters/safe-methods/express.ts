import { serveMethod } from "../../unsafe-method/method-context.ts";
import { pathOf, type SafeMethodsOptions } from "../../unsafe-method/safe-methods-options.ts";
import type { NodeMiddleware } from "../node-response/node-middleware.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/**
 * Tells data layers which request they work for, in Express 4 and 5, so that `assertUnsafeMethod` keeps safe ones from
 * writing. Handlers of `resource()` do not need it.
 *
 * @example
 * app.use(safeMethods());
 */
export function safeMethods(...given: [options?: SafeMethodsOptions]): NodeMiddleware {
  refuseUncalled("safeMethods", given, "app.use(safeMethods())");
  const { reportOnly } = given[0] ?? {};
  return (request, _, next) =>
    serveMethod(request.method ?? "GET", pathOf(request.originalUrl ?? request.url), reportOnly, () => next());
}
