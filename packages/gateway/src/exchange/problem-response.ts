import { STATUS_CODES } from "node:http";
import { GatewayError } from "./gateway-error.ts";
import type { ResponseSink } from "./response-sink.ts";

/** A whole answer of the gateway itself. */
export interface ProblemResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Describes an error to the client as problem details. What is not a gateway error is one of the gateway's own faults:
 * the client is told nothing but that.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemResponse(error: Error): ProblemResponse {
  const known = error instanceof GatewayError;
  const status = known ? error.status : 500;
  const body = JSON.stringify({
    type: "about:blank",
    title: titles[status] ?? "Error",
    status,
    code: known ? error.code : "gateway-failed",
    detail: known ? error.message : "The gateway failed.",
  });
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "content-length": String(Buffer.byteLength(body)),
    "cache-control": "no-store",
  };
  if (known && error.retryAfter !== null) headers["retry-after"] = String(Math.max(0, Math.ceil(error.retryAfter)));
  if (known && error.allow !== null) headers.allow = error.allow.join(", ");
  return { status, headers, body };
}

/** Answers with an error as problem details; the content is left out for HEAD. */
export function sendProblem(sink: ResponseSink, method: string, error: Error): void {
  const { status, headers, body } = problemResponse(error);
  sink.start({ status, statusText: titles[status] ?? "", headers });
  if (method !== "HEAD") sink.write(Buffer.from(body));
  sink.end(null);
}

/** As RFC 9110 calls them; Node keeps an older one. */
const titles: Readonly<Record<number, string | undefined>> = { ...STATUS_CODES, 413: "Content Too Large" };
