import type { StoredResponse } from "./stored-response.ts";

/** What an entry costs beyond its bytes: objects, keys, parsed directives. */
const overhead = 512;

/** Stored responses by key, bounded in bytes; the ones that were not used for the longest time make room. */
export class CacheStore {
  readonly #maxBytes: number;
  readonly #entries = new Map<string, { readonly response: StoredResponse; readonly size: number }>();
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes in use. */
  get size(): number {
    return this.#size;
  }

  get(key: string): StoredResponse | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.response;
  }

  put(key: string, response: StoredResponse): void {
    this.delete(key);
    const size = sizeOf(key, response);
    if (size > this.#maxBytes) return;
    this.#entries.set(key, { response, size });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#maxBytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#size -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#size = 0;
  }
}

function sizeOf(key: string, { body, headers }: StoredResponse): number {
  const headerBytes = headers.reduce((size, [name, value]) => size + name.length + value.length, 0);
  return overhead + key.length + headerBytes + (body?.byteLength ?? 0);
}
