import type { Readable } from "node:stream";
import { GatewayError } from "../exchange/gateway-error.ts";

/**
 * Reads a request's content whole, so that it can be sent twice.
 *
 * @param done gets the content, or what it failed with: an error when it ended early
 */
export function keepContent(body: Readable, done: (error: GatewayError | null, content: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let isDone = false;
  function finish(error: Error | null): void {
    if (isDone) return;
    isDone = true;
    if (error === null) done(null, Buffer.concat(chunks));
    else done(error instanceof GatewayError ? error : endedEarly(error), Buffer.alloc(0));
  }
  body.on("data", (chunk: Buffer) => chunks.push(chunk));
  body.on("end", () => finish(null));
  body.on("error", finish);
  body.on("close", () => finish(endedEarly()));
}

function endedEarly(cause?: Error): GatewayError {
  return new GatewayError("request-invalid", "The request's content ended early.", { cause });
}
