import type { AsyncCrossOriginProtection, ProtectionVerdict } from "../../cross-origin-protection/index.ts";
import type { Decision } from "../../decision/decision.ts";
import type { AsyncPolicy } from "../../policy/policy.ts";
import { claim } from "./claim.ts";
import { editResponse, preflightResponse } from "./edit-response.ts";
import { refusedResponse } from "./refused-response.ts";

/**
 * Answers requests, as Bun, Deno, workers and service workers have it. What comes after the request is passed on. In Bun
 * nothing comes back when the connection was handed over to a WebSocket.
 */
export type FetchHandler<
  Req extends Request = Request,
  Rest extends readonly unknown[] = readonly never[],
  Res extends Response | undefined = Response,
> = (request: Req, ...rest: Rest) => Res | PromiseLike<Res>;

/** Stands before a handler. */
export type FetchWrapper = <
  Req extends Request,
  Rest extends readonly unknown[],
  Res extends Response | undefined = Response,
>(
  handler: FetchHandler<Req, Rest, Res>,
) => (request: Req, ...rest: Rest) => Promise<Res | Response>;

/**
 * Makes what stands before a handler and applies a policy.
 *
 * @param thrownResponse makes the response for what the handler throws
 */
export function policyWrapper(policy: AsyncPolicy, thrownResponse: (thrown: unknown) => Response): FetchWrapper {
  return <Req extends Request, Rest extends readonly unknown[], Res extends Response | undefined>(
    handler: FetchHandler<Req, Rest, Res>,
  ) =>
    async (request: Req, ...rest: Rest): Promise<Res | Response> => {
      if (!claim(request, policy)) return handler(request, ...rest);
      const deciding: Decision | Promise<Decision> = policy.decide(request);
      const decision = "then" in deciding ? await deciding : deciding;
      if (decision.kind !== "pass") return preflightResponse(decision.status, decision.edits);
      let response: Res | Response;
      try {
        response = (await handler(request, ...rest)) as Res;
      } catch (thrown) {
        response = thrownResponse(thrown);
      }
      return response === undefined ? response : editResponse(response, decision.edits);
    };
}

/** Makes what stands before a handler and protects it from requests that pages of other origins make. */
export function protectionWrapper(protection: AsyncCrossOriginProtection): FetchWrapper {
  return (handler) =>
    async (request, ...rest) => {
      const verdict: ProtectionVerdict = await protection.check(request);
      if (!verdict.ok) return refusedResponse(verdict);
      const response = await handler(request, ...rest);
      if (response === undefined || verdict.vary.length === 0) return response;
      return editResponse(response, { set: [], remove: [], vary: verdict.vary });
    };
}
