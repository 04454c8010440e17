import { serveMethod } from "../../unsafe-method/method-context.ts";
import { pathOf, type SafeMethodsOptions } from "../../unsafe-method/safe-methods-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/**
 * Tells data layers which request they work for, in a server of `node:http`, `node:https` or `node:http2`, so that
 * `assertUnsafeMethod` keeps safe ones from writing. Handlers of `resource()` do not need it.
 *
 * @example
 * createServer(safeMethods()((request, response) => answer(request, response)));
 */
export function safeMethods(
  ...given: [options?: SafeMethodsOptions]
): <Request extends NodeRequest, Response>(
  listener: (request: Request, response: Response) => unknown,
) => (request: Request, response: Response) => unknown {
  refuseUncalled("safeMethods", given, "createServer(safeMethods()(listener))");
  const { reportOnly } = given[0] ?? {};
  return (listener) => (request, response) =>
    serveMethod(request.method ?? "GET", pathOf(request.url), reportOnly, () => listener(request, response));
}
