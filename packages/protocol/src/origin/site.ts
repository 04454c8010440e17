import type { OpaqueOrigin, Origin } from "./origin.ts";

/**
 * Returns the registrable domain of a host: its public suffix and the label before it. `null` when there is none: an IP
 * address, a public suffix, `localhost`. The host is one that `URL` gave.
 *
 * @see https://url.spec.whatwg.org/#host-registrable-domain
 */
export type RegistrableDomain = (host: string) => string | null;

/**
 * A site: an opaque origin, or a scheme and a registrable domain (a whole host, if it has none).
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#site
 */
export type Site = OpaqueOrigin | { readonly kind: "scheme-and-host"; readonly scheme: string; readonly host: string };

/**
 * Returns the site that an origin belongs to.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site
 */
export function obtainSite(origin: Origin, registrableDomain: RegistrableDomain): Site {
  if (origin.kind === "opaque") return origin;
  return { kind: "scheme-and-host", scheme: origin.scheme, host: registrableDomain(origin.host) ?? origin.host };
}

/**
 * Returns the site as a string; `null` for an opaque one.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#serialization-of-a-site
 */
export function serializeSite(site: Site): string {
  return site.kind === "opaque" ? "null" : `${site.scheme}://${site.host}`;
}

/**
 * Reports whether two origins are same site whatever their schemes.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site
 */
export function isSchemelesslySameSite(a: Origin, b: Origin, registrableDomain: RegistrableDomain): boolean {
  if (a === b) return true;
  if (a.kind === "opaque" || b.kind === "opaque") return false;
  if (a.host === b.host) return true;
  const domain = registrableDomain(a.host);
  return domain !== null && domain === registrableDomain(b.host);
}

/**
 * Reports whether two origins are same site: one registrable domain, one scheme.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#same-site
 */
export function isSameSite(a: Origin, b: Origin, registrableDomain: RegistrableDomain): boolean {
  if (a === b) return true;
  if (a.kind === "opaque" || b.kind === "opaque" || a.scheme !== b.scheme) return false;
  return isSchemelesslySameSite(a, b, registrableDomain);
}
