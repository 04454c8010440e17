import type { Socket } from "node:net";

/**
 * Ends a connection whose client is still sending, in such a way that it can read the answer: if the socket were closed
 * while content arrives, the system would reset the connection, and the answer be lost. What arrives is thrown away.
 *
 * @param lingerTime milliseconds that the client gets to stop

 * @see https://httpwg.org/specs/rfc9112.html#persistent.tear-down
 */
export function lingeringClose(socket: Socket, lingerTime: number): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), lingerTime);
  socket.once("close", () => clearTimeout(timer));
  socket.once("end", () => {
    if (socket.writableFinished) socket.destroy();
    else socket.once("finish", () => socket.destroy());
  });
  socket.end();
  socket.resume();
}
