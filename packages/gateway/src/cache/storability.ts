import { isSafeMethod } from "@corsac/protocol";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { ReceivedHead } from "./age.ts";
import { type CacheDirectives, namedFields } from "./cache-directives.ts";
import { isHeuristicallyCacheable } from "./freshness-lifetime.ts";
import type { ResponseFacts } from "./response-facts.ts";
import { varyNames } from "./vary.ts";

/** Why a response is not stored. */
export type StorageRefusal =
  | "method"
  | "status"
  | "request-no-store"
  | "response-no-store"
  | "private"
  | "authorization"
  | "cookie"
  | "set-cookie"
  | "vary-star"
  | "allow-origin-without-vary"
  | "no-freshness"
  | "already-stale";

/** What of a request decides whether its response is stored. */
export interface StorageRequest {
  readonly method: string;
  readonly headers: HeaderFields;
  /** Null without `Cache-Control`. */
  readonly directives: CacheDirectives | null;
}

/** How a cache treats fields of CORS. */
export interface CorsHandling {
  /** Whether the upstream sees the client's `Origin`, so that its answer can depend on it. */
  readonly forwardOrigin: boolean;
  /** Whether the gateway's policy writes the CORS fields; those of the upstream are then not stored. */
  readonly ownsCors: boolean;
}

/** The final status codes of HTTP itself: what `must-understand` asks for. */
const understood: ReadonlySet<number> = new Set([
  200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410,
  411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 500, 501, 502, 503, 504, 505,
]);

/**
 * Decides whether a shared cache stores a response; null when it does, the reason when not. Stricter than the standard
 * about cookies: an answer that sets one, or that was given to one without being marked for all, belongs to one user.
 * Parts (206) are not stored.
 *
 * @see https://httpwg.org/specs/rfc9111.html#response.cacheability
 */
export function storageRefusal(
  request: StorageRequest,
  head: ReceivedHead,
  facts: ResponseFacts,
  { forwardOrigin, ownsCors }: CorsHandling,
): StorageRefusal | null {
  const { directives } = facts;
  if (!isSafeMethod(request.method) || request.method === "HEAD") return "method";
  if (head.status < 200 || head.status === 206 || head.status === 304 || head.status === 416) return "status";
  if (request.directives?.has("no-store") === true) return "request-no-store";
  if (directives.has("must-understand") && !understood.has(head.status)) return "status";
  if (directives.has("no-store") && !directives.has("must-understand")) return "response-no-store";
  if (namedFields(directives, "private") === null) return "private";

  const isForAll = directives.has("public") || directives.has("s-maxage");
  if ("authorization" in request.headers && !isForAll && !directives.has("must-revalidate")) return "authorization";
  if ("cookie" in request.headers && !isForAll) return "cookie";
  if ("set-cookie" in head.headers) return "set-cookie";

  const names = varyNames(head.headers, forwardOrigin);
  if (names === null) return "vary-star";
  const allowOrigin = ownsCors ? null : fieldValue(head.headers, "access-control-allow-origin");
  if (allowOrigin !== null && allowOrigin !== "*" && !names.includes("origin")) return "allow-origin-without-vary";

  const hasValidator = "etag" in head.headers || "last-modified" in head.headers;
  if (facts.lifetimeSource === "none" && !isHeuristicallyCacheable(head.status, directives)) return "no-freshness";
  const usefulUntil = Math.max(facts.freshUntil, facts.staleWhileRevalidateUntil, facts.staleIfErrorUntil);
  if (hasValidator || (!facts.noCache && usefulUntil > head.responseTime)) return null;
  return facts.lifetimeSource === "none" && !facts.noCache ? "no-freshness" : "already-stale";
}
