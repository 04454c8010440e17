import { isByteCaseInsensitiveMatch } from "../header/bytes.ts";
import { getDecodeAndSplit, type HeaderList } from "../header/header-list.ts";
import { extractMimeType, isJavaScriptMimeType, mimeTypeEssence } from "../header/mime-type.ts";
import type { Destination } from "../request/request.ts";
import { isScriptLike } from "../request/script-like.ts";

/**
 * Reports whether `X-Content-Type-Options: nosniff` makes the `Content-Type` binding. Only the first value counts.
 *
 * @see https://fetch.spec.whatwg.org/#determine-nosniff
 */
export function determineNosniff(headers: HeaderList): boolean {
  const first = getDecodeAndSplit(headers, "x-content-type-options")?.[0];
  return first !== undefined && isByteCaseInsensitiveMatch(first, "nosniff");
}

/**
 * Reports whether a script or a style sheet is refused because the server forbids sniffing and the type is another.
 *
 * @see https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?
 */
export function shouldBlockDueToNosniff(headers: HeaderList, destination: Destination): boolean {
  if (!determineNosniff(headers)) return false;
  const mimeType = extractMimeType(headers);
  if (isScriptLike(destination)) return mimeType === null || !isJavaScriptMimeType(mimeType);
  if (destination === "style") return mimeType === null || mimeTypeEssence(mimeType) !== "text/css";
  return false;
}
