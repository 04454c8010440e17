import { methodSemantics } from "@corsac/protocol";
import type { Resource } from "./define-resource.ts";
import { type ProblemAnswer, problemAnswer } from "./problem-details.ts";

/** Which handler a request is for; or its answer, when it is for none. */
export type MethodRoute<Handler> =
  | { readonly handler: Handler; readonly answer: null }
  | { readonly handler: null; readonly answer: ProblemAnswer };

/**
 * Finds the handler for a method. HEAD is GET's without one of its own; OPTIONS is answered with what there is; a method
 * that the registry has is not allowed here (405), any other is not implemented (501).
 *
 * @see https://httpwg.org/specs/rfc9110.html#methods
 */
export function routeMethod<Handler>(resource: Resource<Handler, never>, method: string): MethodRoute<Handler> {
  const { handlers, allow, optionsHeaders } = resource;
  const handler = handlers.get(method) ?? (method === "HEAD" ? handlers.get("GET") : undefined);
  if (handler !== undefined) return { handler, answer: null };
  if (method === "OPTIONS") return { handler: null, answer: { status: 204, headers: optionsHeaders, body: "" } };
  const headers = [["allow", allow]] as const;
  if (methodSemantics(method) === null) {
    const detail = "Methods are case-sensitive. This resource has those that Allow names.";
    return {
      handler: null,
      answer: problemAnswer(501, "method-not-implemented", "The server does not know this method.", detail, {
        headers,
      }),
    };
  }
  const detail = `It has ${allow}.`;
  return {
    handler: null,
    answer: problemAnswer(405, "method-not-allowed", "The resource does not have this method.", detail, { headers }),
  };
}
