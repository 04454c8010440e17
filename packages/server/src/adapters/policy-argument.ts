import { definePolicy } from "../policy/define-policy.ts";
import type { AsyncPolicy } from "../policy/policy.ts";
import type { PolicyOptions } from "../policy/policy-options.ts";
import { refuseUncalled } from "./refuse-uncalled.ts";

/** What `cors` takes: a policy, or the options of one. */
export type PolicyArgument = AsyncPolicy | PolicyOptions;

/**
 * Returns the policy that `cors` was called with.
 *
 * @param given all arguments of `cors`
 * @param usage how `cors` is used with the framework
 * @throws {TypeError} when `cors` was not called by the application but for a request
 * @throws {PolicyError} with everything that is wrong with the options
 */
export function policyOf(given: readonly unknown[], usage: string): AsyncPolicy {
  refuseUncalled("cors", given, usage);
  const [argument] = given;
  return isPolicy(argument) ? argument : definePolicy(argument as PolicyOptions);
}

function isPolicy(argument: unknown): argument is AsyncPolicy {
  return typeof argument === "object" && argument !== null && "decide" in argument;
}
