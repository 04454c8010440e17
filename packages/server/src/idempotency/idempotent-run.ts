import type { IdempotencyRules } from "./idempotency-options.ts";
import type { StoredResponse } from "./idempotency-store.ts";
import { storedHeaders } from "./stored-headers.ts";

/** A request that is being carried out under its key. End it by `finish` or by `abandon`. */
export interface IdempotentRun {
  /** Names the request for good: the same for each attempt, and for nobody else's. 64 hexadecimal digits. */
  readonly id: string;
  /** 1 at first. More when a process died while it carried the request out: it may have done so, or half of it. */
  readonly attempt: number;
  readonly maxResponseBytes: number;
  /** Keeps the response, unless it is one after which the request should be tried again. Never rejects. */
  finish(response: StoredResponse): Promise<void>;
  /** Lets the request be sent again: it was not carried out. Never rejects. */
  abandon(): Promise<void>;
}

/**
 * Statuses after which a retry makes sense: credentials that have to be renewed, waiting, failures of the server. A network
 * error (0) and a connection that is handed over (101) are no answers at all. All others are the answer to the request,
 * for each time that it is sent.
 */
function isTransient(status: number): boolean {
  return status < 200 || status >= 500 || [401, 407, 408, 425, 429].includes(status);
}

/** Holds the lease until the request is carried out. */
export function createRun(
  { store, lease, ttl, timeout, maxResponseBytes, onError }: IdempotencyRules<never>,
  { id, token, attempt }: { readonly id: string; readonly token: string; readonly attempt: number },
): IdempotentRun {
  const end = Date.now() + timeout;
  let hasEnded = false;
  const timer = setInterval(() => {
    if (Date.now() >= end) clearInterval(timer);
    else store.renew(id, token, lease).catch(onError);
  }, lease / 3);
  // A timer alone keeps no process alive; browsers' timers are numbers.
  if (typeof timer === "object") timer.unref();
  const once = async (work: () => Promise<unknown>): Promise<void> => {
    if (hasEnded) return;
    hasEnded = true;
    clearInterval(timer);
    try {
      await work();
    } catch (error) {
      onError(error);
    }
  };
  const abandon = () => once(() => store.release(id, token));
  return {
    id,
    attempt,
    maxResponseBytes,
    abandon,
    finish: ({ status, headers, body }) =>
      isTransient(status)
        ? abandon()
        : once(() => store.complete(id, token, { status, headers: storedHeaders(headers), body }, ttl)),
  };
}
