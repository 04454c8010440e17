import { type LookupAddress, lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";

const loopback: LookupAddress[] = [
  { address: "::1", family: 6 },
  { address: "127.0.0.1", family: 4 },
];

/**
 * Wraps a resolver so that `localhost` and every name under it are the loopback addresses, whatever the system says.
 * Connecting tries the addresses in turn.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc6761#section-6.3
 */
export function loopbackLookup(lookup: LookupFunction = systemLookup as LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    if (!/(^|\.)localhost\.?$/i.test(hostname)) {
      lookup(hostname, options, callback);
      return;
    }
    const family = options.family === "IPv4" ? 4 : options.family === "IPv6" ? 6 : (options.family ?? 0);
    const addresses = family === 0 ? loopback : loopback.filter((address) => address.family === family);
    const first = addresses[0] as LookupAddress;
    process.nextTick(() => {
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
