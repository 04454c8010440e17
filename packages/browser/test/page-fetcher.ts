import {
  type Client,
  CorsPreflightCache,
  createRequest,
  mainFetch,
  type NetworkRequest,
  type NetworkResponse,
  originOf,
  profiles,
} from "@corsac/protocol";
import type { PageFetcher } from "../src/event-source/page-fetcher.ts";
import { registrableDomain } from "../src/site.ts";
import type { Routes } from "../src/transport/routes.ts";
import { Transport } from "../src/transport/transport.ts";

/** A page without cookies and caches: `mainFetch` over real sockets. */
export function pageFetcher(url: string, network: Routes | Transport = new Transport()): PageFetcher {
  const baseUrl = new URL(url);
  const origin = originOf(baseUrl);
  const client: Client = {
    origin,
    creationUrl: baseUrl,
    topLevelOrigin: origin,
    embedderOrigin: null,
    referrerPolicy: "strict-origin-when-cross-origin",
    embedderPolicy: "unsafe-none",
    hasCrossSiteAncestor: false,
  };
  const context = {
    preflightCache: new CorsPreflightCache({ now: Date.now }),
    registrableDomain,
    profile: profiles.standard,
  };
  return {
    baseUrl,
    closed: new AbortController().signal,
    async fetch(target, init, signal) {
      const fetching = mainFetch(createRequest(target, client, origin, init), context);
      const send = async (request: NetworkRequest): Promise<NetworkResponse> => {
        const notRouted = { kind: "network-error", reason: "dns", message: "no route" } as const;
        return (await network.send(request, request.headers, signal)) ?? notRouted;
      };
      let step = fetching.next();
      while (!step.done) step = fetching.next(await send(step.value));
      return step.value;
    },
  };
}
