import type { ReportedHeader } from "../check/check-report.ts";
import type { MethodsFindingCode, MethodsSeverity } from "./methods-finding-code.ts";

/** `clean` with notes at most; `findings` with an error or a warning. */
export type MethodsVerdict = "clean" | "findings" | "unreachable";

/** Why a run ended before everything was verified. */
export type StopReason = "budget" | "connection-lost" | "interrupted" | "rate-limited" | "time-limit";

/** One request and what came back, secrets masked, bodies left out. */
export interface MethodsExchange {
  readonly request: { readonly method: string; readonly url: string; readonly headers: readonly ReportedHeader[] };
  /** `null` when no answer came. */
  readonly response: { readonly status: number; readonly headers: readonly ReportedHeader[] } | null;
}

/** A promise of a method that the API breaks. */
export interface MethodsFinding {
  readonly code: MethodsFindingCode;
  readonly severity: MethodsSeverity;
  /** The path as the document writes it, such as `/books/{title}`. */
  readonly resource: string;
  readonly method: string;
  readonly title: string;
  /** What happened and why it matters. */
  readonly cause: string;
  /** What was seen, such as `/stats reads: 3, then 4`. */
  readonly observed: readonly string[];
  readonly exchanges: readonly MethodsExchange[];
  /** What to change. */
  readonly change: string;
  /** The section that decides. */
  readonly spec: string;
  /** The page that explains it, as a path from the root of the repository. */
  readonly docs: string;
}

/** What was looked at. */
export interface VerifiedResource {
  readonly resource: string;
  /** Methods that were sent, sorted. */
  readonly methods: readonly string[];
}

/** What could not be looked at, and why. */
export interface Unverified {
  readonly resource: string;
  readonly methods: readonly string[];
  /** One sentence. */
  readonly why: string;
}

/** The outcome of `verifyMethods`. `schema` changes when a reader of the old shape would break. */
export interface MethodsReport {
  readonly schema: "corsac.methods/1";
  readonly verdict: MethodsVerdict;
  /** Why not everything was verified; `null` when everything was. */
  readonly stopped: StopReason | null;
  /** The address of the API. */
  readonly server: string;
  /** Whether unsafe methods were allowed. */
  readonly unsafe: boolean;
  /** How many were sent. */
  readonly requests: number;
  readonly resources: readonly VerifiedResource[];
  /** Errors first. */
  readonly findings: readonly MethodsFinding[];
  readonly unverified: readonly Unverified[];
  /** URLs of resources that this run created and could not remove. */
  readonly leftBehind: readonly string[];
  /** Why nothing answers; `null` when something does. */
  readonly failure: { readonly reason: string; readonly message: string } | null;
}
