import { describeValue } from "../policy/describe-value.ts";
import { type ProblemAnswer, problemAnswer } from "../resource/problem-details.ts";
import { digest } from "./digest.ts";
import type { IdempotencyRules } from "./idempotency-options.ts";
import type { Beginning, StoredResponse } from "./idempotency-store.ts";
import { createRun, type IdempotentRun } from "./idempotent-run.ts";
import { keyLimit, parseIdempotencyKey } from "./parse-idempotency-key.ts";

/** What is looked at in a request. */
export interface KeyedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  headerOf(name: string): string | null;
  /** Reads the body; null when it is longer than the limit. */
  readBody(limit: number): Promise<Uint8Array | null>;
}

/** What to do with a request. */
export type KeyVerdict =
  /** Keys are not for it, or it has none and needs none. */
  | { readonly kind: "pass" }
  | { readonly kind: "answer"; readonly answer: ProblemAnswer }
  /** It has been carried out before. */
  | { readonly kind: "replay"; readonly response: StoredResponse & { readonly body: Uint8Array } }
  | { readonly kind: "run"; readonly run: IdempotentRun };

/** Tells, in a response, that it was given before. */
export const replayHeader = "idempotency-replayed";

const retryAfter = ["retry-after", "1"] as const;

/** Reports whether there is nothing to do for a request, which most are; needs no body and no store. */
export function isUnkeyed(rules: IdempotencyRules<never>, method: string, key: string | null): boolean {
  return !rules.methods.includes(method) || (key === null && !rules.required);
}

/**
 * Finds out what to do with a request that may have a key.
 *
 * @param scoped what the application's `scope` is asked about
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header#section-2
 */
export async function beginRequest<Scoped>(
  rules: IdempotencyRules<Scoped>,
  request: KeyedRequest,
  scoped: Scoped,
): Promise<KeyVerdict> {
  const { method, target } = request;
  const value = request.headerOf("idempotency-key");
  if (isUnkeyed(rules, method, value)) return { kind: "pass" };
  if (value === null) {
    const detail = `Send a new key with each ${method}, and the same key when you send it again, as in Idempotency-Key: "8e03978e-40d5-43dd-bc93-6894a57f9324".`;
    return refuse(400, "idempotency-key-missing", "The request needs a header Idempotency-Key.", detail);
  }
  const key = parseIdempotencyKey(value, rules.allowUnquoted);
  if (key === null) {
    const detail = `It is one text in double quotes, of 1 to ${keyLimit} characters of ASCII.`;
    return refuse(400, "idempotency-key-malformed", "The header Idempotency-Key is malformed.", detail);
  }
  const body = await request.readBody(rules.maxRequestBytes);
  if (body === null) {
    const detail = `With a key it may have ${rules.maxRequestBytes} bytes.`;
    return refuse(413, "content-too-large", "The body of the request is too long.", detail);
  }
  const id = await digest([await callerOf(rules, request, scoped), key]);
  const fingerprint = await digest([method, target, body]);
  const token = crypto.randomUUID();
  let beginning: Beginning;
  try {
    beginning = await rules.store.begin(id, { fingerprint, token, lease: rules.lease, ttl: rules.ttl });
  } catch (error) {
    rules.onError(error);
    const detail = "Nothing has been done. Send the request again.";
    return refuse(503, "idempotency-store-unavailable", "Keys cannot be looked up at the moment.", detail, true);
  }
  return judge(beginning, fingerprint, () =>
    createRun(rules, { id, token, attempt: beginning.state === "begun" ? beginning.attempt : 0 }),
  );
}

function judge(beginning: Beginning, fingerprint: string, run: () => IdempotentRun): KeyVerdict {
  if (beginning.state === "begun") return { kind: "run", run: run() };
  if (beginning.fingerprint !== fingerprint) {
    const detail = "A retry has the same method, target and body; everything else needs a key of its own.";
    return refuse(422, "idempotency-key-reused", "The key was sent before, with another request.", detail);
  }
  if (beginning.state === "running") {
    const detail = "Wait, and send it again with the same key.";
    return refuse(409, "idempotency-key-in-use", "The first request with this key has no answer yet.", detail, true);
  }
  const { response } = beginning;
  const { body } = response;
  if (body !== null) return { kind: "replay", response: { ...response, body } };
  const title = "The request was carried out, but its answer was too long to be kept.";
  const detail = `The answer had the status ${response.status}. Read the resource to see what has become of it.`;
  const location = response.headers.find(([name]) => name === "location");
  return {
    kind: "answer",
    answer: problemAnswer(409, "response-not-kept", title, detail, {
      headers: [[replayHeader, "true"], ...(location === undefined ? [] : [location])],
      members: { originalStatus: response.status },
    }),
  };
}

function refuse(status: number, code: string, title: string, detail: string, again = false): KeyVerdict {
  return { kind: "answer", answer: problemAnswer(status, code, title, detail, { headers: again ? [retryAfter] : [] }) };
}

/** Keys of one caller are no concern of another: nobody gets an answer that was meant for somebody else. */
async function callerOf<Scoped>(
  { scope }: IdempotencyRules<Scoped>,
  request: KeyedRequest,
  scoped: Scoped,
): Promise<string> {
  if (scope !== undefined) return `scope ${nameOf(await scope(scoped))}`;
  const authorization = request.headerOf("authorization");
  if (authorization !== null) return `authorization ${authorization}`;
  return `cookie ${request.headerOf("cookie") ?? ""}`;
}

/** Without types, `request.user?.id` may give undefined and `request.user` an object: then all callers would be one. */
function nameOf(caller: unknown): string {
  if (["string", "number", "bigint"].includes(typeof caller)) return String(caller);
  throw new TypeError(`scope gave ${describeValue(caller)}, which names no caller: it has to give a string.`);
}
