/**
 * Tells whether an origin is allowed. It is only asked about serialized tuple origins. Everything but `true` denies,
 * and so do an exception, a rejection and silence.
 *
 * @param origin such as `https://app.example`
 * @param options.signal aborted when the answer comes too late to matter
 */
export type OriginResolver = (
  origin: string,
  options: { readonly signal: AbortSignal },
) => boolean | PromiseLike<boolean>;

/** How a resolver is used. */
export interface ResolverOptions {
  /** Milliseconds to wait for an answer, 1 to 60000. Default 2000. */
  readonly timeout?: number;
  /** Seconds for which an answer is kept, 0 to 86400. Default 60. */
  readonly cacheSeconds?: number;
  /** Answers to keep of each kind, allowed and denied; also how many questions may be open. 1 to 1000000. Default 1000. */
  readonly cacheSize?: number;
}
