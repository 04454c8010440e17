import type { FetchOutcome, FetchRequest } from "@corsac/protocol";

/** What `EventSource` and `WebSocket` ask of the page that they belong to. */
export interface PageFetcher {
  /** What relative URLs are resolved against. */
  readonly baseUrl: URL;
  /** Fetches as the page's client, with the given deviations from a plain request. Never rejects. */
  fetch(url: URL, init: Partial<FetchRequest>, signal: AbortSignal): Promise<FetchOutcome>;
}
