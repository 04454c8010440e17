import { byteLowercase } from "../header/bytes.ts";
import { isCorsNonWildcardRequestHeaderName } from "../header/request-header.ts";
import type { PreflightRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import type { PreflightGrant } from "./cors-preflight.ts";

/** Under what a CORS-preflight cache keeps and finds an entry, and the credentials it was obtained with. */
export interface PreflightCacheKey {
  /** The network partition key: who is in the address bar. */
  readonly partition: string;
  /** The byte-serialized request origin. */
  readonly origin: string;
  /** The request's current URL, fragment included. */
  readonly url: string;
  /** Whether the credentials mode is include. */
  readonly credentials: boolean;
}

/** An entry: one allowed method, or one allowed header name. */
export interface PreflightCacheEntry {
  readonly credentials: boolean;
  readonly method: string | null;
  /** In lower case. */
  readonly headerName: string | null;
  /** When it ends, in milliseconds of the cache's clock. */
  readonly expires: number;
}

/** What a {@link CorsPreflightCache} needs to know of the world. */
export interface PreflightCacheOptions {
  /** Milliseconds since some fixed moment. */
  readonly now: () => number;
  /** How many URLs are kept at most; the oldest make room. */
  readonly maxUrls?: number;
}

/**
 * A CORS-preflight cache: which methods and header names a server has already allowed, so that they need not be asked
 * for again. Bounded in size; entries end with their max-age.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-cache
 */
export class CorsPreflightCache {
  readonly #now: () => number;
  readonly #maxUrls: number;
  readonly #entries = new Map<string, PreflightCacheEntry[]>();

  constructor({ now, maxUrls = 1000 }: PreflightCacheOptions) {
    this.#now = now;
    this.#maxUrls = maxUrls;
  }

  /** The number of URLs (per origin and partition) for which something is kept. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Reports whether there is a method cache entry match.
   *
   * @see https://fetch.spec.whatwg.org/#concept-cache-match-method
   */
  matchesMethod(key: PreflightCacheKey, method: string, rules: PreflightRules = standard.preflight): boolean {
    return this.#matching(key, rules).some((entry) => isMethodMatch(entry, method, key, rules));
  }

  /**
   * Reports whether there is a header-name cache entry match.
   *
   * @see https://fetch.spec.whatwg.org/#concept-cache-match-header
   */
  matchesHeaderName(key: PreflightCacheKey, name: string, rules: PreflightRules = standard.preflight): boolean {
    return this.#matching(key, rules).some((entry) => isHeaderNameMatch(entry, name, key, rules));
  }

  /**
   * Keeps what a CORS-preflight response grants: renews the entries that it repeats, creates the others.
   *
   * Differs: a grant shortens an entry that reaches further than itself (`*`, or one with credentials), but never
   * lengthens it. The standard's text would let `PUT` for two hours prolong a `*` that was given for five seconds, and
   * so allow what a fresh preflight refuses. No browser does.
   *
   * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch (steps 7.12 to 7.15)
   */
  store(key: PreflightCacheKey, grant: PreflightGrant, rules: PreflightRules = standard.preflight): void {
    if (grant.maxAge === null) return;
    if (grant.maxAge === 0 && !rules.zeroMaxAgeShortens) return;
    if (rules.oneResultPerUrl) this.clear(key);
    const expires = this.#now() + grant.maxAge * 1000;
    const id = idOf(key);
    let entries = (this.#entries.get(id) ?? []).filter((entry) => entry.expires > this.#now());
    const { credentials } = key;
    for (const method of grant.methods) {
      entries = renewed(
        entries,
        { credentials, method, headerName: null, expires },
        (entry) => isCredentialsMatch(entry, key, rules) && isMethodMatch(entry, method, key, rules),
      );
    }
    for (const headerName of grant.headerNames) {
      entries = renewed(
        entries,
        { credentials, method: null, headerName: byteLowercase(headerName), expires },
        (entry) => isCredentialsMatch(entry, key, rules) && isHeaderNameMatch(entry, headerName, key, rules),
      );
    }
    entries = entries.filter((entry) => entry.expires > this.#now());
    this.#entries.delete(id);
    if (entries.length === 0) return;
    this.#entries.set(id, entries);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxUrls) break;
      this.#entries.delete(oldest);
    }
  }

  /**
   * Clears the entries of one origin and URL.
   *
   * @see https://fetch.spec.whatwg.org/#concept-cache-clear
   */
  clear(key: PreflightCacheKey): void {
    this.#entries.delete(idOf(key));
  }

  /** Forgets everything. */
  clearAll(): void {
    this.#entries.clear();
  }

  /** The entries that are kept for `key`, expired ones left out: what an inspector shows. */
  entriesFor(key: PreflightCacheKey): readonly PreflightCacheEntry[] {
    const id = idOf(key);
    const entries = this.#entries.get(id);
    if (entries === undefined) return [];
    const now = this.#now();
    if (entries.every((entry) => entry.expires > now)) return entries;
    const current = entries.filter((entry) => entry.expires > now);
    if (current.length === 0) this.#entries.delete(id);
    else this.#entries.set(id, current);
    return current;
  }

  #matching(key: PreflightCacheKey, rules: PreflightRules): readonly PreflightCacheEntry[] {
    return this.entriesFor(key).filter((entry) => isCredentialsMatch(entry, key, rules));
  }
}

function idOf({ partition, origin, url }: PreflightCacheKey): string {
  return `${partition} ${origin} ${url}`;
}

function renewed(
  entries: readonly PreflightCacheEntry[],
  granted: PreflightCacheEntry,
  matches: (entry: PreflightCacheEntry) => boolean,
): PreflightCacheEntry[] {
  const { credentials, method, headerName, expires } = granted;
  const others = entries.filter(
    (entry) => entry.credentials !== credentials || entry.method !== method || entry.headerName !== headerName,
  );
  return [
    ...others.map((entry) => (entry.expires > expires && matches(entry) ? { ...entry, expires } : entry)),
    granted,
  ];
}

function isCredentialsMatch(entry: PreflightCacheEntry, key: PreflightCacheKey, rules: PreflightRules): boolean {
  return rules.separatesCredentials ? entry.credentials === key.credentials : entry.credentials || !key.credentials;
}

// Differs: for a request with credentials `*` is no wildcard here either, as in every browser; the standard's text
// would let a cached `*` allow what the preflight itself refuses.
function isMethodMatch(
  entry: PreflightCacheEntry,
  method: string,
  key: PreflightCacheKey,
  rules: PreflightRules,
): boolean {
  if (entry.method === method) return true;
  return entry.method === "*" && !rules.ignoresCachedWildcards && !key.credentials;
}

function isHeaderNameMatch(
  entry: PreflightCacheEntry,
  name: string,
  key: PreflightCacheKey,
  rules: PreflightRules,
): boolean {
  if (entry.headerName === null) return false;
  if (entry.headerName === byteLowercase(name)) return true;
  if (entry.headerName !== "*" || rules.ignoresCachedWildcards || key.credentials) return false;
  return rules.cachedWildcardCoversAuthorization || !isCorsNonWildcardRequestHeaderName(name);
}
