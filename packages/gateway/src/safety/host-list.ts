import type { HostPattern } from "../configuration/gateway-configuration.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { hostOf, matchesHost } from "../routing/route-table.ts";

/**
 * Makes the check that a request names a host which the gateway answers to. A page of another name whose owner has it
 * resolve to the gateway's address is same-origin to the browser, so that CORS does not hold it back; its name does.
 * The port does not matter. Upgrades are to be checked as well: `WebSocket` can be rebound in the same way.
 *
 * @see https://httpwg.org/specs/rfc9110.html#status.421
 */
export function createHostCheck(hosts: readonly HostPattern[]): (request: GatewayRequest) => GatewayError | null {
  return ({ authority, headers }) => {
    // Doors agree on one host; a `Request` in the same process can carry another in its fields.
    if (headers.host !== undefined && headers.host !== authority) {
      return new GatewayError("request-invalid", "The request names two hosts.");
    }
    const host = hostOf(authority);
    for (const pattern of hosts) if (matchesHost(pattern, host)) return null;
    return new GatewayError(
      "host-not-allowed",
      "The gateway does not answer to this host. `hosts` lists those it does.",
    );
  };
}
