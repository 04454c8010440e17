/**
 * The header fields of one message as the gateway passes them on: names in lower case, a field of several lines as a
 * list. It belongs to the exchange that it is part of, and whoever handles the exchange may change it.
 */
export type HeaderFields = Record<string, string | string[]>;

/** The combined value of a field, its lines joined by a comma; null when it is absent. */
export function fieldValue(fields: HeaderFields, name: string): string | null {
  const value = fields[name];
  if (value === undefined) return null;
  return typeof value === "string" ? value : value.join(", ");
}

/**
 * Copies fields one by one. Of a spread the engine often makes an object with a shape of its own, and whatever is done
 * to that later takes several times as long.
 */
export function copyFields(fields: HeaderFields): HeaderFields {
  const copy: HeaderFields = {};
  for (const name in fields) copy[name] = fields[name] as string | string[];
  return copy;
}
