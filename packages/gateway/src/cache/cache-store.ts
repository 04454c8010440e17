import type { HeaderFields } from "../exchange/header-fields.ts";

/** One response in a cache: what the upstream said, without the gateway's own fields, so that no CORS header is stored. */
export interface StoredResponse {
  /** Tells one stored response from another of the same cache key. */
  readonly id: string;
  /** The request fields that selected it, from `Vary`: lower-case names, normalized values, null for an absent field. */
  readonly selectedBy: readonly (readonly [name: string, value: string | null])[];
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderFields;
  readonly trailers: HeaderFields | null;
  readonly body: Uint8Array;
  /** When the request left and when the response's head came, in milliseconds since 1970. */
  readonly requestTime: number;
  readonly responseTime: number;
}

/** A store keeps this many variants of a key at most: with `Vary: User-Agent` there is no end to them. */
export const maxVariants = 32;

/** A turn to fetch a response which others wait for; it runs out by itself. */
export interface Lease {
  /** Lets those who wait go on. */
  release(): void;
}

/**
 * Where a cache keeps responses. Memory answers at once, others with promises; a store that fails is treated as empty by
 * the cache, which then only forwards. A key stands for a target (and the content of a QUERY), its responses for the
 * variants.
 */
export interface CacheStore {
  /** The responses under the key, the newest first. */
  get(key: string): readonly StoredResponse[] | Promise<readonly StoredResponse[]>;
  /**
   * Stores a response in the place of one with the same `id`, unless the key was invalidated since `generation` was
   * read: a response that was under way then may be the old state.
   *
   * @param lifetime seconds that it may be of use, stale use and validation included; after that it may be dropped
   */
  put(key: string, response: StoredResponse, lifetime: number, generation: number): void | Promise<void>;
  /** The number of times that the key was invalidated, as far as it matters to responses under way. */
  generation(key: string): number | Promise<number>;
  /** Drops all responses under the key. */
  invalidate(key: string): void | Promise<void>;
  /**
   * Takes the turn to fetch for a key among all gateways on this store; null when another has it, and `wait` then ends
   * when that one is done or the time is over. A store of a single gateway has neither: requests in one process are
   * coalesced without it.
   *
   * @param seconds after which the turn is over in any case
   */
  lease?(key: string, seconds: number): Promise<Lease | null>;
  wait?(key: string, seconds: number): Promise<void>;
  close(): void | Promise<void>;
}
