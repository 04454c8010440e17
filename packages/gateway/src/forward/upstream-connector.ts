import type { buildConnector } from "undici";

/**
 * Wraps a connector so that a connection which the upstream resets is always an error. undici takes a reset for the end
 * of a response that goes until the connection closes, and half a response would pass for a whole one; with such a
 * response paused it even throws where nobody can catch it. It knows resets by their code, so they get another.
 */
export function tellingResets(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...result) => {
      const [error, socket] = result;
      // undici listens after this one.
      if (error === null) socket.on("error", markReset);
      callback(...result);
    });
  };
}

/** What a reset connection is called instead of `ECONNRESET`. */
const resetCode = "UPSTREAM_RESET";

function markReset(error: NodeJS.ErrnoException): void {
  if (error.code === "ECONNRESET") error.code = resetCode;
}
