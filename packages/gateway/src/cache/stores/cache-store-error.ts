/** Why a store cannot be used. Stable. */
export type CacheStoreErrorCode = "entry-invalid" | "file-foreign" | "file-unusable" | "library-missing";

/** A cache store that cannot be opened, or holds what no gateway of this version wrote. */
export class CacheStoreError extends Error {
  override readonly name = "CacheStoreError";
  readonly code: CacheStoreErrorCode;

  constructor(code: CacheStoreErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}
