import { byteLowercase } from "../header/bytes.ts";
import { extractHeaderListValues } from "../header/extract-header-list-values.ts";
import type { HeaderList } from "../header/header-list.ts";
import { isCorsSafelistedResponseHeaderName, isForbiddenResponseHeaderName } from "../header/response-header.ts";
import type { CredentialsMode, ResponseTainting } from "../request/request.ts";

/**
 * A response as it came, with the URLs that led to it.
 *
 * @see https://fetch.spec.whatwg.org/#concept-response
 */
export interface InternalResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  /** As the driver gave it; `null` where the standard says so. */
  readonly body: unknown;
  readonly urlList: readonly URL[];
  readonly fromCache: boolean;
}

/**
 * What a script gets to see of a response.
 *
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response
 */
export interface FilteredResponse {
  readonly type: "basic" | "cors" | "opaque" | "opaqueredirect";
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  /** Serialized without fragment; empty for an opaque response. */
  readonly url: string;
  readonly redirected: boolean;
  readonly body: unknown;
  /** The response behind it; nothing of it may reach a script but through the members above. */
  readonly internal: InternalResponse;
}

/**
 * Filters a response as the request's response tainting demands.
 *
 * @see https://fetch.spec.whatwg.org/#main-fetch (the step that makes a filtered response)
 */
export function filterResponse(
  internal: InternalResponse,
  responseTainting: ResponseTainting,
  credentialsMode: CredentialsMode,
): FilteredResponse {
  switch (responseTainting) {
    case "basic":
      return basicFilteredResponse(internal);
    case "cors":
      return corsFilteredResponse(internal, corsExposedHeaderNames(internal.headers, credentialsMode));
    case "opaque":
      return opaqueFilteredResponse(internal);
  }
}

/** @see https://fetch.spec.whatwg.org/#concept-filtered-response-basic */
export function basicFilteredResponse(internal: InternalResponse): FilteredResponse {
  const headers = internal.headers.filter(([name]) => !isForbiddenResponseHeaderName(name));
  return { ...shown(internal), type: "basic", headers, internal };
}

/** @see https://fetch.spec.whatwg.org/#concept-filtered-response-cors */
export function corsFilteredResponse(internal: InternalResponse, exposedNames: readonly string[]): FilteredResponse {
  const headers = internal.headers.filter(([name]) => isCorsSafelistedResponseHeaderName(name, exposedNames));
  return { ...shown(internal), type: "cors", headers, internal };
}

/** @see https://fetch.spec.whatwg.org/#concept-filtered-response-opaque */
export function opaqueFilteredResponse(internal: InternalResponse): FilteredResponse {
  return { ...hidden, type: "opaque", internal };
}

/** @see https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect */
export function opaqueRedirectFilteredResponse(internal: InternalResponse): FilteredResponse {
  return { ...hidden, type: "opaqueredirect", url: urlOf(internal), redirected: internal.urlList.length > 1, internal };
}

const hidden = { status: 0, statusText: "", headers: [], url: "", redirected: false, body: null } as const;

/**
 * Determines a response's CORS-exposed header-name list, lower-cased.
 *
 * @see https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list
 */
export function corsExposedHeaderNames(headers: HeaderList, credentialsMode: CredentialsMode): readonly string[] {
  const names = extractHeaderListValues("access-control-expose-headers", headers);
  // Differs: where the list does not parse, nothing is exposed. The text assigns the failure itself.
  if (names === null || names === "failure") return [];
  if (credentialsMode !== "include" && names.includes("*")) return headers.map(([name]) => byteLowercase(name));
  return names.map(byteLowercase);
}

function shown(internal: InternalResponse) {
  const { status, statusText, body } = internal;
  return { status, statusText, body, url: urlOf(internal), redirected: internal.urlList.length > 1 };
}

function urlOf({ urlList }: InternalResponse): string {
  const url = urlList[urlList.length - 1];
  if (url === undefined) return "";
  const { href, hash } = url;
  return hash === "" && !href.endsWith("#") ? href : href.slice(0, href.indexOf("#"));
}
