/**
 * What the specification of a method promises to clients and intermediaries.
 *
 * @see https://httpwg.org/specs/rfc9110.html#method.properties
 */
export interface MethodSemantics {
  /** The client asks for no change of state. @see https://httpwg.org/specs/rfc9110.html#safe.methods */
  readonly safe: boolean;
  /** Several requests have the effect of one. @see https://httpwg.org/specs/rfc9110.html#idempotent.methods */
  readonly idempotent: boolean;
  /** A cache may answer from what it stored. @see https://httpwg.org/specs/rfc9110.html#cacheable.methods */
  readonly cacheable: boolean;
  /** Where the method is specified. */
  readonly reference: string;
}

function safe(reference: string): MethodSemantics {
  return { safe: true, idempotent: true, cacheable: false, reference };
}

function idempotent(reference: string): MethodSemantics {
  return { safe: false, idempotent: true, cacheable: false, reference };
}

function unsafe(reference: string): MethodSemantics {
  return { safe: false, idempotent: false, cacheable: false, reference };
}

/**
 * The whole HTTP Method Registry. It has no column for caching: cacheable are the three methods that RFC 9110 names,
 * and QUERY by its own specification.
 *
 * @see https://www.iana.org/assignments/http-methods/http-methods.xhtml
 */
export const methodRegistry: ReadonlyMap<string, MethodSemantics> = new Map([
  ["ACL", idempotent("RFC 3744, 8.1")],
  ["BASELINE-CONTROL", idempotent("RFC 3253, 12.6")],
  ["BIND", idempotent("RFC 5842, 4")],
  ["CHECKIN", idempotent("RFC 3253, 9.4")],
  ["CHECKOUT", idempotent("RFC 3253, 8.8")],
  ["CONNECT", unsafe("RFC 9110, 9.3.6")],
  ["COPY", idempotent("RFC 4918, 9.8")],
  ["DELETE", idempotent("RFC 9110, 9.3.5")],
  ["GET", { ...safe("RFC 9110, 9.3.1"), cacheable: true }],
  ["HEAD", { ...safe("RFC 9110, 9.3.2"), cacheable: true }],
  ["LABEL", idempotent("RFC 3253, 8.2")],
  ["LINK", idempotent("RFC 2068, 19.6.1.2")],
  ["LOCK", unsafe("RFC 4918, 9.10")],
  ["MERGE", idempotent("RFC 3253, 11.2")],
  ["MKACTIVITY", idempotent("RFC 3253, 13.5")],
  ["MKCALENDAR", idempotent("RFC 4791, 5.3.1")],
  ["MKCOL", idempotent("RFC 4918, 9.3")],
  ["MKREDIRECTREF", idempotent("RFC 4437, 6")],
  ["MKWORKSPACE", idempotent("RFC 3253, 6.3")],
  ["MOVE", idempotent("RFC 4918, 9.9")],
  ["OPTIONS", safe("RFC 9110, 9.3.7")],
  ["ORDERPATCH", idempotent("RFC 3648, 7")],
  ["PATCH", unsafe("RFC 5789, 2")],
  ["POST", { ...unsafe("RFC 9110, 9.3.3"), cacheable: true }],
  ["PRI", safe("RFC 9113, 3.4")],
  ["PROPFIND", safe("RFC 4918, 9.1")],
  ["PROPPATCH", idempotent("RFC 4918, 9.2")],
  ["PUT", idempotent("RFC 9110, 9.3.4")],
  ["QUERY", { ...safe("RFC 10008, 2"), cacheable: true }],
  ["REBIND", idempotent("RFC 5842, 6")],
  ["REPORT", safe("RFC 3253, 3.6")],
  ["SEARCH", safe("RFC 5323, 2")],
  ["TRACE", safe("RFC 9110, 9.3.8")],
  ["UNBIND", idempotent("RFC 5842, 5")],
  ["UNCHECKOUT", idempotent("RFC 3253, 4.5")],
  ["UNLINK", idempotent("RFC 2068, 19.6.1.3")],
  ["UNLOCK", idempotent("RFC 4918, 9.11")],
  ["UPDATE", idempotent("RFC 3253, 7.1")],
  ["UPDATEREDIRECTREF", idempotent("RFC 4437, 7")],
  ["VERSION-CONTROL", idempotent("RFC 3253, 3.5")],
  // Reserved, so that it can stand for all methods, as in Access-Control-Allow-Methods.
  ["*", unsafe("RFC 9110, 18.2")],
]);

/**
 * Returns what the registry says about the method, `null` for one that is not registered. Methods are case-sensitive.
 *
 * @see https://www.iana.org/assignments/http-methods/http-methods.xhtml
 */
export function methodSemantics(method: string): MethodSemantics | null {
  return methodRegistry.get(method) ?? null;
}

/**
 * Reports whether the method is registered as safe. Nothing is known about a method that is not registered, so it is
 * not.
 *
 * @see https://httpwg.org/specs/rfc9110.html#safe.methods
 */
export function isSafeMethod(method: string): boolean {
  return methodRegistry.get(method)?.safe === true;
}

/**
 * Reports whether the method is registered as idempotent: whether a request without an answer may be repeated.
 *
 * @see https://httpwg.org/specs/rfc9110.html#idempotent.methods
 */
export function isIdempotentMethod(method: string): boolean {
  return methodRegistry.get(method)?.idempotent === true;
}

/**
 * Reports whether responses to the method may be stored and reused, if their headers allow it.
 *
 * @see https://httpwg.org/specs/rfc9110.html#cacheable.methods
 */
export function isCacheableMethod(method: string): boolean {
  return methodRegistry.get(method)?.cacheable === true;
}
