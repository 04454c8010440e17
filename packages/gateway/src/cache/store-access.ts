import type { CacheStore, Lease, StoredResponse } from "./cache-store.ts";

const none: readonly StoredResponse[] = [];

/** A store whose failures are reported and otherwise look like an empty store. */
export class StoreAccess {
  readonly #store: CacheStore;
  readonly #onError: (error: unknown) => void;

  constructor(store: CacheStore, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  /** Whether several gateways share the store. */
  get hasLeases(): boolean {
    return this.#store.lease !== undefined;
  }

  get(key: string): readonly StoredResponse[] | Promise<readonly StoredResponse[]> {
    return this.#attempt(() => this.#store.get(key), none);
  }

  /** Null when it is not known, and so nothing can be stored. */
  generation(key: string): number | null | Promise<number | null> {
    return this.#attempt<number | null>(() => this.#store.generation(key), null);
  }

  put(key: string, response: StoredResponse, lifetime: number, generation: number): void | Promise<void> {
    return this.#attempt<void>(() => this.#store.put(key, response, lifetime, generation), undefined);
  }

  invalidate(key: string): void | Promise<void> {
    return this.#attempt<void>(() => this.#store.invalidate(key), undefined);
  }

  /** Null when another gateway has it; undefined when there is no telling. */
  lease(key: string, seconds: number): undefined | Promise<Lease | null | undefined> {
    return this.#attempt<Lease | null | undefined>(
      () => this.#store.lease?.(key, seconds),
      undefined,
    ) as Promise<Lease | null>;
  }

  wait(key: string, seconds: number): void | Promise<void> {
    return this.#attempt<void>(() => this.#store.wait?.(key, seconds), undefined);
  }

  #attempt<Result>(step: () => Result | Promise<Result>, otherwise: Result): Result | Promise<Result> {
    try {
      const result = step();
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        this.#onError(error);
        return otherwise;
      });
    } catch (error) {
      this.#onError(error);
      return otherwise;
    }
  }
}
