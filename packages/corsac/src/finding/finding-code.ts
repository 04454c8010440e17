import { type ProblemCode, problemInfo } from "@corsac/protocol";

/** Findings that no single check of the standard names: a cause, a place, or something that is not blocked at all. */
const ownTitles = {
  "error-response-without-cors": "an error response came without CORS headers",
  "redirect-response-blocked": "the redirect itself lacks the CORS headers",
  "redirect-target-blocked": "the redirect leads to a server that does not allow the page",
  "redirect-origin-tainted": "after the redirect the browser asks as origin null",
  "origin-null": "the page has the origin null, which the server does not allow",
  "cors-header-on-request": "the script sets a response header on the request",
  "cors-header-misspelled": "a CORS header is misspelled",
  "header-not-exposed": "the script cannot read a response header",
  "expose-headers-wildcard-with-credentials":
    "Access-Control-Expose-Headers: * is no wildcard for a request with credentials",
  "opaque-response": "the response is opaque: the script can read nothing of it",
  "no-cors-misuse": "mode no-cors does not send this request as it was meant",
  "vary-origin-missing": "the answer depends on the origin, and caches are not told",
  "cache-poisoned-allow-origin": "a cache answered with the headers meant for another origin",
  "preflight-cached-stale": "browsers keep the preflight's answer",
  "response-not-verified": "the request itself was not sent, so its response is not checked",
} as const;

/** A finding that is not a problem of the standard. */
export type OwnFindingCode = keyof typeof ownTitles;

/** Every code that a report can carry. */
export type FindingCode = OwnFindingCode | ProblemCode;

/** What is the same for every finding of one code. */
export interface FindingInfo {
  /** One clause, without a full stop. */
  readonly title: string;
  /** The place in a standard that decides; `null` when none does. */
  readonly spec: string | null;
  /** The page that explains it, as a path from the root of the repository. */
  readonly docs: string;
}

const ownInfo = Object.entries(ownTitles).map(([code, title]): [string, FindingInfo] => [
  code,
  { title, spec: null, docs: `docs/findings/${code}.md` },
]);

/** Title, standard and page of every finding code. */
export const findingInfo: Readonly<Record<FindingCode, FindingInfo>> = {
  ...problemInfo,
  ...(Object.fromEntries(ownInfo) as Record<OwnFindingCode, FindingInfo>),
};
