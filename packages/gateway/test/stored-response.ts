import type { StoredResponse } from "../src/cache/cache-store.ts";

/** A response with content of bytes that no text has. */
export function storedResponse(members: Partial<StoredResponse> = {}): StoredResponse {
  return {
    id: "[]",
    selectedBy: [],
    status: 200,
    statusText: "OK",
    headers: { "content-type": "text/plain", link: ["</a>", "</b>"], "x-latin": "caf\u00e9" },
    trailers: null,
    body: new Uint8Array([0, 255, 10, 13, 226, 130, 172, 39]),
    requestTime: 1_700_000_000_000,
    responseTime: 1_700_000_000_250,
    ...members,
  };
}
