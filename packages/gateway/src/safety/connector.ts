import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { GatewayError } from "../exchange/gateway-error.ts";
import { specialPurposeOf } from "./special-purpose-address.ts";

/** How to reach upstreams. */
export interface SafeConnectorOptions {
  /** Whether an upstream may be at an address that is not public. */
  readonly allowPrivate: boolean;
  /** Resolves names; default the system's resolver. It is asked for all addresses of a name. */
  readonly lookup?: LookupFunction;
  /** In milliseconds, for resolving, TCP and TLS together. */
  readonly connectTimeout: number;
  /** Whom to trust and what to show, beyond Node's defaults. The name in the certificate is always that of the URL. */
  readonly tls?: {
    readonly ca?: string | Buffer | Array<string | Buffer>;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly rejectUnauthorized?: boolean;
  };
}

/**
 * Makes the function by which undici opens sockets to upstreams. It refuses special-purpose addresses at the last moment
 * and for every connection, so that neither a second look-up nor a redirect, a retry or an upgrade gets around it: a name
 * is resolved once, all its addresses have to be public, and the socket is given none but those. Proxies in environment
 * variables are not looked at.
 *
 * The function fails with a {@link GatewayError} `upstream-address-refused`, the address in its cause alone.
 */
export function createSafeConnector(options: SafeConnectorOptions): buildConnector.connector {
  const { allowPrivate, lookup = systemLookup as LookupFunction, connectTimeout, tls = {} } = options;
  const connect = buildConnector({
    ...tls,
    lookup: allowPrivate ? lookup : publicLookup(lookup),
    timeout: connectTimeout,
    allowH2: false,
  } as buildConnector.BuildOptions);
  if (allowPrivate) return connect;
  return (target, callback) => {
    // Node asks no resolver about a literal.
    const purpose = isIP(target.hostname) === 0 ? null : specialPurposeOf(target.hostname);
    if (purpose === null) return connect(target, callback);
    return process.nextTick(callback, addressRefused(target.hostname, target.hostname, purpose), null);
  };
}

/** Wraps a resolver so that a name with an address that is not public has none at all. */
function publicLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, answer, family) => {
      // A resolver of one's own may know of one address only.
      const addresses = typeof answer === "string" ? [{ address: answer, family: family ?? isIP(answer) }] : answer;
      const failure = error ?? failureOf(hostname, addresses);
      if (failure !== null) callback(failure, []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, (addresses[0] as LookupAddress).address, (addresses[0] as LookupAddress).family);
    });
  };
}

function failureOf(hostname: string, addresses: readonly LookupAddress[]): Error | null {
  if (addresses.length === 0) return new Error(`${hostname} has no address`);
  for (const { address } of addresses) {
    const purpose = specialPurposeOf(address);
    if (purpose !== null) return addressRefused(hostname, address, purpose);
  }
  return null;
}

function addressRefused(host: string, address: string, purpose: string): GatewayError {
  return new GatewayError(
    "upstream-address-refused",
    "The upstream is not at a public address. If that is meant, set `privateAddresses: true` for its route.",
    { cause: new Error(`${host} is at ${address} (${purpose})`) },
  );
}
