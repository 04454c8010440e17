import { isomorphicDecode } from "../header/bytes.ts";
import { parseMimeType, serializeMimeType } from "../header/mime-type.ts";

/** What a `data:` URL holds. */
export interface DataUrl {
  /** Serialized. */
  readonly mimeType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Processes a `data:` URL; `null` when it has no comma or its base64 does not decode.
 *
 * @see https://fetch.spec.whatwg.org/#data-url-processor
 */
export function dataUrlResponse(url: URL): DataUrl | null {
  const [withoutFragment = ""] = url.href.split("#", 1);
  const input = withoutFragment.slice("data:".length);
  const comma = input.indexOf(",");
  if (comma < 0) return null;
  const declared = input.slice(0, comma).replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "");
  const decoded = percentDecode(input.slice(comma + 1));
  const base64 = /; *base64$/i;
  const isBase64 = base64.test(declared);
  const bytes = isBase64 ? forgivingBase64Decode(decoded) : decoded;
  if (bytes === null) return null;
  const type = isBase64 ? declared.replace(base64, "") : declared;
  const parsed = parseMimeType(type.startsWith(";") ? `text/plain${type}` : type);
  return { mimeType: parsed === null ? "text/plain;charset=US-ASCII" : serializeMimeType(parsed), bytes };
}

/** @see https://url.spec.whatwg.org/#string-percent-decode */
function percentDecode(input: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (let index = 0; index < input.length; index += 1) {
    const hex = input.slice(index + 1, index + 3);
    if (input[index] === "%" && /^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      index += 2;
    } else {
      bytes.push(input.charCodeAt(index));
    }
  }
  return Uint8Array.from(bytes);
}

/** @see https://infra.spec.whatwg.org/#forgiving-base64-decode */
function forgivingBase64Decode(encoded: Uint8Array): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(isomorphicDecode(encoded)), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
