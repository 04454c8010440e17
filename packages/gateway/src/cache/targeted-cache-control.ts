import { parseDictionary } from "structured-headers";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { CacheDirectives } from "./cache-directives.ts";

const numeric: ReadonlySet<string> = new Set(["max-age", "s-maxage", "stale-if-error", "stale-while-revalidate"]);

/**
 * Returns the directives of `CDN-Cache-Control`, which count instead of `Cache-Control` and `Expires`; null when the
 * field is absent, empty or malformed, and so when a directive has a value of the wrong type.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9213#section-2.1
 */
export function targetedCacheDirectives(headers: HeaderFields): CacheDirectives | null {
  const value = fieldValue(headers, "cdn-cache-control");
  if (value === null) return null;
  const directives = new Map<string, string | null>();
  try {
    for (const [name, [item]] of parseDictionary(value)) {
      if (numeric.has(name) && !(typeof item === "number" && Number.isInteger(item) && item >= 0)) return null;
      if (item !== false) directives.set(name, item === true ? null : String(item));
    }
  } catch {
    return null;
  }
  return directives.size === 0 ? null : directives;
}
