import type { ApiResource } from "./api-description.ts";
import { allowedMethods, isRefusal, isSuccess, type Session, statusOf } from "./session.ts";
import type { SafeAnswers } from "./verify-safety.ts";
import type { Answer } from "./wire.ts";

/** Looks at the answer to OPTIONS, and at what Allow says about GET, HEAD and the methods of the document. */
export function verifyOptions(session: Session, resource: ApiResource, answers: SafeAnswers): void {
  const { options, gets, head } = answers;
  const [get] = gets;
  if (options.status === 401 || options.status === 403) return;
  if (options.status === 0 || options.status >= 400) {
    reportFailure(session, resource, options);
    return;
  }
  const allowed = allowedMethods(options);
  if (allowed === null) {
    session.report({
      code: "options-without-allow",
      resource,
      method: "OPTIONS",
      cause: `OPTIONS is answered with ${options.status}, which says nothing: Allow is what OPTIONS is for. Often a CORS middleware answers every OPTIONS as if it were a preflight.`,
      exchanges: [options],
    });
    return;
  }
  const sent = [get, head];
  const missing = sent.filter((each) => isSuccess(each) && !allowed.includes(each.method));
  if (missing.length > 0) reportMissing(session, resource, options, missing);
  const refused = sent.filter((each) => isRefusal(each) && allowed.includes(each.method));
  for (const each of refused) reportRefused(session, resource, options, each);
  const described = [...resource.operations.keys()].filter(
    (method) => !allowed.includes(method) && method !== "OPTIONS" && !sent.some((each) => each.method === method),
  );
  if (described.length === 0 || missing.length > 0) return;
  session.report({
    code: "allow-omits-method",
    severity: "warning",
    resource,
    method: described[0] ?? "",
    cause: `The document describes ${described.join(", ")} for this resource, and Allow does not list ${described.length === 1 ? "it" : "them"}. One of the two is wrong.`,
    observed: [`Allow: ${allowed.join(", ")}`],
    exchanges: [options],
  });
}

/** Reports that Allow leaves out methods that were carried out. */
export function reportMissing(
  session: Session,
  resource: ApiResource,
  options: Answer,
  missing: readonly Answer[],
): void {
  const names = missing.map(({ method }) => method).join(" and ");
  session.report({
    code: "allow-omits-method",
    resource,
    method: missing[0]?.method ?? "",
    cause: `${names} ${missing.length === 1 ? "works" : "work"} and Allow does not list ${missing.length === 1 ? "it" : "them"}: clients that ask first do not use what is there.`,
    observed: [`Allow: ${allowedMethods(options)?.join(", ") ?? ""}`],
    exchanges: [options, ...missing],
  });
}

/** Reports that Allow lists a method that is refused. */
export function reportRefused(session: Session, resource: ApiResource, options: Answer, refused: Answer): void {
  session.report({
    code: "allow-lists-refused-method",
    resource,
    method: refused.method,
    cause: `Allow lists ${refused.method}, and the resource answers it with ${refused.status}. A client that asks first is sent into an error.`,
    observed: [`Allow: ${allowedMethods(options)?.join(", ") ?? ""}`],
    exchanges: [options, refused],
  });
}

function reportFailure(session: Session, resource: ApiResource, options: Answer): void {
  const isServers = options.status === 0 || options.status >= 500;
  session.report({
    code: "options-fails",
    severity: isServers && options.status !== 501 ? "error" : "warning",
    resource,
    method: "OPTIONS",
    cause: `OPTIONS is answered with ${statusOf(options)}. It asks what a resource can do; browsers ask with it before they send anything but simple requests.`,
    exchanges: [options],
  });
}
