import {
  byteLowercase,
  containsHeader,
  getDecodeAndSplit,
  getHeader,
  type Header,
  type HeaderList,
  type HttpCacheRules,
} from "@corsac/protocol";
import CachePolicy from "http-cache-semantics";

/** A response without its body, as the cache keeps it. */
export interface StoredHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  /** The request's values of the headers that `Vary` names, by lower-case name; null when they vary with everything. */
  readonly selecting: ReadonlyMap<string, string | null> | null;
  /** Null when the response says nothing about caching: stale from the start. */
  readonly freshness: CachePolicy | null;
}

/** A response as the cache keeps it. */
export interface StoredResponse extends StoredHead {
  /** Null for a response that has no body, such as a 204. */
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** Makes heads of stored responses whose age follows a clock. */
export type StoredHeadFactory = (
  requestHeaders: HeaderList,
  response: { readonly status: number; readonly statusText: string; readonly headers: HeaderList },
) => StoredHead;

/**
 * Makes a {@link StoredHeadFactory}.
 *
 * http-cache-semantics answers what may be stored and how old and fresh a response is. What to do with that is decided
 * here, because its `evaluateRequest` never reuses a `must-revalidate` response, and its `revalidatedPolicy` drops
 * headers that only the 304 has.
 *
 * @param now milliseconds since 1970
 */
export function storedHeadFactory(now: () => number): StoredHeadFactory {
  class Freshness extends CachePolicy {
    now(): number {
      return now();
    }
  }
  return (requestHeaders, { status, statusText, headers }) => {
    const said = cacheHeaders(headers);
    const selecting = selectingHeaders(requestHeaders, headers, said.has("vary"));
    if (said.size === 0) return { status, statusText, headers, selecting, freshness: null };
    if (selecting === null) said.set("vary", "*");
    const cacheControl = getHeader(requestHeaders, "cache-control");
    const freshness = new Freshness(
      { method: "GET", headers: cacheControl === null ? {} : { "cache-control": byteLowercase(cacheControl) } },
      { status: policyStatus(status, said), headers: Object.fromEntries(said) },
      { shared: false },
    );
    return { status, statusText, headers, selecting, freshness };
  };
}

const cacheHeaderNames = new Set(["age", "cache-control", "date", "expires", "last-modified", "pragma", "vary"]);

/** The headers that decide about storing and freshness, joined by name; empty if there is none but `Date` and `Age`. */
function cacheHeaders(headers: HeaderList): Map<string, string> {
  const said = new Map<string, string>();
  let decides = false;
  for (const header of headers) {
    // Shorter and longer names are not among them.
    if (header[0].length < 3 || header[0].length > 13) continue;
    const name = byteLowercase(header[0]);
    if (!cacheHeaderNames.has(name)) continue;
    const value = name === "cache-control" ? byteLowercase(header[1]) : header[1];
    const before = said.get(name);
    said.set(name, before === undefined ? value : `${before}, ${value}`);
    decides ||= name !== "date" && name !== "age";
  }
  if (!decides) said.clear();
  return said;
}

/**
 * With explicit freshness every final status may be stored, which the library denies for those that it does not know.
 *
 * @see https://httpwg.org/specs/rfc9111.html#response.cacheability
 */
function policyStatus(status: number, said: ReadonlyMap<string, string>): number {
  const isExplicit = said.has("expires") || /(?:^|[\s,])max-age=/.test(said.get("cache-control") ?? "");
  return isExplicit && status !== 206 && status !== 304 ? 200 : status;
}

const noHeaders: ReadonlyMap<string, string | null> = new Map();

function selectingHeaders(requestHeaders: HeaderList, headers: HeaderList, hasVary: boolean): StoredHead["selecting"] {
  if (!hasVary) return noHeaders;
  const names = (getDecodeAndSplit(headers, "vary") ?? []).filter((name) => name !== "").map(byteLowercase);
  if (names.includes("*")) return null;
  return new Map(names.map((name) => [name, getHeader(requestHeaders, name)]));
}

/** Reports whether a request with these headers selects the response. @see https://httpwg.org/specs/rfc9111.html#caching.negotiated.responses */
export function isSelectedBy(requestHeaders: HeaderList, { selecting }: StoredHead): boolean {
  if (selecting === null) return false;
  for (const [name, value] of selecting) if (getHeader(requestHeaders, name) !== value) return false;
  return true;
}

/** @see https://httpwg.org/specs/rfc9110.html#overview.of.status.codes */
const heuristicallyCacheableStatuses: readonly number[] = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501];

/** Reports whether the response may be stored. @see https://httpwg.org/specs/rfc9111.html#response.cacheability */
export function isStorable({ status, freshness }: StoredHead): boolean {
  return freshness === null ? heuristicallyCacheableStatuses.includes(status) : freshness.storable();
}

/** Reports whether the response may be given out without asking the server. */
export function isFresh({ status, headers, freshness }: StoredHead, rules: HttpCacheRules): boolean {
  if (freshness !== null && !freshness.stale()) return true;
  if (!rules.implicitlyFreshStatuses.includes(status) || containsHeader(headers, "expires")) return false;
  return !/max-age|no-cache|no-store|must-revalidate/i.test(getHeader(headers, "cache-control") ?? "");
}

/**
 * Reports whether the response may be given out although it is stale, if it is validated at the same time.
 *
 * @see https://httpwg.org/specs/rfc5861.html#n-the-stale-while-revalidate-cache-control-extension
 */
export function isUsableWhileRevalidating({ headers, freshness }: StoredHead): boolean {
  const cacheControl = getHeader(headers, "cache-control") ?? "";
  const seconds = Number(/(?:^|[\s,])stale-while-revalidate="?(\d+)/i.exec(cacheControl)?.[1] ?? 0);
  if (freshness === null || seconds === 0 || /no-cache|must-revalidate/i.test(cacheControl)) return false;
  return freshness.age() < freshness.maxAge() + seconds;
}

/** The headers that make a request conditional; only the entity tag if another variant was asked for. */
export function validatorsOf({ headers }: StoredHead, isSelected: boolean): readonly Header[] {
  const validators: Header[] = [];
  const etag = getHeader(headers, "etag");
  if (etag !== null) validators.push(["If-None-Match", etag]);
  const lastModified = isSelected ? getHeader(headers, "last-modified") : null;
  if (lastModified !== null) validators.push(["If-Modified-Since", lastModified]);
  return validators;
}

/** Headers that belong to the body that was stored, or to the connection, and that a 304 does not change. */
const keptNames = new Set(
  `connection content-encoding content-length content-range content-type keep-alive proxy-authenticate
   proxy-authentication-info proxy-connection te trailer transfer-encoding upgrade`.split(/\s+/),
);

/**
 * The stored headers with those of a 304 response in place of their namesakes.
 *
 * @see https://httpwg.org/specs/rfc9111.html#update
 */
export function freshened(stored: HeaderList, notModified: HeaderList): HeaderList {
  const updates = notModified.filter(([name]) => !keptNames.has(byteLowercase(name)));
  const names = new Set(updates.map(([name]) => byteLowercase(name)));
  return [...stored.filter(([name]) => !names.has(byteLowercase(name))), ...updates];
}
