/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reports whether a value is an object, and neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const deepest = 30;

/**
 * Follows `$ref` inside a document, from one to the next. Members beside `$ref` win, as OpenAPI 3.1 has it for
 * summaries and JSON Schema 2020-12 for schemas. References to other documents lead to nothing: fetching what a document
 * names would let it choose whom corsac talks to. So nothing more than RFC 6901 is needed, and no library for it.
 *
 * @returns the object, or `null` when the reference leads to none
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
export function resolveReference(value: unknown, document: JsonObject, depth = 0): JsonObject | null {
  if (!isObject(value)) return null;
  const { $ref: reference, ...beside } = value;
  if (typeof reference !== "string") return value;
  // “#Book” is the anchor of a schema, which no pointer leads to.
  if (!/^#(?:\/|$)/.test(reference) || depth > deepest) return null;
  let found: unknown = document;
  for (const token of reference.slice(1).split("/").slice(1)) {
    const name = decodeToken(token);
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return null;
    found = (found as JsonObject)[name];
  }
  const target = resolveReference(found, document, depth + 1);
  return target === null ? null : { ...target, ...beside };
}

function decodeToken(token: string): string {
  return percentDecoded(token).replaceAll("~1", "/").replaceAll("~0", "~");
}

function percentDecoded(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
