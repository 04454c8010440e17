import { methodOverrideHeaderNames } from "@corsac/protocol";
import type { HeaderFields } from "./header-fields.ts";

/**
 * Reports whether a request asks the upstream to take it for one with another method, as with `X-HTTP-Method-Override`.
 * What it does is then unknown, and so is every promise of its own method: it is not safe, not idempotent and not cacheable.
 * It does not become any of these either, whatever method it names: the upstream may not look.
 */
export function overridesMethod(headers: HeaderFields): boolean {
  for (const name of methodOverrideHeaderNames) if (name in headers) return true;
  return false;
}
