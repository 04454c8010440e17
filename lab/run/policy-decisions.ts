import { definePolicy } from "@corsac/server";
import type { PolicyDecision, WireExchange } from "../situation/run-report.ts";
import type { Situation } from "../situation/situation.ts";

/** Asks the policy of a situation again about what arrived where it stands: at the bench, or at the gateway. */
export function decisionsOf({ server, gateway }: Situation, wire: readonly WireExchange[]): PolicyDecision[] {
  const options = gateway?.policy ?? (server.kind === "policy" ? server.policy : null);
  if (options === null) return [];
  const policy = definePolicy(options);
  const place = gateway === null ? "bench" : "gateway";
  return wire.flatMap(({ index, server: name, request }) => {
    if (name !== place) return [];
    const headers = Object.fromEntries(request.headers.map(([header, value]) => [header.toLowerCase(), value]));
    return [{ exchange: index, explanation: policy.decide({ method: request.method, headers }).explain() }];
  });
}
