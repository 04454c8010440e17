import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import { gatewayPath, type PathMapping, upstreamUrl } from "../rewrite/path-mapping.ts";

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
  mapping: PathMapping,
): readonly string[] {
  const targets = new Set<string>();
  for (const name of ["location", "content-location"]) {
    const value = fieldValue(response, name);
    const target = value === null ? null : targetOf(value, request, mapping);
    if (target !== null && target !== request.target) targets.add(target);
  }
  return [...targets];
}

/** The upstream writes references as it knows itself, or as the client named the gateway. */
function targetOf(reference: string, request: GatewayRequest, mapping: PathMapping): string | null {
  const url = parse(reference, upstreamUrl(mapping, request.target).href);
  if (url === null) return null;
  if (url.origin === mapping.upstream.origin) {
    const path = gatewayPath(mapping, url.pathname);
    return path === null ? null : path + url.search;
  }
  const own = parse(`${request.scheme}://${request.authority}`);
  return url.origin === own?.origin ? url.pathname + url.search : null;
}

function parse(reference: string, base?: string): URL | null {
  return URL.canParse(reference, base) ? new URL(reference, base) : null;
}
