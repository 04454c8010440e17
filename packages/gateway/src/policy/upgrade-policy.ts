import type { ProtectionVerdict } from "@corsac/server/cross-origin-protection";
import type { UpgradeHandler } from "../client/node-door.ts";
import { SocketSink } from "../forward/socket-sink.ts";
import { type CrossOriginRules, refuse, whenDecided } from "./policy-stage.ts";

/**
 * Applies cross-origin protection to upgrades: browsers let every page open a WebSocket to every server, cookies
 * included, and ask nobody. The upstream is told the origin in any case, since it may have rules of its own.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-10.2
 */
export function withUpgradePolicy(upgrade: UpgradeHandler, { protection }: CrossOriginRules): UpgradeHandler {
  if (protection === null) return upgrade;
  return (request, socket, head) => {
    const verdict = protection.check({
      method: request.method,
      // Doors hand over nothing else, and without the fields of the connection.
      headers: { ...request.headers, upgrade: "websocket" },
      url: request.target,
      isTls: request.scheme === "https",
    });
    const admit = (settled: ProtectionVerdict) => {
      if (settled.ok) upgrade(request, socket, head);
      else refuse(request, new SocketSink(socket), settled);
    };
    if (verdict instanceof Promise) whenDecided(verdict, new SocketSink(socket), admit);
    else admit(verdict);
  };
}
