import type { RefusedVerdict } from "../../cross-origin-protection/index.ts";
import { editResponse } from "./edit-response.ts";

/** Makes the answer to a request that cross-origin protection refuses. */
export function refusedResponse({ status, headers, body, vary }: RefusedVerdict): Response {
  return editResponse(new Response(body, { status }), { set: headers, remove: [], vary });
}
