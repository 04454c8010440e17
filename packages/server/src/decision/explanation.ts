import type { DecisionReason } from "./decision.ts";

/** Why a decision is what it is, and what would change it. */
export interface Explanation {
  readonly kind: "pass" | "preflight" | "refuse";
  readonly reason: DecisionReason;
  /** The step that decided, in the order of the Fetch standard. */
  readonly step: "classification" | "headers" | "method" | "origin";
  /** The option of the policy that decided, such as `origins`; null when none did. */
  readonly rule: string | null;
  /** The method or the request-header name that was refused, cut to 64 characters; null when it was not about them. */
  readonly refused: string | null;
  /** What to change in the policy to have it otherwise; null when nothing should be changed there. */
  readonly change: { readonly option: string; readonly add: string } | null;
  /** The same in one or two sentences. It may quote the request, cut and escaped. Never send it to the client. */
  readonly sentence: string;
}
