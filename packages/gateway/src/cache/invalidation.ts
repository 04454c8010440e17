import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import { createUpstreamPath } from "../forward/upstream-path.ts";

/** How paths of the gateway and of the upstream correspond. */
export interface UpstreamPlace {
  /** Its path stands for `prefix`. */
  readonly upstream: URL;
  /** The part of the gateway's paths which the upstream's path replaces; empty when that goes before the whole. */
  readonly prefix: string;
}

/**
 * Reports whether a response to a request that is not safe means that what is stored for its target may no longer hold.
 *
 * @see https://httpwg.org/specs/rfc9111.html#invalidation
 */
export function isInvalidating(status: number): boolean {
  return status >= 200 && status <= 399;
}

/**
 * Returns the targets that a response to an unsafe request is about besides its own: those of `Location` and
 * `Content-Location`, as far as they have the same origin, as paths of the gateway.
 *
 * @see https://httpwg.org/specs/rfc9111.html#invalidation
 */
export function relatedTargets(
  request: GatewayRequest,
  response: HeaderFields,
  place: UpstreamPlace,
): readonly string[] {
  const targets = new Set<string>();
  for (const name of ["location", "content-location"]) {
    const value = fieldValue(response, name);
    const target = value === null ? null : targetOf(value, request, place);
    if (target !== null && target !== request.target) targets.add(target);
  }
  return [...targets];
}

/** The upstream writes references as it knows itself, or as the client named the gateway. */
function targetOf(reference: string, request: GatewayRequest, { upstream, prefix }: UpstreamPlace): string | null {
  const url = parse(reference, upstream.origin + createUpstreamPath(upstream, prefix)(request.target));
  if (url === null) return null;
  const path = url.pathname + url.search;
  if (url.origin !== upstream.origin) {
    return url.origin === parse(`${request.scheme}://${request.authority}`)?.origin ? path : null;
  }
  const base = upstream.pathname.replace(/\/$/, "");
  return path === base || path.startsWith(`${base}/`) ? prefix + path.slice(base.length) : null;
}

function parse(reference: string, base?: string): URL | null {
  return URL.canParse(reference, base) ? new URL(reference, base) : null;
}
