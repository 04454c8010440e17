import type { NetworkRequest } from "@corsac/protocol";

/** A request as the core yields it, with what a transport looks at; the rest is that of a plain `fetch(url)`. */
export function networkRequest(url: string, init: Partial<NetworkRequest> = {}): NetworkRequest {
  return {
    kind: "actual",
    method: "GET",
    url: new URL(url),
    headers: [],
    body: null,
    includeCredentials: false,
    credentialsMode: "same-origin",
    cacheMode: "default",
    mode: "cors",
    destination: "",
    responseTainting: "basic",
    client: null,
    urlList: [new URL(url)],
    preflightReasons: [],
    preflight: "not-needed",
    ...init,
  } as NetworkRequest;
}
