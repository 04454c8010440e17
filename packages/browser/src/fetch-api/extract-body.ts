import { isAnyArrayBuffer, isSharedArrayBuffer } from "node:util/types";
import { Body, blobBody, bytesBody } from "./body.ts";
import { encodeMultipart } from "./multipart.ts";
import { toDomString } from "./webidl.ts";

/** What a body can be made of. @see https://fetch.spec.whatwg.org/#bodyinit-unions */
export type BodyInit =
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | FormData
  | ReadableStream<Uint8Array>
  | URLSearchParams
  | string;

/** A body and the `Content-Type` that it suggests. @see https://fetch.spec.whatwg.org/#body-with-type */
export interface BodyWithType {
  readonly body: Body;
  readonly type: string | null;
}

/**
 * Converts a value to a `BodyInit`: what is none of its objects becomes a string.
 *
 * @throws {TypeError} for a symbol, and for a view on shared memory
 * @see https://webidl.spec.whatwg.org/#es-union
 */
export function toBodyInit(value: unknown): BodyInit {
  if (isBufferSource(value)) {
    if (ArrayBuffer.isView(value) && isSharedArrayBuffer(value.buffer)) {
      throw new TypeError("A body cannot be a view on shared memory");
    }
    return value;
  }
  const isObject =
    value instanceof ReadableStream ||
    value instanceof Blob ||
    value instanceof FormData ||
    value instanceof URLSearchParams;
  return isObject ? value : toDomString(value);
}

/**
 * Extracts a body with type.
 *
 * @throws {TypeError} for a stream that has been read or is locked, and for any stream if `keepalive` is set
 * @see https://fetch.spec.whatwg.org/#concept-bodyinit-extract
 */
export function extractBody(object: BodyInit, keepalive = false): BodyWithType {
  if (typeof object === "string") {
    return { body: bytesBody(new TextEncoder().encode(object)), type: "text/plain;charset=UTF-8" };
  }
  if (object instanceof Blob) return { body: blobBody(object), type: object.type || null };
  if (object instanceof URLSearchParams) {
    const bytes = new TextEncoder().encode(object.toString());
    return { body: bytesBody(bytes), type: "application/x-www-form-urlencoded;charset=UTF-8" };
  }
  if (object instanceof FormData) {
    const { body, type } = encodeMultipart(object);
    return { body: blobBody(body), type };
  }
  if (object instanceof ReadableStream) {
    if (keepalive) throw new TypeError("A request with keepalive cannot have a stream as body");
    const body = new Body(object as ReadableStream<Uint8Array<ArrayBuffer>>, null, null);
    if (body.isUnusable) throw new TypeError("The stream has been read from already, or is locked");
    return { body, type: null };
  }
  return { body: bytesBody(copyBytes(object)), type: null };
}

function isBufferSource(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return (isAnyArrayBuffer(value) && !isSharedArrayBuffer(value)) || ArrayBuffer.isView(value);
}

function copyBytes(source: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
  }
  return new Uint8Array(source.slice(0));
}
