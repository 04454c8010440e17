import { createHash } from "node:crypto";

/**
 * Which of 65536 parts of all keys a key belongs to, whose invalidations are counted together. A count of its own for
 * each key would never end, and must not be forgotten while a response is under way; together with other keys it can
 * only keep a response from being stored.
 */
export function bucketOf(key: string): number {
  return createHash("sha256").update(key).digest().readUInt16BE();
}
