import { createRequire } from "node:module";

const tldtsOptions = { allowPrivateDomains: true, extractHostname: false, validateHostname: false } as const;

// Loaded when first asked: the public suffix list takes longer to load than everything else here.
let tldts: typeof import("tldts") | undefined;

function publicSuffixList(): typeof import("tldts") {
  tldts ??= createRequire(import.meta.url)("tldts") as typeof import("tldts");
  return tldts;
}

/**
 * Finds the registrable domain of a host as `URL.hostname` gives it: `a.b.example.co.uk` has `example.co.uk`. Null for
 * an address, for a public suffix, and for a name of one label such as `localhost`. The private part of the public
 * suffix list counts (`github.io` is a suffix), and so does `localhost`: `shop.localhost` and `evil.localhost` are two
 * sites, as in every browser.
 *
 * @see https://url.spec.whatwg.org/#host-registrable-domain
 */
export function registrableDomain(host: string): string | null {
  if (!host.includes(".") || /^[\d.]+$/.test(host)) return null;
  return publicSuffixList().getDomain(host, tldtsOptions);
}
