import type { HostPattern, PathPattern } from "../configuration/gateway-configuration.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { pathOf } from "./normalize-target.ts";

/** What a route is for; see the configuration. */
export interface RoutePattern {
  readonly path: PathPattern;
  readonly host: HostPattern | null;
  readonly methods: readonly string[] | null;
}

/** Which route a request takes; without one, the routes of its path, which have other methods, and those methods. */
export type Routing<R> =
  | { readonly route: R }
  | { readonly route: null; readonly others: readonly R[]; readonly allow: readonly string[] };

/**
 * Makes the function that finds a request's route. The most specific one wins: an exact host before names below one
 * before any, an exact path before the longest beginning, named methods before any; among equals the first.
 */
export function createRouteTable<R extends RoutePattern>(
  routes: readonly R[],
): (request: GatewayRequest) => Routing<R> {
  const bySpecificity = [...routes].sort(
    (a, b) =>
      hostRank(b.host) - hostRank(a.host) ||
      pathRank(b.path) - pathRank(a.path) ||
      Number(b.methods !== null) - Number(a.methods !== null),
  );

  return (request) => {
    const path = pathOf(request.target);
    const host = hostOf(request.authority);
    const method = intendedMethod(request);
    const others: R[] = [];
    for (const route of bySpecificity) {
      if (!matchesPath(route.path, path) || !matchesHost(route.host, host)) continue;
      if (matchesMethod(route.methods, method)) return { route };
      others.push(route);
    }
    return { route: null, others, allow: [...new Set(others.flatMap(({ methods }) => methods ?? []))] };
  };
}

/** The host of an authority in lower case, without its port; addresses of IPv6 keep their brackets. */
export function hostOf(authority: string): string {
  return authority.replace(/:\d*$/, "").toLowerCase();
}

export function matchesHost(pattern: HostPattern | null, host: string): boolean {
  if (pattern === null) return true;
  return pattern.below ? host.endsWith(`.${pattern.name}`) : host === pattern.name;
}

function matchesPath({ base, below }: PathPattern, path: string): boolean {
  if (!below) return path === base;
  return path.startsWith(base) && (path.length === base.length || path.charCodeAt(base.length) === 0x2f || base === "");
}

/** `HEAD` is answered by what answers `GET`, and any route of a path can say what it offers. */
function matchesMethod(methods: readonly string[] | null, method: string): boolean {
  if (methods === null || method === "OPTIONS" || methods.includes(method)) return true;
  return method === "HEAD" && methods.includes("GET");
}

/** A CORS-preflight request belongs to the route of the request that it announces. */
function intendedMethod({ method, headers }: GatewayRequest): string {
  const announced = headers["access-control-request-method"];
  return method === "OPTIONS" && typeof announced === "string" && "origin" in headers ? announced : method;
}

function hostRank(host: HostPattern | null): number {
  if (host === null) return 0;
  return host.below ? host.name.length : Number.MAX_SAFE_INTEGER;
}

function pathRank({ base, below }: PathPattern): number {
  return base.length * 2 + (below ? 0 : 1);
}
