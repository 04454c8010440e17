import { serveMethod } from "../../unsafe-method/method-context.ts";
import { pathOf, type SafeMethodsOptions } from "../../unsafe-method/safe-methods-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/**
 * Tells data layers which request they work for, in Koa 2 and 3, so that `assertUnsafeMethod` keeps safe ones from
 * writing. Handlers of `resource()` do not need it.
 *
 * @example
 * app.use(safeMethods());
 */
export function safeMethods(
  ...given: [options?: SafeMethodsOptions]
): (
  context: { readonly req: NodeRequest; readonly originalUrl: string },
  next: () => Promise<unknown>,
) => Promise<unknown> {
  refuseUncalled("safeMethods", given, "app.use(safeMethods())");
  const { reportOnly } = given[0] ?? {};
  return ({ req, originalUrl }, next) => serveMethod(req.method ?? "GET", pathOf(originalUrl), reportOnly, next);
}
