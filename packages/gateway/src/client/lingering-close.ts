import type { Socket } from "node:net";

/** What a client that is not done sending is granted: a size in bytes and a time in milliseconds. */
export interface LingerLimits {
  readonly drainBytes: number;
  readonly lingerTime: number;
}

/**
 * Ends a connection whose client is still sending, in such a way that it can read the answer: if the socket were closed
 * while content arrives, the system would reset the connection, and the answer be lost. What arrives is thrown away.
 *
 * @see https://httpwg.org/specs/rfc9112.html#persistent.tear-down
 */
export function lingeringClose(socket: Socket, { drainBytes, lingerTime }: LingerLimits): void {
  if (socket.destroyed) return;
  let left = drainBytes;
  const timer = setTimeout(() => socket.destroy(), lingerTime);
  socket.once("close", () => clearTimeout(timer));
  socket.on("data", (chunk: Buffer) => {
    left -= chunk.byteLength;
    if (left < 0) socket.destroy();
  });
  socket.once("end", () => {
    if (socket.writableFinished) socket.destroy();
    else socket.once("finish", () => socket.destroy());
  });
  socket.end();
  socket.resume();
}
