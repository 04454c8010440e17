import { getDomain } from "tldts";

const tldtsOptions = { allowPrivateDomains: true, extractHostname: false, validateHostname: false } as const;

/**
 * Finds the registrable domain of a host as `URL.hostname` gives it: `a.b.example.co.uk` has `example.co.uk`. Null for
 * an address, for a public suffix, and for a name of one label such as `localhost`. The private part of the public
 * suffix list counts (`github.io` is a suffix), and so does `localhost`: `shop.localhost` and `evil.localhost` are two
 * sites, as in every browser.
 *
 * @see https://url.spec.whatwg.org/#host-registrable-domain
 */
export function registrableDomain(host: string): string | null {
  return getDomain(host, tldtsOptions);
}
