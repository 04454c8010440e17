import { serveMethod } from "../../unsafe-method/method-context.ts";
import type { SafeMethodsOptions } from "../../unsafe-method/safe-methods-options.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/**
 * Tells data layers which request they work for, in Hono 4, so that `assertUnsafeMethod` keeps safe ones from writing.
 * Handlers of `resource()` do not need it.
 *
 * @example
 * app.use(safeMethods());
 */
export function safeMethods(
  ...given: [options?: SafeMethodsOptions]
): (
  context: { readonly req: { readonly raw: Request; readonly path: string } },
  next: () => Promise<void>,
) => Promise<void> {
  refuseUncalled("safeMethods", given, "app.use(safeMethods())");
  const { reportOnly } = given[0] ?? {};
  return ({ req }, next) => serveMethod(req.raw.method, req.path, reportOnly, next);
}
