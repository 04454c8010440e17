import { byteLowercase } from "../header/bytes.ts";
import { extractHeaderListValues } from "../header/extract-header-list-values.ts";
import type { HeaderList } from "../header/header-list.ts";
import { isSameOrigin, originOf } from "../origin/origin.ts";
import { isPotentiallyTrustworthyUrl } from "../origin/trustworthy.ts";

/** How much of its URL a page tells. @see https://w3c.github.io/webappsec-referrer-policy/#referrer-policies */
export type ReferrerPolicy =
  | "no-referrer"
  | "no-referrer-when-downgrade"
  | "origin"
  | "origin-when-cross-origin"
  | "same-origin"
  | "strict-origin"
  | "strict-origin-when-cross-origin"
  | "unsafe-url";

/** What counts when nobody says anything. @see https://w3c.github.io/webappsec-referrer-policy/#default-referrer-policy */
export const defaultReferrerPolicy: ReferrerPolicy = "strict-origin-when-cross-origin";

const referrerPolicies: ReadonlySet<string> = new Set<ReferrerPolicy>([
  "no-referrer",
  "no-referrer-when-downgrade",
  "origin",
  "origin-when-cross-origin",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
]);

/**
 * Reports whether `value` names a policy; the empty string does not.
 *
 * @see https://w3c.github.io/webappsec-referrer-policy/#referrer-policies
 */
export function isReferrerPolicy(value: string): value is ReferrerPolicy {
  return referrerPolicies.has(value);
}

/**
 * Returns the policy that a response's `Referrer-Policy` sets: the last one that is known. The empty string when there
 * is none.
 *
 * @see https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
 */
export function parseReferrerPolicy(list: HeaderList): ReferrerPolicy | "" {
  const tokens = extractHeaderListValues("referrer-policy", list, "#policy-token");
  if (tokens === null || tokens === "failure") return "";
  let policy: ReferrerPolicy | "" = "";
  for (const token of tokens) {
    const name = byteLowercase(token);
    if (isReferrerPolicy(name)) policy = name;
  }
  return policy;
}

/**
 * Returns what of a URL may be told as referrer: no user info, no fragment, with `originOnly` no path and query either.
 * `null` for the local schemes `about:`, `blob:` and `data:`.
 *
 * @see https://w3c.github.io/webappsec-referrer-policy/#strip-url
 */
export function stripUrlForReferrer(url: URL, originOnly = false): URL | null {
  if (url.protocol === "about:" || url.protocol === "blob:" || url.protocol === "data:") return null;
  const stripped = new URL(url);
  stripped.username = "";
  stripped.password = "";
  stripped.hash = "";
  if (originOnly) {
    stripped.pathname = "";
    stripped.search = "";
  }
  return stripped;
}

/** What a referrer depends on. @see https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer */
export interface ReferrerInput {
  /** The URL of the document that asks, or what the script gave in its place. */
  readonly referrerSource: URL;
  readonly policy: ReferrerPolicy;
  /** The request's current URL. */
  readonly target: URL;
  /** Whether http loopback addresses count as potentially trustworthy; default true, as the standard has it. */
  readonly loopbackIsTrustworthy?: boolean;
}

const greatestReferrerLength = 4096;

/**
 * Returns the URL that the `Referer` header tells; `null` when there is to be no such header.
 *
 * @see https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
 */
export function determineReferrer({
  referrerSource,
  policy,
  target,
  loopbackIsTrustworthy = true,
}: ReferrerInput): URL | null {
  const isDowngrade =
    isPotentiallyTrustworthyUrl(referrerSource, loopbackIsTrustworthy) &&
    !isPotentiallyTrustworthyUrl(target, loopbackIsTrustworthy);
  switch (policy) {
    case "no-referrer":
      return null;
    case "origin":
      return stripUrlForReferrer(referrerSource, true);
    case "unsafe-url":
      return strippedUrl(referrerSource);
    case "strict-origin":
      return isDowngrade ? null : stripUrlForReferrer(referrerSource, true);
    case "strict-origin-when-cross-origin":
      if (isSameOriginUrl(referrerSource, target)) return strippedUrl(referrerSource);
      return isDowngrade ? null : stripUrlForReferrer(referrerSource, true);
    case "same-origin":
      return isSameOriginUrl(referrerSource, target) ? strippedUrl(referrerSource) : null;
    case "origin-when-cross-origin":
      return isSameOriginUrl(referrerSource, target)
        ? strippedUrl(referrerSource)
        : stripUrlForReferrer(referrerSource, true);
    case "no-referrer-when-downgrade":
      return isDowngrade ? null : strippedUrl(referrerSource);
  }
}

/** The stripped URL, or its origin when it would be too long for a header. */
function strippedUrl(url: URL): URL | null {
  const stripped = stripUrlForReferrer(url);
  return stripped !== null && stripped.href.length > greatestReferrerLength ? stripUrlForReferrer(url, true) : stripped;
}

/** Neither user info nor path nor fragment decide about origin or trust: the source need not be stripped for this. */
function isSameOriginUrl(a: URL, b: URL): boolean {
  return isSameOrigin(originOf(a), originOf(b));
}
