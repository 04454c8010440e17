import type { HeaderList } from "../header/header-list.ts";
import { extractMimeType } from "../header/mime-type.ts";
import type { Destination } from "../request/request.ts";
import { isScriptLike } from "../request/script-like.ts";

/**
 * Reports whether a script is refused because its type says that it is something else: audio, image, video or CSV.
 *
 * @see https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
 */
export function shouldBlockDueToMimeType(headers: HeaderList, destination: Destination): boolean {
  if (!isScriptLike(destination)) return false;
  const mimeType = extractMimeType(headers);
  if (mimeType === null) return false;
  const { type, subtype } = mimeType;
  return type === "audio" || type === "image" || type === "video" || (type === "text" && subtype === "csv");
}
