export { type Idempotency, idempotencyOf } from "./idempotency-of.ts";
export type { IdempotencyKeyOptions } from "./idempotency-options.ts";
export {
  type Beginning,
  type BeginOptions,
  type IdempotencyStore,
  parseResponse,
  type StoredResponse,
  serializeResponse,
} from "./idempotency-store.ts";
export { createMemoryStore, MemoryStoreFullError, type MemoryStoreOptions } from "./memory-store.ts";
