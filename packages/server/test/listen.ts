import { once } from "node:events";
import type { Server } from "node:http";
import type { Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import type { RunningServer } from "./application.ts";

/** Lets a server listen on a port of its own. */
export async function listen(server: Server | Http2Server): Promise<RunningServer> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
    },
  };
}
