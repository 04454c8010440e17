import type { MigrationDraft } from "./migration.ts";
import type { MigrationFindingCode } from "./migration-finding.ts";

type StandingCode = Extract<
  MigrationFindingCode,
  | "denied-preflight-looks-granted"
  | "every-options-answered"
  | "foreign-allow-origin-kept"
  | "options-refused"
  | "options-without-cors-headers"
  | "vary-missing"
  | "vary-overwritten"
  | "vary-unneeded"
>;

/** What a library does whatever its options are, or nearly so. */
const standingDifferences: Readonly<Record<StandingCode, string>> = {
  "denied-preflight-looks-granted":
    "A preflight of an origin that is not allowed gets 204 and the lists of methods and headers, so that only the browser refuses. The policy answers 403 and tells nothing.",
  "every-options-answered":
    "Every OPTIONS request is taken for a preflight, so that the application never sees one. The policy answers those with Origin and Access-Control-Request-Method.",
  "foreign-allow-origin-kept":
    "An Access-Control-Allow-Origin that a handler or an upstream sets is sent, also to origins that are not allowed. The policy replaces or removes it.",
  "options-refused":
    "OPTIONS requests without Origin and Access-Control-Request-Method get 400. With the policy they reach the application.",
  "options-without-cors-headers":
    "The answer to an OPTIONS request that is no preflight has no CORS headers, so that no page can read it. With the policy it has.",
  "vary-missing":
    "Answers for origins that are not allowed have no Vary: Origin, so that a cache gives them to origins that are. The policy always sends it.",
  "vary-overwritten":
    "A handler that sets Vary removes Origin from it, so that a cache mixes up the answers. The policy merges the two.",
  "vary-unneeded":
    "Every answer has Vary: Origin though it is the same for all origins, which costs hits in caches. For * the policy sends none.",
};

/** Adds what a library always does. */
export function findStanding(draft: MigrationDraft, codes: readonly StandingCode[]): void {
  for (const code of codes) draft.find(code, [], undefined, standingDifferences[code]);
}
