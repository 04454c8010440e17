/** Why the gateway itself answers instead of the upstream. Stable. */
export type GatewayErrorCode =
  | "cross-origin-refused"
  | "host-not-allowed"
  | "loop-detected"
  | "method-not-allowed"
  | "method-not-implemented"
  | "not-stored"
  | "request-headers-too-large"
  | "request-invalid"
  | "request-timeout"
  | "request-too-large"
  | "route-not-found"
  | "too-busy"
  | "too-many-requests"
  | "upgrade-refused"
  | "upstream-address-refused"
  | "upstream-cut-short"
  | "upstream-not-allowed"
  | "upstream-response-invalid"
  | "upstream-timeout"
  | "upstream-unreachable";

/** The status that each error is answered with; the guide explains each code. */
export const gatewayErrorStatuses: Readonly<Record<GatewayErrorCode, number>> = {
  "cross-origin-refused": 403,
  "host-not-allowed": 421,
  "loop-detected": 508,
  "method-not-allowed": 405,
  "method-not-implemented": 501,
  "not-stored": 504,
  "request-headers-too-large": 431,
  "request-invalid": 400,
  "request-timeout": 408,
  "request-too-large": 413,
  "route-not-found": 404,
  "too-busy": 503,
  "too-many-requests": 429,
  "upgrade-refused": 403,
  "upstream-address-refused": 502,
  "upstream-cut-short": 502,
  "upstream-not-allowed": 403,
  "upstream-response-invalid": 502,
  "upstream-timeout": 504,
  "upstream-unreachable": 502,
};

/** What else there is to say of a {@link GatewayError}. */
export interface GatewayErrorOptions {
  readonly cause?: unknown;
  readonly retryAfter?: number;
  readonly allow?: readonly string[];
}

/**
 * An exchange that the gateway ends by itself. The client is answered with its status and the code as problem details;
 * the message says what was wrong and what to change, without telling of the inside of the network.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: GatewayErrorCode;
  /** The status that the client gets. */
  readonly status: number;
  /** After how many seconds to ask again, if that is known. */
  readonly retryAfter: number | null;
  /** The methods to use instead, if that is what was wrong. */
  readonly allow: readonly string[] | null;

  constructor(code: GatewayErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.status = gatewayErrorStatuses[code];
    this.retryAfter = options.retryAfter ?? null;
    this.allow = options.allow ?? null;
  }
}
