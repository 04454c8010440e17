import { Agent, createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createGateway } from "@corsac/gateway";
import cors from "cors";
import { createServer as createCorsAnywhere } from "cors-anywhere";
import { createProxyMiddleware } from "http-proxy-middleware";
import { createProxyServer } from "httpxy";
import { forwardByHand } from "./forward-by-hand.ts";
import { allowedOrigin } from "./load.ts";

/** Which proxy to be, before which API. They come as arguments of this process. */
const [name, upstream = ""] = process.argv.slice(2);

/** As published, but for connections that are kept: each would open a new one for every request. */
const agent = new Agent({ keepAlive: true });

const proxies: Readonly<Record<string, () => Promise<number>>> = {
  async corsac() {
    const gateway = createGateway({
      listen: { port: 0 },
      policy: { origins: [allowedOrigin], credentials: true },
      routes: [
        { path: "/cached/*", upstream: `${upstream}/cached/`, cache: true },
        { path: "/*", upstream },
      ],
    });
    return Number((await gateway.listen()).port);
  },
  "by hand": () => listen(createServer(forwardByHand(upstream))),
  "http-proxy-middleware"() {
    const forward = createProxyMiddleware({ target: upstream, changeOrigin: true, agent });
    return listen(createServer(withPolicy((request, response) => void forward(request, response))));
  },
  httpxy() {
    const proxy = createProxyServer({ target: upstream, changeOrigin: true, agent });
    return listen(createServer(withPolicy((request, response) => void proxy.web(request, response))));
  },
  "cors-anywhere": () => listen(createCorsAnywhere({ originWhitelist: [allowedOrigin] })),
};

function withPolicy(listener: RequestListener): RequestListener {
  const policy = cors({ origin: [allowedOrigin], credentials: true });
  return (request, response) => policy(request, response, () => listener(request, response));
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
}

process.send?.(await proxies[name as string]?.());
// The one that measures is gone.
process.on("disconnect", () => process.exit());
