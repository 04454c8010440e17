import type { Validators } from "./preconditions.ts";

/** The current state of a resource, as far as preconditions and caches are concerned. */
export interface CurrentState extends Validators {
  /**
   * Headers that go with every representation, also with the 304 that stands for one: `cache-control`, `vary`,
   * `expires`, `content-location`. Names in lower case.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Handlers by method, which is upper case as on the wire. `HEAD` comes from `GET`, and `OPTIONS` is answered. */
export type MethodHandlers<Handler> = Readonly<Partial<Record<Uppercase<string>, Handler>>>;

/** What `resource` takes besides the handlers. Everything may be left out. */
export interface ResourceOptions<Arguments extends readonly unknown[] = readonly never[]> {
  /**
   * Tells the current state: `{ etag, lastModified }`, or null while there is no such resource. It is asked before the
   * handler, with the same arguments; what it says goes with the responses to GET and HEAD, and conditional requests
   * are judged by it, so that a failed one never reaches a handler.
   *
   * In one process, unsafe requests for one target run one after another, each from this question to its response, so
   * that no update is lost in between. (POST waits only if it is conditional.) With several processes, the write itself
   * has to compare, as by `UPDATE … WHERE version = ?`, and throw `PreconditionFailedError` when nothing matched.
   */
  readonly validators?: (...given: Arguments) => CurrentState | null | PromiseLike<CurrentState | null>;
  /**
   * Answer 428 to unconditional requests by these methods; `true` stands for PUT, PATCH and DELETE. Needs `validators`.
   * Default false.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6585#section-3
   */
  readonly requireConditional?: boolean | readonly string[];
  /** Media types for PATCH, told in `Accept-Patch`. @see https://www.rfc-editor.org/rfc/rfc5789#section-3.1 */
  readonly acceptPatch?: readonly string[];
  /** Media types for QUERY, told in `Accept-Query`. @see https://www.rfc-editor.org/rfc/rfc10008 */
  readonly acceptQuery?: readonly string[];
  /** Log what `assertUnsafeMethod` would refuse, once for each route, and refuse nothing. Default false. */
  readonly reportOnly?: boolean;
}
