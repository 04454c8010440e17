import { registrableDomain } from "#registrable-domain";
import { parsePolicyOptions } from "./parse-policy-options.ts";
import type { AsyncPolicy, ParsedPolicy, Policy, PolicyContext } from "./policy.ts";
import { PolicyError } from "./policy-error.ts";
import type { PolicyJson, PolicyOptions } from "./policy-options.ts";
import { ServerPolicy } from "./server-policy.ts";

/**
 * Makes a policy. It decides at once, unless its origins come from a resolver.
 *
 * @throws {PolicyError} with everything that is wrong with the options
 * @example
 * const policy = definePolicy({ origins: ["https://app.example"], credentials: true, methods: ["PUT"] });
 */
export function definePolicy(options: PolicyJson, context?: PolicyContext): Policy;
export function definePolicy(options: PolicyOptions, context?: PolicyContext): AsyncPolicy;
export function definePolicy(options: PolicyOptions, context: PolicyContext = {}): AsyncPolicy {
  const parsing = parsePolicyOptions(options, { registrableDomain, allowResolver: true });
  if (!parsing.ok) throw new PolicyError(parsing.issues);
  return new ServerPolicy(parsing.parsed, { ...context, registrableDomain });
}

/** Makes a policy of what comes from a file or from another program; gives everything that is wrong with it. */
export function parsePolicy(json: unknown, context: PolicyContext = {}): ParsedPolicy {
  const parsing = parsePolicyOptions(json, { registrableDomain, allowResolver: false });
  if (!parsing.ok) return parsing;
  // Without a resolver nothing is waited for.
  return { ok: true, policy: new ServerPolicy(parsing.parsed, { ...context, registrableDomain }) as unknown as Policy };
}
