import type { RegistrableDomain } from "@corsac/protocol";
import { getDomain } from "tldts";

const tldtsOptions = { allowPrivateDomains: true, extractHostname: false, validateHostname: false } as const;

/**
 * Finds the registrable domain of a host by the public suffix list, its private part included (`github.io` is a
 * suffix). A name that is not in the list has the suffix of one label, as the list says.
 *
 * @see https://url.spec.whatwg.org/#host-registrable-domain
 */
export const registrableDomain: RegistrableDomain | null = (host) => getDomain(host, tldtsOptions);
