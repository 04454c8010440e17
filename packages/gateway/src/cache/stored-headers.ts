import { connectionFields } from "../exchange/connection-fields.ts";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import { namedFields } from "./cache-directives.ts";
import type { ResponseFacts } from "./response-facts.ts";

/** Fields for one connection or one proxy, as far as they get here, and those for one user. */
const neverStored: ReadonlySet<string> = new Set([
  ...connectionFields,
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "set-cookie",
  "te",
]);

/**
 * Returns the fields of a response that are kept. `no-cache` and `private` may name some that are not.
 *
 * @param ownsCors whether the gateway writes the CORS fields; those of the upstream were for one origin and are dropped
 * @see https://httpwg.org/specs/rfc9111.html#storing.fields
 */
export function storedHeaders(headers: HeaderFields, facts: ResponseFacts, ownsCors: boolean): HeaderFields {
  const left = new Set<string>();
  for (const name of ["no-cache", "private"]) {
    for (const field of namedFields(facts.directives, name) ?? []) left.add(field);
  }
  for (const field of (fieldValue(headers, "connection") ?? "").split(",")) left.add(field.trim().toLowerCase());
  const kept: HeaderFields = {};
  for (const [name, value] of Object.entries(headers)) {
    if (neverStored.has(name) || left.has(name)) continue;
    if (ownsCors && name.startsWith("access-control-")) continue;
    kept[name] = typeof value === "string" ? value : [...value];
  }
  return kept;
}
