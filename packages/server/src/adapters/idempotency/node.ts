import { type IdempotencyKeyOptions, readIdempotencyOptions } from "../../idempotency/idempotency-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import type { NodeResponse } from "../node-response/node-response.ts";
import { serveIdempotently } from "../node-response/serve-idempotently.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/**
 * Carries POST and PATCH requests with an `Idempotency-Key` out once, in a server of `node:http`, `node:https` or
 * `node:http2`: a retry is given the first response again.
 *
 * What goes wrong before the listener is called is answered with 500 and given to `onError`.
 *
 * @example
 * createServer(idempotencyKey({ store })((request, response) => order(request, response)));
 *
 * @throws {TypeError} with everything that is wrong with the options
 */
export function idempotencyKey<Request extends NodeRequest = NodeRequest>(
  ...given: [options?: IdempotencyKeyOptions<Request>]
): <R extends Request, Response extends NodeResponse>(
  listener: (request: R, response: Response) => unknown,
) => (request: R, response: Response) => unknown {
  refuseUncalled("idempotencyKey", given, "createServer(idempotencyKey()(listener))");
  const rules = readIdempotencyOptions(given[0] ?? {});
  return (listener) => (request, response) => {
    const target = request.originalUrl ?? request.url ?? "/";
    const goesOn = serveIdempotently(rules, { request, response, target, parsed: undefined, scoped: request });
    if (goesOn === true) return listener(request, response);
    if (goesOn === false) return undefined;
    return goesOn.then(
      (late) => (late ? listener(request, response) : undefined),
      (error) => {
        rules.onError(error);
        if (response.headersSent) return;
        response.statusCode = 500;
        response.end();
      },
    );
  };
}
