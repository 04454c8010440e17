import type { GatewayError } from "../exchange/gateway-error.ts";

/**
 * Says to whoever runs the gateway why no connection to an upstream was made. Clients are not told: addresses and
 * certificates are the inside of the network.
 */
export function unreachableUpstream({ origin }: URL, { message, cause }: GatewayError): Error {
  // Of a name with several addresses each one has a reason.
  const reasons = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause];
  const known = reasons.filter((reason) => reason instanceof Error).map((reason) => reason.message);
  return new Error(`${origin} cannot be connected to: ${known.join("; ") || message}`, { cause });
}
