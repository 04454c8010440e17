import type { ApiResource } from "./api-description.ts";
import { isSuccess, type Session, statusOf } from "./session.ts";
import { verifyConditional } from "./verify-conditional.ts";
import { verifyHead } from "./verify-head.ts";
import { verifyOptions } from "./verify-options.ts";
import { verifyOverride, verifyQuery, verifyTrace } from "./verify-other-safe-methods.ts";
import { type Readable, type SafeAnswers, verifySafety } from "./verify-safety.ts";

/**
 * Verifies all that safe methods show of a resource. Returns whether it can be read.
 *
 * @param nearby resources whose state may depend on this one
 */
export async function verifySafeMethods(
  session: Session,
  readable: Readable,
  nearby: readonly Readable[],
): Promise<boolean> {
  const { resource } = readable;
  const answers = await verifySafety(session, readable, nearby);
  noteUnreadable(session, resource, answers);
  verifyHead(session, resource, answers);
  verifyOptions(session, resource, answers);
  await verifyTrace(session, readable, answers);
  await verifyQuery(session, readable, nearby, answers);
  await verifyOverride(session, readable, answers);
  await verifyConditional(session, readable, answers);
  return isSuccess(answers.gets[1]);
}

function noteUnreadable(session: Session, resource: ApiResource, { gets }: SafeAnswers): void {
  const [, get] = gets;
  if (!resource.operations.has("GET") || (get.status >= 200 && get.status < 400)) return;
  const hint =
    get.status === 401 || get.status === 403
      ? "send credentials with -H 'Authorization: …'"
      : get.status === 404
        ? "give the parameters examples of a resource that is there"
        : "mend that first";
  session.leaveOut(resource, ["GET"], `GET is answered with ${statusOf(get)}: ${hint}.`);
}
