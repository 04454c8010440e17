import type { HeaderList } from "../header/header-list.ts";
import { corsUnsafeRequestHeaderNames } from "../header/request-header.ts";
import { isCorsSafelistedMethod } from "../method/method.ts";
import type { RequestHeaderRules } from "../profile/profile.ts";

/** One reason why a cross-origin request is announced by a CORS-preflight request. */
export type PreflightReason =
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "method"; readonly method: string }
  /** XMLHttpRequest with upload listeners asks for it. */
  | { readonly kind: "use-cors-preflight-flag" };

/** What decides whether a preflight is needed. */
export interface PreflightCandidate {
  readonly method: string;
  readonly headers: HeaderList;
  readonly unsafeRequest: boolean;
  readonly useCorsPreflight: boolean;
}

const none: readonly PreflightReason[] = [];

/**
 * Tells why a cross-origin request needs a CORS-preflight fetch; empty when it does not.
 *
 * @see https://fetch.spec.whatwg.org/#main-fetch (the last two cases of its switch)
 */
export function preflightReasons(request: PreflightCandidate, rules?: RequestHeaderRules): readonly PreflightReason[] {
  if (!request.unsafeRequest && !request.useCorsPreflight) return none;
  const names = corsUnsafeRequestHeaderNames(request.headers, rules);
  const methodIsUnsafe = !isCorsSafelistedMethod(request.method);
  if (names.length === 0 && !methodIsUnsafe && !request.useCorsPreflight) return none;
  const reasons: PreflightReason[] = [];
  if (request.useCorsPreflight) reasons.push({ kind: "use-cors-preflight-flag" });
  if (methodIsUnsafe) reasons.push({ kind: "method", method: request.method });
  for (const name of new Set(names)) reasons.push({ kind: "header", name });
  return reasons;
}
