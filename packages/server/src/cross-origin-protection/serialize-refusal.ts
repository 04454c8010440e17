import type { RefusedVerdict } from "./verdict.ts";

/**
 * Returns the refusal as the bytes of an HTTP/1.1 response that closes the connection, for where there is nothing but a
 * socket: the `upgrade` event of Node's servers.
 *
 * @example
 * server.on("upgrade", (request, socket, head) => {
 *   const verdict = protection.check(request);
 *   if (!verdict.ok) return socket.end(serializeRefusal(verdict));
 *   webSockets.handleUpgrade(request, socket, head, accept);
 * });
 */
export function serializeRefusal({ status, headers, body }: RefusedVerdict): string {
  const length = new TextEncoder().encode(body).length;
  const all = [...headers, ["content-length", String(length)], ["connection", "close"]] as const;
  return `HTTP/1.1 ${status} Forbidden\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}
