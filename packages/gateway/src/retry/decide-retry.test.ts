import { methodRegistry } from "@corsac/protocol";
import { describe, expect, test } from "vitest";
import {
  type AttemptOutcome,
  decideRetry,
  type NoRetryReason,
  type RetryCandidate,
  type RetryDecision,
} from "./decide-retry.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { RetryBudget } from "./retry-budget.ts";

const rules = { statuses: [], idempotencyKey: false, maxBodyBytes: 65_536, maxRetryAfter: 2 } as const;
const first: RetryCandidate = {
  method: "GET",
  hasIdempotencyKey: false,
  isReplayable: true,
  sent: 1,
  unreached: 0,
  hasStarted: false,
};
const closed: AttemptOutcome = { failure: "closed" };

function refused(reason: NoRetryReason): RetryDecision {
  return { retry: false, reason };
}

const rows: {
  title: string;
  candidate?: Partial<RetryCandidate>;
  outcome?: AttemptOutcome;
  options?: object;
  want: RetryDecision;
}[] = [
  { title: "closed without an answer: at once", want: { retry: true, delay: 0 } },
  {
    title: "not connected: after a moment",
    candidate: { sent: 0, unreached: 1 },
    outcome: { failure: "unreachable" },
    want: { retry: true, delay: 0.1 },
  },
  {
    title: "not connected again, after an attempt that failed",
    candidate: { sent: 1, unreached: 2 },
    outcome: { failure: "unreachable" },
    want: { retry: true, delay: 0.2 },
  },
  {
    title: "not connected for the third time",
    candidate: { sent: 0, unreached: 3 },
    outcome: { failure: "unreachable" },
    want: refused("still-unreachable"),
  },
  {
    title: "not connected, POST",
    candidate: { method: "POST" },
    outcome: { failure: "unreachable" },
    want: refused("method-not-idempotent"),
  },
  { title: "a time ran out", outcome: { failure: "timeout" }, want: refused("failure-not-retriable") },
  { title: "an invalid answer", outcome: { failure: "invalid" }, want: refused("failure-not-retriable") },
  { title: "an address that is refused", outcome: { failure: "final" }, want: refused("failure-not-retriable") },
  { title: "the second attempt", candidate: { sent: 2 }, want: refused("already-retried") },
  { title: "an answer that began", candidate: { hasStarted: true }, want: refused("response-started") },
  {
    title: "content that was not kept",
    candidate: { method: "PUT", isReplayable: false },
    want: refused("content-not-kept"),
  },
  { title: "POST", candidate: { method: "POST" }, want: refused("method-not-idempotent") },
  {
    title: "POST with a key that the route does not know",
    candidate: { method: "POST", hasIdempotencyKey: true },
    want: refused("method-not-idempotent"),
  },
  {
    title: "POST with a key",
    candidate: { method: "POST", hasIdempotencyKey: true },
    options: { idempotencyKey: true },
    want: { retry: true, delay: 0 },
  },
  {
    title: "PATCH with a key",
    candidate: { method: "PATCH", hasIdempotencyKey: true },
    options: { idempotencyKey: true },
    want: { retry: true, delay: 0 },
  },
  {
    title: "POST without the key",
    candidate: { method: "POST" },
    options: { idempotencyKey: true },
    want: refused("method-not-idempotent"),
  },
  {
    title: "LOCK with a key",
    candidate: { method: "LOCK", hasIdempotencyKey: true },
    options: { idempotencyKey: true },
    want: refused("method-not-idempotent"),
  },
  { title: "lower case is another method", candidate: { method: "get" }, want: refused("method-not-idempotent") },
  { title: "503 by default", outcome: { status: 503, retryAfter: null }, want: refused("status-not-retriable") },
  {
    title: "503 by option",
    outcome: { status: 503, retryAfter: null },
    options: { statuses: [503] },
    want: { retry: true, delay: 0 },
  },
  {
    title: "503 by option, POST",
    candidate: { method: "POST" },
    outcome: { status: 503, retryAfter: null },
    options: { statuses: [503] },
    want: refused("method-not-idempotent"),
  },
  {
    title: "502 when 503 is named",
    outcome: { status: 502, retryAfter: null },
    options: { statuses: [503] },
    want: refused("status-not-retriable"),
  },
  {
    title: "Retry-After within the limit",
    outcome: { status: 503, retryAfter: 2 },
    options: { statuses: [503] },
    want: { retry: true, delay: 2 },
  },
  {
    title: "Retry-After beyond the limit",
    outcome: { status: 503, retryAfter: 3 },
    options: { statuses: [503] },
    want: refused("retry-after-too-long"),
  },
];

describe("decideRetry", () => {
  test.each(rows)("$title", ({ candidate, outcome = closed, options, want }) => {
    expect(decideRetry({ ...first, ...candidate }, outcome, { ...rules, ...options })).toEqual(want);
  });

  test.each([...methodRegistry])("%s is sent again if the registry calls it idempotent", (method, { idempotent }) => {
    expect(decideRetry({ ...first, method }, closed, rules).retry).toBe(idempotent);
  });
});

test.each([
  ["0", 0],
  ["120", 120],
  ["Sun, 22 Nov 2026 00:00:05 GMT", 5],
  ["Sat, 21 Nov 2026 00:00:00 GMT", 0],
  ["-1", null],
  ["1.5", null],
  ["soon", null],
  ["2026-11-22", null],
] as const)("Retry-After %s is %s seconds", (value, want) => {
  expect(parseRetryAfter(value, Date.UTC(2026, 10, 22))).toBe(want);
});

test("a fifth of a long run of requests is sent again, and the reserve once", () => {
  const budget = new RetryBudget();
  let retries = 0;
  for (let request = 0; request < 10_000; request += 1) {
    budget.earn();
    if (budget.spend()) retries += 1;
  }
  expect(retries).toBeGreaterThan(1_900);
  expect(retries).toBeLessThanOrEqual(2_100);
});
