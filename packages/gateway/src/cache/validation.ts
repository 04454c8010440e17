import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { StoredResponse } from "./cache-store.ts";
import { withoutConditions } from "./conditional-request.ts";

/** Fields that a 304 does not change: they describe the content that is stored, or are for the one who asked. */
const neverFreshened: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-length",
  "content-range",
  "set-cookie",
]);

/**
 * Returns the fields of a request that asks whether something stored still holds: in place of the client's preconditions
 * the entity tags of all variants, any of which the upstream may choose, and the date of the one selected.
 *
 * @returns null when nothing stored can be validated
 * @see https://httpwg.org/specs/rfc9111.html#validation.sent
 */
export function validationHeaders(
  request: HeaderFields,
  selected: StoredResponse | null,
  variants: readonly StoredResponse[],
): HeaderFields | null {
  const tags = new Set<string>();
  for (const response of selected === null ? variants : [selected, ...variants]) {
    const tag = fieldValue(response.headers, "etag");
    // Another variant is only taken for an answer if it is named beyond doubt, and a weak tag names a meaning.
    if (tag !== null && (response === selected || tag.startsWith('"'))) tags.add(tag);
  }
  const lastModified = selected === null ? null : fieldValue(selected.headers, "last-modified");
  if (tags.size === 0 && lastModified === null) return null;
  const headers = withoutConditions(request);
  if (tags.size > 0) headers["if-none-match"] = [...tags].join(", ");
  if (lastModified !== null) headers["if-modified-since"] = lastModified;
  return headers;
}

/**
 * Returns the stored response that a 304 is about: the one with its entity tag; without a tag, the one selected. Null
 * when it is about none, so that the upstream has to be asked for the whole.
 *
 * @see https://httpwg.org/specs/rfc9111.html#freshening.responses
 */
export function validatedResponse(
  notModified: HeaderFields,
  selected: StoredResponse | null,
  variants: readonly StoredResponse[],
): StoredResponse | null {
  const tag = fieldValue(notModified, "etag");
  if (tag === null) return selected;
  if (selected !== null && sameTag(tag, fieldValue(selected.headers, "etag"))) return selected;
  return tag.startsWith('"') ? (variants.find(({ headers }) => fieldValue(headers, "etag") === tag) ?? null) : null;
}

/**
 * Returns a stored response as the fields of a 304, or of a HEAD's response about the same content, change it.
 *
 * @param times of the request that was answered so, in milliseconds since 1970
 * @see https://httpwg.org/specs/rfc9111.html#update
 */
export function freshened(
  stored: StoredResponse,
  update: HeaderFields,
  times: { readonly requestTime: number; readonly responseTime: number },
): StoredResponse {
  const headers = { ...stored.headers };
  // Both are of the moment at which the response was passed on; the old ones would make the new response old.
  delete headers.age;
  if (!("date" in update)) headers.date = new Date(times.responseTime).toUTCString();
  for (const [name, value] of Object.entries(update)) {
    if (!neverFreshened.has(name)) headers[name] = value;
  }
  return { ...stored, headers, requestTime: times.requestTime, responseTime: times.responseTime };
}

/** Reports whether a HEAD's response is about the content that is stored. @see https://httpwg.org/specs/rfc9111.html#head.effects */
export function describesStored(head: HeaderFields, stored: StoredResponse): boolean {
  return ["etag", "last-modified", "content-length"].every((name) => {
    const value = fieldValue(head, name);
    return value === null || value === (fieldValue(stored.headers, name) ?? value);
  });
}

/** The upstream may have found a tag the same although one of both is weak: it compared weakly, as it should. */
function sameTag(tag: string, stored: string | null): boolean {
  return stored !== null && tag.replace(/^W\//, "") === stored.replace(/^W\//, "");
}
