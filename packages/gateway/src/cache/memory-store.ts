import { LRUCache } from "lru-cache";
import { type CacheStore, maxVariants, type StoredResponse } from "./cache-store.ts";

/** Bounds of a store in memory. */
export interface MemoryCacheStoreOptions {
  /** What all responses may take together, header fields included, in bytes; default 64 MiB. */
  readonly maxBytes?: number;
  /** The time in milliseconds since 1970; default `Date.now`. */
  readonly clock?: () => number;
}

/** A store that answers at once. */
export interface MemoryCacheStore extends CacheStore {
  get(key: string): readonly StoredResponse[];
  put(key: string, response: StoredResponse, lifetime: number, generation: number): void;
  generation(key: string): number;
  invalidate(key: string): void;
  close(): void;
}

interface Entry {
  /** The newest first. */
  readonly responses: readonly StoredResponse[];
  /** When each of them may be dropped, in milliseconds since 1970. */
  readonly ends: readonly number[];
  readonly bytes: number;
}

/** What a response and each of its fields take besides texts and content, as measured with Node 20. */
const overhead = 1024;
const fieldOverhead = 64;
const rememberedInvalidations = 16_384;

/**
 * Makes a cache store in the memory of this process, which answers at once. What was used longest ago goes first when it
 * is full.
 */
export function createMemoryCacheStore({
  maxBytes = 67_108_864,
  clock = Date.now,
}: MemoryCacheStoreOptions = {}): MemoryCacheStore {
  const entries = new LRUCache<string, Entry>({ maxSize: maxBytes, sizeCalculation: (entry) => entry.bytes });
  // Counts all invalidations; a key has the number of its last one. Of those forgotten it is only known that they were
  // not after `forgotten`: to take that for their number can only keep a response from being stored.
  const generations = new LRUCache<string, number>({
    max: rememberedInvalidations,
    dispose: (generation, _key, reason) => {
      if (reason === "evict") forgotten = Math.max(forgotten, generation);
    },
  });
  let forgotten = 0;
  let invalidations = 0;

  function generationOf(key: string): number {
    return generations.get(key) ?? forgotten;
  }

  return {
    get: (key) => entries.get(key)?.responses ?? none,
    put(key, response, lifetime, generation) {
      if (generationOf(key) !== generation) return;
      const now = clock();
      const responses = [response];
      const ends = [now + lifetime * 1000];
      const before = entries.peek(key);
      before?.responses.forEach((other, index) => {
        const end = before.ends[index] ?? 0;
        if (other.id === response.id || end <= now || responses.length === maxVariants) return;
        responses.push(other);
        ends.push(end);
      });
      const bytes = responses.reduce((sum, each) => sum + sizeOf(each), key.length * 2);
      entries.set(key, { responses, ends, bytes });
    },
    generation: generationOf,
    invalidate(key) {
      entries.delete(key);
      generations.set(key, ++invalidations);
    },
    close() {
      entries.clear();
    },
  };
}

const none: readonly StoredResponse[] = [];

function sizeOf({ body, headers, trailers, selectedBy, id }: StoredResponse): number {
  let bytes = overhead + body.byteLength + id.length;
  for (const fields of [headers, trailers ?? {}]) {
    for (const [name, value] of Object.entries(fields)) {
      bytes +=
        fieldOverhead +
        name.length +
        (typeof value === "string" ? value.length : value.reduce((sum, line) => sum + line.length, 0));
    }
  }
  for (const [name, value] of selectedBy) bytes += name.length + (value?.length ?? 0);
  return bytes;
}
