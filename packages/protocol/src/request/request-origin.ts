import type { HeaderList } from "../header/header-list.ts";
import { containsHeader } from "../header/header-list.ts";
import { isSameOrigin, type Origin, originOf, serializeOrigin } from "../origin/origin.ts";
import type { OriginRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import type { ReferrerPolicy } from "./referrer.ts";
import type { Client, Destination, InitiatorType, RequestMode, ResponseTainting } from "./request.ts";
import type { StorageAccess } from "./storage-access.ts";

/** What serializing a request origin looks at. */
export interface SerializableOrigin {
  readonly origin: Origin;
  readonly mode: RequestMode;
  /** All URLs of the request so far. */
  readonly urlList: readonly URL[];
}

/**
 * Reports whether a request's redirect-taint is other than "same-origin": whether a redirect took it from one origin,
 * not that of the request, to another.
 *
 * @see https://fetch.spec.whatwg.org/#concept-request-tainted-origin
 */
export function hasRedirectTaint(
  { origin, mode, urlList }: SerializableOrigin,
  rules: OriginRules = standard.origin,
): boolean {
  const ownOriginTaints = mode === "navigate" && rules.crossOriginRedirectTaintsNavigation;
  for (let index = 1; index < urlList.length; index += 1) {
    const last = originOf(urlList[index - 1] as URL);
    if (isSameOrigin(originOf(urlList[index] as URL), last)) continue;
    if (ownOriginTaints || !isSameOrigin(origin, last)) return true;
  }
  return false;
}

/**
 * Serializes a request origin: `null` for an opaque origin and once redirects have tainted it.
 *
 * @see https://fetch.spec.whatwg.org/#serializing-a-request-origin
 */
export function serializeRequestOrigin(request: SerializableOrigin, rules?: OriginRules): string {
  return hasRedirectTaint(request, rules) ? "null" : serializeOrigin(request.origin);
}

/** What decides about a request's `Origin` header. */
export interface OriginHeaderRequest extends SerializableOrigin {
  readonly serializedOrigin: string;
  readonly method: string;
  /** The method before redirects changed it. */
  readonly originalMethod: string;
  readonly referrerPolicy: ReferrerPolicy;
  readonly responseTainting: ResponseTainting;
  readonly destination: Destination;
  readonly initiatorType: InitiatorType;
  readonly client: Client | null;
  readonly headers: HeaderList;
  /** What the request says of storage access. */
  readonly storageAccess: StorageAccess | null;
}

/**
 * Determines the value of a request's `Origin` header; `null` when it carries none.
 *
 * @see https://fetch.spec.whatwg.org/#append-a-request-origin-header
 */
export function requestOriginHeader(request: OriginHeaderRequest, rules: OriginRules = standard.origin): string | null {
  const { mode, method, serializedOrigin, client } = request;
  if (containsHeader(request.headers, "origin")) return null;
  if (request.responseTainting === "cors" || mode === "websocket") return serializedOrigin;
  if (rules.beaconTellsEmbedder && request.initiatorType === "beacon" && client?.embedderOrigin) {
    return serializeOrigin(client.embedderOrigin);
  }
  if (isSafelyReading(method)) {
    if (rules.rewrittenGetKeepsOrigin && keepsOriginHeader(request)) return serializedOrigin;
    if (mode === "cors" && request.destination !== "" && rules.corsElementsSendOrigin) return serializedOrigin;
    // A third party that could ask for its cookies has to tell who it is.
    return request.storageAccess === "inactive" ? serializedOrigin : null;
  }
  if (mode === "cors" || (mode === "no-cors" && rules.noCorsIgnoresReferrerPolicy)) return serializedOrigin;
  return referrerPolicyHidesOrigin(request) ? "null" : serializedOrigin;
}

/** Whether no redirect has made the user agent take away the `Origin` header that the request began with. */
function keepsOriginHeader({ mode, originalMethod, urlList }: OriginHeaderRequest): boolean {
  if (mode === "navigate" || isSafelyReading(originalMethod)) return false;
  return urlList.every((url) => url.origin === (urlList[0] as URL).origin);
}

function isSafelyReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

function referrerPolicyHidesOrigin({ referrerPolicy, origin, urlList }: OriginHeaderRequest): boolean {
  const url = urlList[urlList.length - 1] as URL;
  switch (referrerPolicy) {
    case "no-referrer":
      return true;
    case "no-referrer-when-downgrade":
    case "strict-origin":
    case "strict-origin-when-cross-origin":
      return origin.kind === "tuple" && origin.scheme === "https" && url.protocol !== "https:";
    case "same-origin":
      return !isSameOrigin(origin, originOf(url));
    case "origin":
    case "origin-when-cross-origin":
    case "unsafe-url":
      return false;
  }
}
