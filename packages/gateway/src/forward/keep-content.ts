import type { Readable } from "node:stream";

/**
 * Reads a request's content whole, so that it can be sent twice.
 *
 * @param done gets the content, or what it failed with: an error when it ended early
 */
export function keepContent(body: Readable, done: (error: Error | null, content: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let isDone = false;
  function finish(error: Error | null): void {
    if (isDone) return;
    isDone = true;
    done(error, error === null ? Buffer.concat(chunks) : Buffer.alloc(0));
  }
  body.on("data", (chunk: Buffer) => chunks.push(chunk));
  body.on("end", () => finish(null));
  body.on("error", finish);
  body.on("close", () => finish(new Error("The request's content ended early.")));
}
