import { extractMimeType, serializeMimeType } from "@corsac/protocol";
import type { Body } from "./body.ts";
import { type Headers, headerListOf } from "./headers.ts";
import { defineInterface } from "./webidl.ts";

/**
 * What `Request` and `Response` have in common: a body that can be read once.
 *
 * @see https://fetch.spec.whatwg.org/#body-mixin
 */
export abstract class BodyMixin {
  readonly #body: Body | null;
  readonly #headers: Headers;

  constructor(body: Body | null, headers: Headers) {
    this.#body = body;
    this.#headers = headers;
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#body === null ? null : this.#body.stream;
  }

  get bodyUsed(): boolean {
    return this.#body?.isDisturbed ?? false;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.#ownBytes()).buffer;
  }

  async blob(): Promise<Blob> {
    const bytes = await this.#consume();
    const type = extractMimeType(headerListOf(this.#headers));
    return new Blob([bytes], type === null ? {} : { type: serializeMimeType(type) });
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ownBytes();
  }

  async formData(): Promise<FormData> {
    const bytes = await this.#consume();
    // Node's own Response knows how to parse forms, and its FormData is the one that users have.
    const type = this.#headers.get("content-type");
    return new globalThis.Response(bytes, type === null ? {} : { headers: { "content-type": type } }).formData();
  }

  async json(): Promise<unknown> {
    return JSON.parse(decodeUtf8(await this.#consume()));
  }

  async text(): Promise<string> {
    return decodeUtf8(await this.#consume());
  }

  textStream(): ReadableStream<string> {
    if (this.#body === null) return new ReadableStream({ start: (controller) => controller.close() });
    const decoder = new TextDecoderStream();
    void this.#usable(this.#body)
      .stream.pipeTo(decoder.writable)
      .catch(() => {});
    return decoder.readable;
  }

  /** @see https://fetch.spec.whatwg.org/#concept-body-consume-body */
  #consume(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#body === null) return Promise.resolve(new Uint8Array(0));
    return this.#usable(this.#body).bytes();
  }

  #usable(body: Body): Body {
    if (body.isUnusable) throw new TypeError("The body has been read already, or its stream is locked");
    return body;
  }

  /** Bytes that nobody else sees, alone in their buffer. */
  async #ownBytes(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#consume();
    const isShared = this.#body !== null && this.#body.source !== null;
    const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.constructor === Uint8Array;
    return isShared || !isWhole ? new Uint8Array(bytes) : bytes;
  }
}

defineInterface("Body", BodyMixin);

const utf8 = new TextDecoder();

/** UTF-8 decode: a byte order mark is dropped. @see https://encoding.spec.whatwg.org/#utf-8-decode */
function decodeUtf8(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}
