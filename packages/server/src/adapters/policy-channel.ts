import { channel } from "node:diagnostics_channel";
import type { AsyncPolicy, PolicyChannel } from "../policy/policy.ts";

/** The channel `corsac:policy` of `node:diagnostics_channel`. */
const policyChannel: PolicyChannel = channel("corsac:policy");

/** Lets a policy publish to `corsac:policy`, unless it publishes elsewhere. */
export function connectPolicy(policy: AsyncPolicy): AsyncPolicy {
  if (policy.channel === null) policy.connect(policyChannel);
  return policy;
}
