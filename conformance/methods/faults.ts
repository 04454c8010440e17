import type { MethodsFindingCode } from "corsac";

/** A fault of the bad API: the route `/<name>/…` has it, and has no other. */
export interface Fault {
  readonly name: string;
  readonly code: MethodsFindingCode;
  /** Routes beside `/things` and `/things/{name}` that the fault needs. */
  readonly routes?: readonly ("clear" | "settings" | "stats")[];
  /** Whether safe methods are enough to see it. */
  readonly safe: boolean;
}

function seen(code: MethodsFindingCode, name: string = code, rest: Partial<Fault> = {}): Fault {
  return { name, code, safe: true, ...rest };
}

function written(code: MethodsFindingCode, name: string = code, rest: Partial<Fault> = {}): Fault {
  return { name, code, safe: false, ...rest };
}

/** Every fault of the bad API. */
export const faults: readonly Fault[] = [
  seen("safe-method-changes-state", "get-counts-itself"),
  seen("safe-method-changes-state", "get-grows-a-list"),
  seen("safe-method-changes-state", "get-marks-as-read"),
  seen("safe-method-changes-state", "get-counts-elsewhere", { routes: ["stats"] }),
  seen("safe-method-changes-state", "get-clears", { routes: ["clear"] }),
  seen("safe-method-changes-state", "head-counts"),
  seen("safe-method-changes-state", "options-counts"),
  seen("safe-method-changes-state", "query-counts"),
  seen("head-not-supported"),
  seen("head-differs-from-get", "head-other-status"),
  seen("head-differs-from-get", "head-lacks-etag"),
  seen("head-differs-from-get", "head-other-length"),
  seen("options-fails", "options-500"),
  seen("options-fails", "options-404"),
  seen("options-without-allow"),
  seen("allow-missing-in-405"),
  seen("allow-omits-method", "allow-omits-get"),
  written("allow-omits-method", "allow-omits-put"),
  written("allow-lists-refused-method"),
  seen("allow-inconsistent"),
  seen("trace-enabled", "trace-echoes"),
  seen("trace-enabled", "trace-as-get"),
  seen("method-override-honoured", "override-by-header"),
  seen("method-override-honoured", "override-by-parameter"),
  written("method-override-honoured", "override-to-delete-only"),
  written("method-override-honoured", "override-of-post"),
  written("unknown-method-server-error"),
  written("unknown-method-accepted"),
  seen("etag-malformed"),
  seen("etag-unstable"),
  written("etag-unchanged-after-change"),
  seen("if-none-match-ignored"),
  seen("if-none-match-ignored", "if-none-match-412"),
  seen("if-none-match-compared-wrongly"),
  seen("not-modified-wrongly", "not-modified-always", {}),
  seen("not-modified-wrongly", "not-modified-by-date"),
  seen("not-modified-lacks-header"),
  seen("if-modified-since-ignored"),
  seen("validators-missing"),
  seen("cache-control-missing"),
  seen("query-without-content-type"),
  written("put-not-idempotent", "put-appends"),
  written("put-not-idempotent", "put-creates-another"),
  written("put-not-idempotent", "put-fails-when-repeated"),
  written("put-not-idempotent", "put-settings-appends", { routes: ["settings"] }),
  written("put-merges"),
  written("put-not-effective"),
  written("put-created-not-201"),
  written("put-replaced-with-201"),
  written("delete-not-idempotent", "delete-fails-when-repeated"),
  written("delete-not-idempotent", "delete-takes-the-next"),
  written("delete-not-effective"),
  written("if-match-ignored", "put-ignores-if-match"),
  written("if-match-ignored", "patch-ignores-if-match"),
  written("if-match-ignored", "delete-ignores-if-match"),
  written("if-match-weakly-compared"),
  written("if-none-match-star-ignored"),
  written("created-without-location"),
  written("location-not-found"),
  written("idempotency-key-executed-twice"),
  written("idempotency-key-concurrent-executed-twice"),
  written("idempotency-key-replay-differs", "key-repeated-409"),
  written("idempotency-key-replay-differs", "key-repeated-without-content"),
  written("idempotency-key-reused-for-other-content"),
  written("idempotency-key-not-required"),
];

/** What good APIs do differently from each other. None of it may be called a fault. */
export const habits = [
  "plain",
  "weak-etags",
  "last-modified-only",
  "insists-on-conditions",
  "delete-again-204",
  "serves-the-time",
  "dates-every-write",
  "refuses-unknown-methods-with-405",
  "gives-out-ids",
  "no-store",
  "no-key",
  "wants-credentials",
] as const;
