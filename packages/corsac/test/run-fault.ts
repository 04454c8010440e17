import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CheckReport, check } from "../src/index.ts";
import { type Fault, type Origins, pageOrigin } from "./fault.ts";

/** Runs a fault on real servers and checks it. */
export async function runFault(fault: Fault): Promise<{ readonly report: CheckReport; readonly origins: Origins }> {
  const servers: Server[] = [];
  const origins: { api: string; cdn: string } = { api: "http://127.0.0.1:40000", cdn: "http://127.0.0.1:50000" };
  for (const name of ["api", "cdn"] as const) {
    const handler = fault[name];
    if (handler === undefined) continue;
    const server = createServer((request, response) => handler(request, response, origins));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origins[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  try {
    const report = await check({ url: `${origins.api}/books`, origin: pageOrigin, ...fault.options(origins) });
    return { report, origins };
  } finally {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

/** A text with the ports of this run replaced by ports of the same length. */
export function withFixedPorts(text: string, { api, cdn }: Origins): string {
  const host = (origin: string) => new URL(origin).host;
  return text.replaceAll(host(api), "127.0.0.1:40000").replaceAll(host(cdn), "127.0.0.1:50000");
}
