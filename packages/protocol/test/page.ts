import { originOf } from "../src/origin/origin.ts";
import type { Client } from "../src/request/request.ts";

/** A suffix list of three: example, co.example and localhost. */
export function registrableDomain(host: string): string | null {
  const labels = host.split(".");
  const suffixLength = host.endsWith(".co.example") || host === "co.example" ? 2 : 1;
  if (!/^(example|localhost)$/.test(labels.at(-1) ?? "") || labels.length <= suffixLength) return null;
  return labels.slice(-suffixLength - 1).join(".");
}

/** A page in the address bar, with the defaults of a document without headers. */
export function pageClient(url: string, init: Partial<Client> = {}): Client {
  const creationUrl = new URL(url);
  const origin = init.origin ?? originOf(creationUrl);
  return {
    creationUrl,
    origin,
    topLevelOrigin: origin,
    embedderOrigin: null,
    referrerPolicy: "strict-origin-when-cross-origin",
    embedderPolicy: "unsafe-none",
    hasCrossSiteAncestor: false,
    ...init,
  };
}
