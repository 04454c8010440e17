import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

/**
 * Ends a connection of HTTP/2 that is of no more use: one without requests, and one whose client does not answer a ping
 * while responses are under way. Node itself would keep a connection whose client is gone for ever once the protocol was
 * broken on it, since it stops to read there.
 *
 * @param idleTime milliseconds without any sign of the client before it is asked
 * @param lingerTime milliseconds for the goodbye to arrive
 */
export function watchSession(session: ServerHttp2Session, socket: Socket, idleTime: number, lingerTime: number): void {
  let streams = 0;
  let isAsked = false;
  session.on("stream", (stream) => {
    streams += 1;
    stream.on("close", () => {
      streams -= 1;
    });
  });
  session.on("error", () => session.destroy());
  session.on("timeout", () => {
    if (streams === 0 && !session.closed) {
      session.close();
      session.setTimeout(lingerTime);
    } else if (streams === 0 || isAsked || !session.ping(answered)) {
      session.destroy();
    } else {
      isAsked = true;
      session.setTimeout(idleTime);
    }
  });
  session.setTimeout(idleTime);

  // A session that is over waits for the client to say goodbye, for ever if need be.
  socket.once("finish", () => socket.setTimeout(lingerTime));
  socket.on("timeout", () => {
    if (session.destroyed) socket.destroy();
    else socket.setTimeout(idleTime);
  });
  socket.setTimeout(idleTime);

  function answered(): void {
    isAsked = false;
  }
}
