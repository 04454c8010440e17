import type { FetchOutcome, FetchRequest } from "@corsac/protocol";

/** What `EventSource` and `WebSocket` ask of the page that they belong to. */
export interface PageFetcher {
  /** What relative URLs are resolved against. */
  readonly baseUrl: URL;
  /** Aborts when the browser closes its connections: those that live longer than a fetch end with it. */
  readonly closed: AbortSignal;
  /** Fetches as the page's client, with the given deviations from a plain request. Never rejects. */
  fetch(url: URL, init: Partial<FetchRequest>, signal: AbortSignal): Promise<FetchOutcome>;
}
