import type { AsyncPolicy, Policy } from "../policy/policy.ts";
import { createExactMatcher, createGenerousMatcher } from "./path-pattern.ts";
import type { ProtectedRequest } from "./protected-request.ts";
import { type ProtectionCounters, VerdictCounter } from "./protection-counters.ts";
import { CrossOriginProtectionError, type ProtectionIssue } from "./protection-error.ts";
import { isPolicy, protectionIssues } from "./protection-issues.ts";
import type { CrossOriginProtectionOptions } from "./protection-options.ts";
import { isProtectedRead, type Judgement, judgeProvenance, type ProtectionRules } from "./provenance.ts";
import { describeRefusal } from "./refusal.ts";
import type { ProtectionVerdict } from "./verdict.ts";

/** Cross-origin protection with a policy whose trust may have to wait for a resolver. */
export interface AsyncCrossOriginProtection {
  /**
   * Tells whether a request may go on. Never throws and never rejects. Ask before anything else looks at the request:
   * before its body is parsed, before routing. A promise comes back only while the policy's resolver is being asked.
   */
  check(request: ProtectedRequest): ProtectionVerdict | Promise<ProtectionVerdict>;
  /** The verdicts since the protection was made, as a plain object of its own. */
  readonly counters: ProtectionCounters;
}

/** Refuses unsafe requests that pages of other origins make browsers send. */
export interface CrossOriginProtection extends AsyncCrossOriginProtection {
  check(request: ProtectedRequest): ProtectionVerdict;
}

/** A protection, or everything that is wrong with its options. */
export type ParsedCrossOriginProtection<C = AsyncCrossOriginProtection> =
  | { readonly ok: true; readonly protection: C }
  | { readonly ok: false; readonly issues: readonly ProtectionIssue[] };

/** Makes a protection, or lists everything that is wrong with the options. Throws nothing. */
export function parseCrossOriginProtection(options: unknown): ParsedCrossOriginProtection {
  const issues = protectionIssues(options);
  if (issues.length > 0) return { ok: false, issues };
  return { ok: true, protection: compile(options as CrossOriginProtectionOptions) };
}

/**
 * Makes a protection against cross-site request forgery: CORS does not stop requests from being sent, so unsafe ones
 * are refused here by what the browser says about where they come from. It needs no token, no session and no body.
 *
 * @example
 * const protection = createCrossOriginProtection({ policy, publicOrigins: ["https://app.example"] });
 * const verdict = protection.check(request);
 *
 * @throws {CrossOriginProtectionError} with every issue at once
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function createCrossOriginProtection(options?: CrossOriginProtectionOptions<Policy>): CrossOriginProtection;
export function createCrossOriginProtection(options: CrossOriginProtectionOptions): AsyncCrossOriginProtection;
export function createCrossOriginProtection(options: CrossOriginProtectionOptions = {}): AsyncCrossOriginProtection {
  const parsed = parseCrossOriginProtection(options);
  if (!parsed.ok) throw new CrossOriginProtectionError(parsed.issues);
  return parsed.protection;
}

/**
 * What adapters take: a protection, a policy whose origins are to be trusted, options, or nothing.
 *
 * @throws {CrossOriginProtectionError} with every issue at once
 */
export function toCrossOriginProtection(
  given: AsyncCrossOriginProtection | AsyncPolicy | CrossOriginProtectionOptions = {},
): AsyncCrossOriginProtection {
  if (isProtection(given)) return given;
  return createCrossOriginProtection(
    isPolicy(given) ? { policy: given as AsyncPolicy } : (given as CrossOriginProtectionOptions),
  );
}

function isProtection(given: object): given is AsyncCrossOriginProtection {
  return "check" in given && typeof given.check === "function";
}

/** What the verdict about a protected GET depends on, so that a cache must not mix the answers up. */
const varyOfProtectedReads = ["Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"] as const;

function compile(options: CrossOriginProtectionOptions): AsyncCrossOriginProtection {
  const { policy, log, reportOnly = false } = options;
  const rules = rulesOf(options);
  const counter = new VerdictCounter();

  function settle(request: ProtectedRequest, { row, code }: Judgement): ProtectionVerdict {
    const vary = isProtectedRead(request, rules) ? varyOfProtectedReads : [];
    if (code === null) return counted({ ok: true, row, reported: null, vary });
    const refusal = describeRefusal(request, { row, code }, rules, vary);
    log?.(reportOnly ? `${refusal.logLine} (report only)` : refusal.logLine);
    return counted(reportOnly ? { ok: true, row, reported: refusal, vary } : refusal);
  }

  function counted(verdict: ProtectionVerdict): ProtectionVerdict {
    counter.count(verdict);
    return verdict;
  }

  return {
    check(request) {
      const first = judgeProvenance(request, rules);
      if (!("ask" in first)) return settle(request, first);
      const again = (trust: boolean) => settle(request, judgeProvenance(request, rules, trust) as Judgement);
      const trust = policy?.trusts(first.ask) ?? false;
      return typeof trust === "boolean" ? again(trust) : trust.then(again, () => again(false));
    },
    get counters() {
      return counter.snapshot();
    },
  };
}

function rulesOf(options: CrossOriginProtectionOptions): ProtectionRules {
  return {
    publicOrigins: options.publicOrigins === undefined ? null : new Set(options.publicOrigins),
    trustedOrigins: new Set(options.trustedOrigins),
    hasPolicy: options.policy !== undefined,
    isBypassed: createExactMatcher(options.bypass ?? []),
    isAlsoProtected: createGenerousMatcher(options.alsoProtect ?? []),
    strict: options.strict ?? false,
    allowSameSite: options.allowSameSite ?? false,
    trustProxy: options.trustProxy ?? false,
    methodOverride: options.methodOverride ?? false,
    requireJsonContentType: options.requireJsonContentType ?? false,
  };
}
