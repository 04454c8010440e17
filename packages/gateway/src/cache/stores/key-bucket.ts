import { createHash } from "node:crypto";

/** How many keys a store tells apart when it counts invalidations. */
export const bucketCount = 65_536;

/**
 * The part of all keys that a key's invalidations are counted with. A count of its own for each key would never end, and
 * must not be forgotten while a response is under way; together with another key it can only keep one from being stored.
 */
export function bucketOf(key: string): number {
  return createHash("sha256").update(key).digest().readUInt16BE();
}
