import type { Beginning, IdempotencyStore, StoredResponse } from "./idempotency-store.ts";

/** Bounds of a store in memory. */
export interface MemoryStoreOptions {
  /** How many keys are remembered at most. Default 10000. */
  readonly maxKeys?: number;
  /** How many bytes the stored bodies may have together. Default 64 MiB. */
  readonly maxBytes?: number;
  /** The time in milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

interface Entry {
  readonly fingerprint: string;
  token: string;
  attempt: number;
  leaseEnd: number;
  expiry: number;
  response: StoredResponse | null;
}

/** Thrown when as many requests are under way as a store in memory can remember. */
export class MemoryStoreFullError extends Error {
  override readonly name = "MemoryStoreFullError";
}

/**
 * Makes a store in the memory of this process: for one process, and for as long as it lives. When it is full, the oldest
 * ones that are finished, or whose lease has run out, are forgotten first; those under way never are.
 */
export function createMemoryStore({
  maxKeys = 10_000,
  maxBytes = 67_108_864,
  now = Date.now,
}: MemoryStoreOptions = {}): IdempotencyStore {
  /** Finished ones in the order in which they were finished, since a finished one is put at the end. */
  const entries = new Map<string, Entry>();
  let bytes = 0;

  function remove(id: string, { response }: Entry): void {
    entries.delete(id);
    bytes -= sizeOf(response);
  }

  function holder(id: string, token: string): Entry | null {
    const entry = entries.get(id);
    return entry === undefined || entry.token !== token || entry.response !== null ? null : entry;
  }

  /** Forgets what is due, and then what is finished or given up, until there is room. */
  function makeRoom(time: number): void {
    for (const [id, entry] of entries) {
      const isFull = entries.size >= maxKeys || bytes > maxBytes;
      // Requests that never end, as when a client has gone away, must not keep the store full for as long as keys live.
      const isUnderWay = entry.response === null && entry.leaseEnd > time;
      if (entry.expiry > time && !(isFull && !isUnderWay)) {
        if (!isFull) return;
        continue;
      }
      remove(id, entry);
    }
    if (entries.size >= maxKeys) throw new MemoryStoreFullError(`${maxKeys} requests with a key are under way.`);
  }

  return {
    async begin(id, { fingerprint, token, lease, ttl }): Promise<Beginning> {
      const time = now();
      const found = entries.get(id);
      if (found !== undefined && found.expiry > time) {
        if (found.response !== null) {
          return { state: "completed", fingerprint: found.fingerprint, response: found.response };
        }
        if (found.leaseEnd > time || found.fingerprint !== fingerprint) {
          return { state: "running", fingerprint: found.fingerprint };
        }
        found.token = token;
        found.attempt += 1;
        found.leaseEnd = time + lease;
        found.expiry = time + ttl;
        return { state: "begun", attempt: found.attempt };
      }
      if (found !== undefined) remove(id, found);
      makeRoom(time);
      entries.set(id, { fingerprint, token, attempt: 1, leaseEnd: time + lease, expiry: time + ttl, response: null });
      return { state: "begun", attempt: 1 };
    },
    async renew(id, token, lease) {
      const entry = holder(id, token);
      if (entry === null) return false;
      entry.leaseEnd = now() + lease;
      return true;
    },
    async complete(id, token, response, ttl) {
      const entry = holder(id, token);
      if (entry === null) return false;
      entries.delete(id);
      entries.set(id, { ...entry, response, expiry: now() + ttl });
      bytes += sizeOf(response);
      return true;
    },
    async release(id, token) {
      const entry = holder(id, token);
      if (entry !== null) remove(id, entry);
    },
  };
}

function sizeOf(response: StoredResponse | null): number {
  return response?.body?.byteLength ?? 0;
}
