import type { Handler } from "../exchange/response-sink.ts";
import type { CacheStore } from "./cache-store.ts";

/** How a route caches. */
export interface CacheStageOptions {
  readonly store: CacheStore;
  /** The time in milliseconds since 1970. */
  readonly clock: () => number;
  /** Tells the keys of this route's upstream from those of others on the same store. */
  readonly scope: string;
  /** Where the upstream is; its path stands for `prefix` in paths of the gateway. */
  readonly upstream: URL;
  /** The part of the gateway's paths that the upstream's path stands for, with a slash at its end. */
  readonly prefix: string;
  /** The longest response content that is kept, in bytes. */
  readonly maxEntryBytes: number;
  /** How long a request waits for the same one under way before it goes out itself, in seconds. */
  readonly maxWait: number;
  /** Whether the upstream sees the client's `Origin`, so that its answer can depend on it. */
  readonly forwardOrigin: boolean;
  /** Whether the gateway's policy writes the CORS fields; those of the upstream are then not stored. */
  readonly ownsCors: boolean;
  /** Is told of each failure of the store, which then counts as empty. */
  readonly onStoreError: (error: unknown) => void;
}

/**
 * Makes a handler that answers from a shared cache where it may, and forwards by `handler` otherwise.
 *
 * @see https://httpwg.org/specs/rfc9111.html
 */
export function withCache(handler: Handler, _options: CacheStageOptions): Handler {
  return (request, sink) => handler(request, sink);
}
