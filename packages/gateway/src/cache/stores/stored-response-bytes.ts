import type { StoredResponse } from "../cache-store.ts";
import { CacheStoreError } from "./cache-store-error.ts";

/** Changes when the bytes mean something else than before. */
const version = 1;
/** The version, and the length of the part in JSON. */
const prefixLength = 5;

/** Writes a response as stores outside this process keep it: the content stays as it is, what is before it is JSON. */
export function serializeStoredResponse({ body, ...rest }: StoredResponse): Buffer {
  const text = Buffer.from(JSON.stringify(rest));
  const prefix = Buffer.alloc(prefixLength);
  prefix.writeUInt8(version);
  prefix.writeUInt32BE(text.byteLength, 1);
  return Buffer.concat([prefix, text, body]);
}

/**
 * Reads what {@link serializeStoredResponse} wrote.
 *
 * @throws {CacheStoreError} `entry-invalid` for anything else
 */
export function parseStoredResponse(content: Uint8Array): StoredResponse {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  try {
    if (bytes.readUInt8() !== version) throw new TypeError(`The version is ${bytes.readUInt8()}.`);
    const end = prefixLength + bytes.readUInt32BE(1);
    if (end > bytes.byteLength) throw new RangeError("The part in JSON is cut short.");
    const rest = JSON.parse(bytes.toString("utf8", prefixLength, end)) as Omit<StoredResponse, "body">;
    return { ...rest, body: bytes.subarray(end) };
  } catch (cause) {
    throw new CacheStoreError("entry-invalid", "The store holds a response that this gateway cannot read.", { cause });
  }
}
