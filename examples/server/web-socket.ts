import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Browser } from "@corsac/browser";
import { createCrossOriginProtection, serializeRefusal } from "@corsac/server/cross-origin-protection";

const protection = createCrossOriginProtection({ trustedOrigins: ["https://shop.example"] });

const server = createServer();
server.on("upgrade", (request, socket) => {
  const verdict = protection.check(request);
  if (!verdict.ok) return socket.end(serializeRefusal(verdict));
  // Here a WebSocket library takes over.
  return socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
for (const origin of ["https://shop.example", "https://evil.example"]) {
  const page = new Browser().open(`${origin}/`);
  await once(page.webSocket(url), "error");
  const response = page.inspector.exchanges.at(-1)?.response;
  if (response?.kind === "response") console.log(origin, response.status, response.statusText);
}
server.close();
