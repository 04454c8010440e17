import type {
  AsyncCrossOriginProtection,
  ProtectedRequest,
  ProtectionVerdict,
} from "../../cross-origin-protection/index.ts";
import { editAtFlush, editNow } from "./edit-at-flush.ts";
import type { NodeResponse } from "./node-response.ts";

/**
 * Applies cross-origin protection to a request and its response.
 *
 * @returns whether the application is to go on; a promise only while a policy's resolver is being asked. Otherwise the
 * request is answered.
 */
export function protect(
  protection: AsyncCrossOriginProtection,
  request: ProtectedRequest,
  response: NodeResponse,
): boolean | Promise<boolean> {
  const verdict = protection.check(request);
  return "then" in verdict ? verdict.then((late) => applyVerdict(late, response)) : applyVerdict(verdict, response);
}

function applyVerdict(verdict: ProtectionVerdict, response: NodeResponse): boolean {
  if (verdict.ok) {
    if (verdict.vary.length > 0) editAtFlush(response, { set: [], remove: [], vary: verdict.vary });
    return true;
  }
  if (!response.headersSent) {
    editNow(response, { set: verdict.headers, remove: [], vary: verdict.vary });
    response.statusCode = verdict.status;
    response.end(verdict.body);
  }
  return false;
}
