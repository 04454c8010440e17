import { isIdempotentMethod } from "@corsac/protocol";
import type { RetryConfiguration } from "../configuration/gateway-configuration.ts";

/**
 * How an attempt ended without an answer to pass on: no connection was made; the connection was closed before an answer
 * began; a time ran out; the answer broke the protocol; anything else that a second attempt would not change.
 */
export type AttemptFailure = "unreachable" | "closed" | "timeout" | "invalid" | "final";

/** What became of the first attempt. */
export type AttemptOutcome =
  | { readonly failure: AttemptFailure }
  /** @param retryAfter in seconds; null when the upstream did not say */
  | { readonly status: number; readonly retryAfter: number | null };

/** A request, as far as sending it again is concerned. */
export interface RetryCandidate {
  readonly method: string;
  /** Whether the request carries an `Idempotency-Key`. */
  readonly hasIdempotencyKey: boolean;
  /** Whether the content is at hand: there is none, or all of it was kept. */
  readonly isReplayable: boolean;
  /** How often the request went to a connection. */
  readonly sent: number;
  /** How often no connection could be made for it. The request was not sent then, so this is no repetition. */
  readonly unreached: number;
  /** Whether anything of a final response went to the client. */
  readonly hasStarted: boolean;
}

/** Why a request is not sent again. Stable. */
export type NoRetryReason =
  | "already-retried"
  | "content-not-kept"
  | "failure-not-retriable"
  | "method-not-idempotent"
  | "response-started"
  | "retry-after-too-long"
  | "status-not-retriable"
  | "still-unreachable";

export type RetryDecision =
  /** @param delay in seconds */
  { readonly retry: true; readonly delay: number } | { readonly retry: false; readonly reason: NoRetryReason };

/** In seconds: what a server which restarts may need until it listens again. Twice as long the second time. */
const restartDelay = 0.1;

const maxUnreached = 2;

/**
 * Reports whether a request with this method could ever be sent again: by what its method promises, or because it
 * carries a key by which the upstream knows the second one.
 *
 * @see https://httpwg.org/specs/rfc9110.html#idempotent.methods
 */
export function isRepeatable(method: string, hasIdempotencyKey: boolean, rules: RetryConfiguration): boolean {
  if (isIdempotentMethod(method)) return true;
  return rules.idempotencyKey && hasIdempotencyKey && (method === "POST" || method === "PATCH");
}

/**
 * Decides whether a request is sent a second time. A proxy must not repeat what may not be idempotent, whatever went
 * wrong, and should not repeat a repetition. To connect again after the first or the second failure is none, but is left to
 * the same requests: no other one is worth the client's waiting.
 *
 * A time that ran out is no reason: the upstream may be at work on the request, and the client has waited already.
 *
 * @see https://httpwg.org/specs/rfc9110.html#idempotent.methods
 */
export function decideRetry(
  candidate: RetryCandidate,
  outcome: AttemptOutcome,
  rules: RetryConfiguration,
): RetryDecision {
  if (candidate.hasStarted) return refuse("response-started");
  if (!isRepeatable(candidate.method, candidate.hasIdempotencyKey, rules)) return refuse("method-not-idempotent");
  if (candidate.sent > 1) return refuse("already-retried");
  if (!candidate.isReplayable) return refuse("content-not-kept");
  if ("failure" in outcome) {
    if (outcome.failure === "closed") return { retry: true, delay: 0 };
    if (outcome.failure !== "unreachable") return refuse("failure-not-retriable");
    const { unreached } = candidate;
    return unreached > maxUnreached ? refuse("still-unreachable") : { retry: true, delay: restartDelay * unreached };
  }
  if (!(rules.statuses as readonly number[]).includes(outcome.status)) return refuse("status-not-retriable");
  const delay = outcome.retryAfter ?? 0;
  return delay > rules.maxRetryAfter ? refuse("retry-after-too-long") : { retry: true, delay };
}

function refuse(reason: NoRetryReason): RetryDecision {
  return { retry: false, reason };
}
