import type { RegistrableDomain } from "@corsac/protocol";

/**
 * Stands in for the public suffix list in bundles made with the condition `corsac-no-suffix-list`. Such a bundle refuses
 * wildcards together with credentials, as if every host were a public suffix.
 */
export const registrableDomain: RegistrableDomain | null = null;
