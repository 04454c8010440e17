import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/**
 * Wraps a connector so that a connection which the upstream resets is always an error: half of a response that goes
 * until the connection closes would pass for a whole one.
 */
export function tellingResets(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error === null) watch(socket);
      callback(...result);
    });
  };
}

/** What a reset connection is called instead of `ECONNRESET`. */
const resetCode = "UPSTREAM_RESET";

function watch(socket: Socket): void {
  // undici takes a reset for the end of such a response, and throws where nobody can catch it if the response is paused.
  // It knows resets by their code, so they get another, before it listens.
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNRESET") error.code = resetCode;
  });
  // Node reports a reset that comes together with the last bytes as an ordinary end. A connection that the other side
  // has ended still has a peer; one that was reset has none.
  const { push } = socket;
  socket.push = (chunk, encoding) => {
    if (chunk !== null || socket.remoteAddress !== undefined) return push.call(socket, chunk, encoding);
    socket.destroy(Object.assign(new Error("The connection was reset."), { code: resetCode }));
    return false;
  };
}
