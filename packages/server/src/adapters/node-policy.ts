import { channel } from "node:diagnostics_channel";
import type { AsyncPolicy } from "../policy/policy.ts";
import { policyOf } from "./policy-argument.ts";
import { watchUnseenPreflights } from "./unseen-preflight.ts";

/** The channel of `node:diagnostics_channel` that the policies of a process publish to. */
const policyChannel = channel("corsac:policy");

/**
 * Returns the policy that `cors` was called with, and lets it publish to the channel `corsac:policy` unless it publishes
 * elsewhere.
 *
 * @param given all arguments of `cors`
 * @param usage how `cors` is used with the framework
 * @throws {TypeError} when `cors` was not called by the application but for a request
 * @throws {PolicyError} with everything that is wrong with the options
 */
export function nodePolicyOf(given: readonly unknown[], usage: string): AsyncPolicy {
  const policy = policyOf(given, usage);
  if (policy.channel === null) policy.connect(policyChannel);
  watchUnseenPreflights();
  return policy;
}
