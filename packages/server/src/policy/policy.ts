import type { DecidableRequest, Decision } from "../decision/decision.ts";
import type { DecisionCounters } from "../decision/decision-counters.ts";
import type { PolicyIssue } from "./policy-issue.ts";
import type { PolicyJson, PolicyOptions } from "./policy-options.ts";

/**
 * What a server allows across origins, completely checked. Adapters take this type: it covers {@link Policy} too. Its
 * decisions may have to wait for a resolver.
 */
export interface AsyncPolicy {
  /** What the policy was made of, checked and minimal: no defaults, no duplicates, nothing that something else covers. */
  readonly options: PolicyOptions;
  /**
   * Decides about a request. Never throws and never rejects: what goes wrong denies. A promise comes back only while
   * the origin's resolver is being asked.
   */
  decide(request: DecidableRequest): Decision | Promise<Decision>;
  /**
   * Reports whether the policy names the origin: in its list, by a pattern, by its resolver. `*` names nobody, and
   * nothing names `null`. This is the trust that cross-origin protection needs.
   */
  trusts(origin: string): boolean | Promise<boolean>;
  /**
   * Puts another policy in the place of this one, for every request from now on, or changes nothing if there is any
   * issue. Connections, counters and the report-only policy stay.
   */
  replace(options: unknown): ParsedPolicy<this>;
  /** The decisions since the policy was made, as a plain object of its own. */
  readonly counters: DecisionCounters;
  /** Where the policy publishes; null when nowhere. */
  readonly channel: PolicyChannel | null;
  /** Publishes every decision from now on to the channel instead of the one before; null for none. */
  connect(channel: PolicyChannel | null): void;
  /**
   * The options as JSON that makes the same policy again.
   *
   * @throws {TypeError} when the origins come from a resolver
   */
  toJSON(): PolicyJson;
}

/** A policy that names its origins, so that it decides at once. */
export interface Policy extends AsyncPolicy {
  decide(request: DecidableRequest): Decision;
  trusts(origin: string): boolean;
}

/** A policy, or everything that is wrong with it. */
export type ParsedPolicy<P = Policy> =
  | { readonly ok: true; readonly policy: P }
  | { readonly ok: false; readonly issues: readonly PolicyIssue[] };

/** What a policy is given besides its options. */
export interface PolicyContext {
  /**
   * A policy to try out: it decides about every request as well, but its decisions are only counted (by itself) and,
   * where they differ, published.
   */
  readonly reportOnly?: AsyncPolicy;
  /** Where to publish; see {@link AsyncPolicy.connect}. */
  readonly channel?: PolicyChannel;
}

/** Where a policy publishes. A channel of `node:diagnostics_channel` is one. */
export interface PolicyChannel {
  /** Whether anybody listens. Nothing is published otherwise. */
  readonly hasSubscribers: boolean;
  publish(event: PolicyEvent): void;
}

/** What a policy publishes. */
export type PolicyEvent =
  | {
      readonly type: "decision";
      readonly policy: AsyncPolicy;
      readonly request: DecidableRequest;
      readonly decision: Decision;
    }
  | {
      /** The report-only policy decided otherwise. */
      readonly type: "report-only";
      readonly policy: AsyncPolicy;
      readonly request: DecidableRequest;
      readonly decision: Decision;
      readonly wouldBe: Decision;
    }
  | { readonly type: "replaced"; readonly policy: AsyncPolicy };
