import { splitHeaderValue } from "@corsac/protocol";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";

/** The request fields that selected a response: names in lower case, normalized values, null for an absent field. */
export type SelectingFields = readonly (readonly [name: string, value: string | null])[];

/** Lists in which neither case nor order means anything. */
const unordered: ReadonlySet<string> = new Set(["accept-charset", "accept-encoding", "accept-language"]);

/**
 * Returns the names in `Vary`, in lower case and alphabetical order; null when no request is ever like another (`*`).
 *
 * @param withOrigin whether `Origin` counts: not where the upstream never sees it
 * @see https://httpwg.org/specs/rfc9110.html#field.vary
 */
export function varyNames(headers: HeaderFields, withOrigin: boolean): readonly string[] | null {
  const value = fieldValue(headers, "vary");
  if (value === null) return [];
  const names = new Set<string>();
  for (const member of value.split(",")) {
    const name = member.trim().toLowerCase();
    if (name === "*") return null;
    if (name !== "" && (withOrigin || name !== "origin")) names.add(name);
  }
  return [...names].sort();
}

/** Returns what a request has in the named fields. */
export function selectingFields(names: readonly string[], request: HeaderFields): SelectingFields {
  return names.map((name) => [name, selectingValue(name, request)] as const);
}

/**
 * Reports whether a request has the same in the fields that selected a response, and so is answered by it.
 *
 * @see https://httpwg.org/specs/rfc9111.html#caching.negotiated.responses
 */
export function isSelected(fields: SelectingFields, request: HeaderFields): boolean {
  for (const [name, value] of fields) {
    if (selectingValue(name, request) !== value) return false;
  }
  return true;
}

/** Leaves out what makes no difference: whitespace around members, and in some lists their case and order. */
function selectingValue(name: string, request: HeaderFields): string | null {
  const value = fieldValue(request, name);
  if (value === null) return null;
  const isUnordered = unordered.has(name);
  if (!value.includes(",")) return isUnordered ? value.trim().toLowerCase() : value.trim();
  const members = splitHeaderValue(value);
  return isUnordered
    ? [...members]
        .map((member) => member.toLowerCase())
        .sort()
        .join(",")
    : members.join(",");
}
