import {
  type AsyncCrossOriginProtection,
  type CrossOriginProtectionOptions,
  toCrossOriginProtection,
} from "../cross-origin-protection/index.ts";
import type { AsyncPolicy } from "../policy/policy.ts";
import { refuseUncalled } from "./refuse-uncalled.ts";

/** What `crossOriginProtection` takes: a protection, a policy whose origins are to be trusted, or options. */
export type ProtectionArgument = AsyncCrossOriginProtection | AsyncPolicy | CrossOriginProtectionOptions;

/**
 * Returns the protection that `crossOriginProtection` was called with.
 *
 * @param given all arguments of `crossOriginProtection`
 * @param usage how it is used with the framework
 * @throws {TypeError} when it was not called by the application but for a request
 * @throws {CrossOriginProtectionError} with everything that is wrong with the options
 */
export function protectionOf(given: readonly unknown[], usage: string): AsyncCrossOriginProtection {
  refuseUncalled("crossOriginProtection", given, usage);
  return toCrossOriginProtection(given[0] as ProtectionArgument | undefined);
}
