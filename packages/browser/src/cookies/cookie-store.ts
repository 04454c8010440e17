import { registrableDomain } from "../site.ts";
import type { Cookie } from "./cookie.ts";
import { toughCookie } from "./tough-cookie.ts";

/** As Chromium and Firefox have it: a site that goes over the limit loses its least recently used cookies. */
const maxPerSite = 180;
const keptPerSite = 150;
const maxTotal = 3000;
const keptTotal = 2700;

/**
 * Keeps cookies by site. Name, domain, host-only flag, path and partition identify a cookie; one that replaces another
 * takes over its place and its creation time.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model
 */
export class CookieStore {
  /** The cookies of a site in order of creation. */
  readonly #sites = new Map<string, Cookie[]>();
  #size = 0;

  /** The number of cookies, expired ones included until somebody looks for them. */
  get size(): number {
    return this.#size;
  }

  /** Every cookie that has not expired, by site and creation. */
  all(now: number): Cookie[] {
    return [...this.#sites.keys()].flatMap((site) => this.#current(site, now));
  }

  /** The cookies that domain and path send to a host and path, oldest first. */
  matching(host: string, path: string, now: number): Cookie[] {
    return this.#current(siteOf(host), now).filter(
      (cookie) => isDomainMatch(host, cookie) && toughCookie().pathMatch(path, cookie.path),
    );
  }

  /** The cookies of a host's site, whatever their domain and path. */
  ofSite(host: string, now: number): readonly Cookie[] {
    return this.#current(siteOf(host), now);
  }

  /** Stores `cookie`, or removes the one that it replaces if it has expired already. */
  put(cookie: Cookie, now: number): void {
    const site = siteOf(cookie.domain);
    const cookies = this.#current(site, now);
    const index = cookies.findIndex((other) => isSameCookie(other, cookie));
    const hasExpired = isExpired(cookie, now);
    const replaced = cookies[index];
    if (replaced !== undefined) {
      if (hasExpired) this.#set(site, cookies.toSpliced(index, 1));
      else this.#set(site, cookies.with(index, { ...cookie, creation: replaced.creation }));
      return;
    }
    if (hasExpired) return;
    this.#set(site, evicted([...cookies, cookie], maxPerSite, keptPerSite));
    if (this.#size > maxTotal) this.#replaceAll(evicted(this.all(now), maxTotal, keptTotal));
  }

  clear(): void {
    this.#sites.clear();
    this.#size = 0;
  }

  #current(site: string, now: number): Cookie[] {
    const cookies = this.#sites.get(site) ?? [];
    if (!cookies.some((cookie) => isExpired(cookie, now))) return cookies;
    const current = cookies.filter((cookie) => !isExpired(cookie, now));
    this.#set(site, current);
    return current;
  }

  #set(site: string, cookies: Cookie[]): void {
    this.#size += cookies.length - (this.#sites.get(site)?.length ?? 0);
    if (cookies.length === 0) this.#sites.delete(site);
    else this.#sites.set(site, cookies);
  }

  #replaceAll(cookies: readonly Cookie[]): void {
    this.clear();
    for (const cookie of cookies) {
      const site = siteOf(cookie.domain);
      this.#set(site, [...(this.#sites.get(site) ?? []), cookie]);
    }
  }
}

function siteOf(host: string): string {
  return registrableDomain(host) ?? host;
}

function isExpired({ expires }: Cookie, now: number): boolean {
  return expires !== null && expires <= now;
}

function isSameCookie(a: Cookie, b: Cookie): boolean {
  return (
    a.name === b.name &&
    a.domain === b.domain &&
    a.hostOnly === b.hostOnly &&
    a.path === b.path &&
    a.partition === b.partition
  );
}

/** Within a site no host is an address, except that the host is the site and then equal to the domain. */
function isDomainMatch(host: string, { domain, hostOnly }: Cookie): boolean {
  return host === domain || (!hostOnly && host.endsWith(`.${domain}`));
}

/** The cookies without those to be evicted: first the ones that are not `Secure`, then the least recently used. */
function evicted(cookies: Cookie[], limit: number, kept: number): Cookie[] {
  if (cookies.length <= limit) return cookies;
  const byValue = cookies.toSorted((a, b) => Number(a.secure) - Number(b.secure) || a.lastAccess - b.lastAccess);
  const victims = new Set(byValue.slice(0, cookies.length - kept));
  return cookies.filter((cookie) => !victims.has(cookie));
}
