import type { CacheConfiguration } from "../configuration/gateway-configuration.ts";
import type { CacheStore } from "./cache-store.ts";
import { createMemoryCacheStore } from "./memory-store.ts";
import { openRedisCacheStore } from "./stores/redis-store.ts";
import { openSqliteCacheStore } from "./stores/sqlite-store.ts";

/**
 * The stores of a gateway, opened when a route first asks for them. Routes that name the same file, the same Redis or
 * memory of the same size share one, which outlives a change of the configuration.
 */
export class CacheStores {
  readonly #clock: () => number;
  readonly #stores = new Map<string, CacheStore>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** The store of a route's cache. */
  storeOf(cache: CacheConfiguration): CacheStore {
    if (cache.store.kind === "custom") return cache.store.store;
    const key = JSON.stringify([cache.store, cache.maxBytes]);
    let store = this.#stores.get(key);
    if (store === undefined) {
      store = this.#open(cache);
      this.#stores.set(key, store);
    }
    return store;
  }

  /** Closes what it opened; stores of the program's own are the program's. */
  async close(): Promise<void> {
    const stores = [...this.#stores.values()];
    this.#stores.clear();
    await Promise.all(stores.map((store) => store.close()));
  }

  #open({ store, maxBytes }: CacheConfiguration): CacheStore {
    switch (store.kind) {
      case "sqlite":
        return openSqliteCacheStore(store.file, { maxBytes, clock: this.#clock });
      case "redis":
        return openRedisCacheStore(store.url);
      default:
        return createMemoryCacheStore({ maxBytes, clock: this.#clock });
    }
  }
}
