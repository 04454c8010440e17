import { errors } from "undici";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { AttemptFailure } from "../retry/decide-retry.ts";

/** Why an attempt failed: what decides about a second one, and what the client is told. */
export interface UpstreamFailure {
  readonly kind: AttemptFailure;
  readonly error: GatewayError;
}

/** How far an attempt had come when it failed. */
export interface AttemptProgress {
  /** Whether the request went to a connection. */
  readonly wasSent: boolean;
  /** Whether the head of a final response had come. */
  readonly hasStarted: boolean;
}

/** Makes what undici reports, and what a connector or the request's own content failed with, one of the gateway's errors. */
export function upstreamFailure(cause: Error, progress: AttemptProgress): UpstreamFailure {
  if (cause instanceof GatewayError) return { kind: "final", error: cause };
  if (progress.hasStarted) {
    const stopped = cause instanceof errors.BodyTimeoutError;
    const error = stopped
      ? new GatewayError("upstream-timeout", "The upstream stopped in the middle of its response.", { cause })
      : new GatewayError("upstream-cut-short", "The upstream's response was cut short.", { cause });
    return { kind: "final", error };
  }
  if (isRequestFault(cause)) {
    return { kind: "final", error: new GatewayError("request-invalid", "The request cannot be forwarded.", { cause }) };
  }
  if (cause instanceof errors.ConnectTimeoutError || cause instanceof errors.HeadersTimeoutError || isTimeout(cause)) {
    const message = progress.wasSent
      ? "The upstream did not answer in time."
      : "The upstream could not be connected to in time.";
    return { kind: "timeout", error: new GatewayError("upstream-timeout", message, { cause }) };
  }
  if (!progress.wasSent) {
    return {
      kind: "unreachable",
      error: new GatewayError("upstream-unreachable", "The upstream could not be connected to.", { cause }),
    };
  }
  if (isProtocolFault(cause)) return { kind: "invalid", error: invalidResponse(cause) };
  return {
    kind: "closed",
    error: new GatewayError("upstream-cut-short", "The upstream closed the connection without an answer.", { cause }),
  };
}

/** The error of an answer that is not HTTP, or that no client could be given. */
export function invalidResponse(cause: unknown): GatewayError {
  return new GatewayError("upstream-response-invalid", "The upstream's response is not valid HTTP.", { cause });
}

function isRequestFault(error: Error): boolean {
  return (
    error instanceof errors.InvalidArgumentError ||
    error instanceof errors.NotSupportedError ||
    error instanceof errors.RequestContentLengthMismatchError
  );
}

function isTimeout(error: NodeJS.ErrnoException): boolean {
  return error.code === "ETIMEDOUT";
}

/** undici has no class for interim answers that it takes for misbehaviour, only these two messages. */
function isProtocolFault(error: Error): boolean {
  return (
    error instanceof errors.HTTPParserError ||
    error instanceof errors.HeadersOverflowError ||
    error instanceof errors.ResponseContentLengthMismatchError ||
    (error instanceof errors.SocketError && (error.message === "bad response" || error.message === "bad upgrade"))
  );
}
