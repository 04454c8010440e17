import type { Header } from "@corsac/protocol";
import type { Explanation } from "./explanation.ts";

/**
 * Why a request's origin was not allowed.
 *
 * - `origin-not-allowed`: the policy does not name it.
 * - `origin-null`: the request says `Origin: null`, which any sandboxed document can make a browser say.
 * - `origin-malformed`: nothing that a browser sends.
 * - `origin-insecure`: the resolver would have to answer for an insecure origin and credentials are allowed.
 * - `resolver-*`: the resolver took too long, threw, answered something else than a boolean, or has too many questions
 *   open.
 */
export type OriginRefusal =
  | "origin-insecure"
  | "origin-malformed"
  | "origin-not-allowed"
  | "origin-null"
  | "resolver-answer-invalid"
  | "resolver-busy"
  | "resolver-failed"
  | "resolver-timeout";

/** Why a decision is what it is. */
export type DecisionReason = PassDecision["reason"] | PreflightDecision["reason"] | RefuseDecision["reason"];

/**
 * What a decision does to the headers of a response, as data. All names are lower case. Apply it when the headers are
 * sent, after the application: first `remove`, then `set` (replace what is there), then append to `Vary` what it lacks.
 */
export interface HeaderEdits {
  /** Headers to set, in place of those of the application. */
  readonly set: readonly Header[];
  /** Headers to remove: the application's own CORS headers would contradict the policy. Never one that `set` has. */
  readonly remove: readonly string[];
  /** Names to merge into `Vary`. They follow from the policy, never from the outcome. */
  readonly vary: readonly string[];
}

interface DecisionBase {
  /** What to do to the headers of the response. */
  readonly edits: HeaderEdits;
  /** The value of the request's `Origin` header; null without one. Not checked unless the decision allows it. */
  readonly origin: string | null;
  /** Tells which rule decided, at which step, and what to change. Computed when called, never before. */
  explain(): Explanation;
}

/** The request goes on to the application. Its response gets the header edits, whatever happens there. */
export interface PassDecision extends DecisionBase {
  readonly kind: "pass";
  /** `no-origin`: not a CORS request. `allowed`: the origin may read the response. Otherwise it may not. */
  readonly reason: "allowed" | "no-origin" | OriginRefusal;
}

/** The request is a CORS-preflight request and is granted: answer with `status`, the header edits and no body. */
export interface PreflightDecision extends DecisionBase {
  readonly kind: "preflight";
  readonly reason: "granted";
  readonly status: number;
}

/**
 * The request is a CORS-preflight request and is refused: answer with `status`, the header edits and no body. The
 * answer tells nothing of the policy.
 */
export interface RefuseDecision extends DecisionBase {
  readonly kind: "refuse";
  readonly reason: "headers-not-allowed" | "method-not-allowed" | OriginRefusal;
  readonly status: number;
}

/** What to do with a request. */
export type Decision = PassDecision | PreflightDecision | RefuseDecision;

/** Request headers as Node gives them: lower-case names, repeated lines joined or as a list. */
export type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Request headers that are asked by name, as the `Headers` of the Fetch API are. */
export interface HeaderGetter {
  get(name: string): string | null | undefined;
}

/** What a decision looks at in a request. Node's `IncomingMessage` is one, and so is the Fetch API's `Request`. */
export interface DecidableRequest {
  /** As on the wire; upper and lower case differ. */
  readonly method?: string | undefined;
  readonly headers: HeaderRecord | HeaderGetter;
}
