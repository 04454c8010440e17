import { createGateway, type Gateway } from "@corsac/gateway";

/** Makes a gateway that caches and changes nothing else; CORS is the upstream's. */
export function cachingGateway(upstream: string): Gateway {
  return createGateway({
    ...{ upstream, policy: null, cache: true, retries: false, rewrite: false },
    listen: { port: 0 },
  });
}
