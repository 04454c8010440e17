import type { Header } from "@corsac/protocol";

/**
 * The row of the decision table that decided; `docs/guides/cross-origin-protection.md` has the table.
 *
 * 1. safe method. 2. `publicOrigins` does not have the origin. 3. `Sec-Fetch-Site` says it is the same origin or the
 * user. 4. it says something else. 5. nothing tells. 6. malformed `Origin`. 7. `Origin` is the application's own.
 * 8. trusted origin or bypassed path. 9. any other origin. 10. not JSON.
 */
export type ProtectionRow = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/**
 * Why a request is refused. Stable.
 *
 * - `not-this-application`: `publicOrigins` is set and has not the request's origin, nor is that trusted.
 * - `sec-fetch-site`: the browser says that another site or another origin of this site makes the request.
 * - `cookie-without-origin`: `strict` is set; there is a cookie but neither `Sec-Fetch-Site` nor `Origin`.
 * - `malformed-origin`: no browser sends such an `Origin`.
 * - `cross-origin`: `Origin` is neither the application's own nor trusted. `null` never is.
 * - `not-json`: `requireJsonContentType` is set and the body is declared as something else.
 */
export type RefusalCode =
  | "cookie-without-origin"
  | "cross-origin"
  | "malformed-origin"
  | "not-json"
  | "not-this-application"
  | "sec-fetch-site";

/** An option that would let the request through, if it should go through. */
export interface SuggestedChange {
  /** The option of the protection, such as `publicOrigins`. */
  readonly option: string;
  /** What to add to it or to set it to. */
  readonly add: string | boolean;
}

/** The request may go on. */
export interface AllowedVerdict {
  readonly ok: true;
  readonly row: ProtectionRow;
  /** With `reportOnly`, the refusal that it would have been; else null. */
  readonly reported: RefusedVerdict | null;
  /** Names to merge into the response's `Vary`, because a cacheable answer depends on these headers. */
  readonly vary: readonly string[];
}

/** The request must not reach the application: answer with `status`, `headers` and `body`. */
export interface RefusedVerdict {
  readonly ok: false;
  readonly row: ProtectionRow;
  readonly code: RefusalCode;
  readonly status: 403;
  /** Names in lower case. */
  readonly headers: readonly Header[];
  /** JSON: `code`, `message` and `hint`. It quotes nothing and tells nothing of the configuration. */
  readonly body: string;
  /** The line for the log: what came, what was expected, and what to change if it is a false alarm. */
  readonly logLine: string;
  /** What to change if it is a false alarm, likeliest first. */
  readonly changes: readonly SuggestedChange[];
  readonly vary: readonly string[];
}

/** What cross-origin protection says about a request. */
export type ProtectionVerdict = AllowedVerdict | RefusedVerdict;
