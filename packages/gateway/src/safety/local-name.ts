import { isIP } from "node:net";
import { specialPurposeOf } from "./special-purpose-address.ts";

/** Endings that are kept for names of one machine or one network, or that nobody can register. */
const localEndings: readonly string[] = ["localhost", "local", "internal", "home.arpa", "test"];

/**
 * Reports whether a host as `URL` writes it says by itself that it is not public: an address that is not, a name of one
 * label, or one that ends as names of one network do. Nothing is resolved: who wrote such a host meant it.
 *
 * @see https://www.iana.org/assignments/special-use-domain-names/
 */
export function isLocalName(hostname: string): boolean {
  const host = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  if (isIP(host) !== 0) return specialPurposeOf(host) !== null;
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  return !name.includes(".") || localEndings.some((ending) => name.endsWith(`.${ending}`));
}
