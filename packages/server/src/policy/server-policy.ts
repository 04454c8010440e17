import type { RegistrableDomain } from "@corsac/protocol";
import { compileDecide, type Decide } from "../decision/compile-decide.ts";
import { createExplain } from "../decision/create-explain.ts";
import type { DecidableRequest, Decision } from "../decision/decision.ts";
import {
  createDecisionCounters,
  type DecisionCounters,
  type MutableDecisionCounters,
} from "../decision/decision-counters.ts";
import { createAnyRule, createListRule, createResolverRule, type OriginRule } from "../decision/origin-rule.ts";
import { createOriginSet } from "../origin-set/origin-set.ts";
import { type ParsedOptions, parsePolicyOptions } from "./parse-policy-options.ts";
import type { AsyncPolicy, ParsedPolicy, PolicyChannel, PolicyContext, PolicyEvent } from "./policy.ts";
import type { PolicyJson, PolicyOptions } from "./policy-options.ts";

/** Options, and all that is computed of them. */
interface Compiled {
  readonly options: PolicyOptions;
  readonly rule: OriginRule;
  readonly decide: Decide;
}

/** What a {@link ServerPolicy} is made with besides its options. */
export interface ServerPolicyContext extends PolicyContext {
  /** Null when there is no public suffix list. */
  readonly registrableDomain: RegistrableDomain | null;
}

/** A policy at work. Everything that depends on its options is in one field, so that they are replaced as one. */
export class ServerPolicy implements AsyncPolicy {
  readonly #registrableDomain: RegistrableDomain | null;
  readonly #counters: MutableDecisionCounters = createDecisionCounters();
  readonly #reportOnly: AsyncPolicy | null;
  /** Whether who made this policy is prepared to wait. */
  readonly #mayWait: boolean;
  #channel: PolicyChannel | null;
  #compiled: Compiled;

  constructor(parsed: ParsedOptions, { registrableDomain, reportOnly, channel }: ServerPolicyContext) {
    this.#registrableDomain = registrableDomain;
    this.#reportOnly = reportOnly ?? null;
    this.#mayWait = typeof parsed.options.origins === "function";
    this.#channel = channel ?? null;
    this.#compiled = compile(parsed, this.#counters);
  }

  get options(): PolicyOptions {
    return this.#compiled.options;
  }

  get counters(): DecisionCounters {
    const { pass, preflight, refuse } = this.#counters;
    return { pass: { ...pass }, preflight: { ...preflight }, refuse: { ...refuse } };
  }

  get channel(): PolicyChannel | null {
    return this.#channel;
  }

  decide(request: DecidableRequest): Decision | Promise<Decision> {
    const decision = this.#compiled.decide(request);
    if (this.#channel?.hasSubscribers !== true && this.#reportOnly === null) return decision;
    if (decision instanceof Promise) return decision.then((late) => this.#observe(request, late));
    return this.#observe(request, decision);
  }

  trusts(origin: string): boolean | Promise<boolean> {
    const { rule } = this.#compiled;
    if (!rule.names || origin === "null") return false;
    const verdict = rule.verdict(origin);
    return typeof verdict === "string" ? verdict === "allowed" : verdict.then((late) => late === "allowed");
  }

  replace(options: unknown): ParsedPolicy<this> {
    const context = { registrableDomain: this.#registrableDomain, allowResolver: this.#mayWait };
    const parsing = parsePolicyOptions(options, context);
    if (!parsing.ok) return parsing;
    this.#compiled = compile(parsing.parsed, this.#counters);
    this.#publish({ type: "replaced", policy: this });
    return { ok: true, policy: this };
  }

  connect(channel: PolicyChannel | null): void {
    this.#channel = channel;
  }

  toJSON(): PolicyJson {
    const { origins, resolver: _, ...rest } = this.options;
    if (typeof origins === "function") throw new TypeError("A policy whose origins come from a resolver has no JSON.");
    return { origins, ...rest };
  }

  #observe(request: DecidableRequest, decision: Decision): Decision {
    this.#publish({ type: "decision", policy: this, request, decision });
    const wouldBe = this.#reportOnly?.decide(request);
    if (wouldBe instanceof Promise) void wouldBe.then((late) => this.#compare(request, decision, late));
    else if (wouldBe !== undefined) this.#compare(request, decision, wouldBe);
    return decision;
  }

  #compare(request: DecidableRequest, decision: Decision, wouldBe: Decision): void {
    if (wouldBe.kind === decision.kind && wouldBe.reason === decision.reason) return;
    this.#publish({ type: "report-only", policy: this, request, decision, wouldBe });
  }

  #publish(event: PolicyEvent): void {
    if (this.#channel?.hasSubscribers !== true) return;
    try {
      this.#channel.publish(event);
    } catch {
      // Who listens must not be able to fail a request.
    }
  }
}

function compile(parsed: ParsedOptions, counters: MutableDecisionCounters): Compiled {
  const { options } = parsed;
  const rule = createOriginRule(parsed);
  return { options, rule, decide: compileDecide(options, rule, counters, createExplain(options)) };
}

function createOriginRule({ options, patterns }: ParsedOptions): OriginRule {
  const { origins, credentials = false, dangerously = {}, resolver } = options;
  const allowNull = dangerously.nullOrigin === true;
  if (origins === "*") return createAnyRule(credentials, allowNull);
  if (typeof origins !== "function") {
    return createListRule(createOriginSet(patterns), allowNull && origins.includes("null"));
  }
  const allowInsecure = dangerously.insecureOriginsWithCredentials === true;
  return createResolverRule(origins, { credentials, allowNull, allowInsecure, resolver });
}
