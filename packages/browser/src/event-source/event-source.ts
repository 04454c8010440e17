import { extractMimeType, type FetchOutcome, type HeaderList, mimeTypeEssence, type Problem } from "@corsac/protocol";
import type { BodySource } from "../body-source.ts";
import { EventStreamParser, type StreamedEvent } from "./event-stream-parser.ts";
import type { PageFetcher } from "./page-fetcher.ts";

/** The second argument of `EventSource`. @see https://html.spec.whatwg.org/multipage/server-sent-events.html#eventsourceinit */
export interface EventSourceInit {
  /** Whether cookies go along to other origins. Default `false`. */
  readonly withCredentials?: boolean;
}

/** Milliseconds, as in Chromium and WebKit; `retry:` in the stream changes it. */
const defaultReconnectionTime = 3000;

/**
 * A page's `EventSource`. It reconnects, and so keeps the process alive, until the server refuses, or until it
 * or the browser is closed.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface
 */
export class EventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;

  readonly url: string;
  readonly withCredentials: boolean;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;

  readonly #page: PageFetcher;
  readonly #abort = new AbortController();
  #readyState: 0 | 1 | 2 = 0;
  #reconnectionTime = defaultReconnectionTime;
  #timer: NodeJS.Timeout | undefined;
  #lastEventId = "";

  /** @throws {DOMException} `SyntaxError` when `url` is not a URL */
  constructor(url: string | URL, init: EventSourceInit | undefined, page: PageFetcher) {
    super();
    const base = page.baseUrl.href;
    if (!URL.canParse(String(url), base)) {
      throw new DOMException(`Cannot open an EventSource to \u201c${url}\u201d: it is not a URL.`, "SyntaxError");
    }
    this.url = new URL(url, base).href;
    this.withCredentials = Boolean(init?.withCredentials);
    this.#page = page;
    this.addEventListener("open", (event) => this.onopen?.(event));
    this.addEventListener("message", (event) => this.onmessage?.(event as MessageEvent));
    this.addEventListener("error", (event) => this.onerror?.(event));
    page.closed.addEventListener("abort", () => this.close(), { once: true, signal: this.#abort.signal });
    void this.#connect();
  }

  /** {@link CONNECTING}, {@link OPEN} or {@link CLOSED}. */
  get readyState(): 0 | 1 | 2 {
    return this.#readyState;
  }

  /** Ends the connection for good; no event follows. */
  close(): void {
    this.#readyState = this.CLOSED;
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  async #connect(): Promise<void> {
    const headers: HeaderList = [["Accept", "text/event-stream"]];
    const outcome = await this.#page.fetch(
      new URL(this.url),
      {
        headers: this.#lastEventId === "" ? headers : [...headers, ["Last-Event-ID", utf8Bytes(this.#lastEventId)]],
        mode: "cors",
        credentialsMode: this.withCredentials ? "include" : "same-origin",
        cacheMode: "no-store",
        initiatorType: "other",
        // No script has chosen the headers: they do not ask for a preflight.
        unsafeRequest: false,
      },
      this.#abort.signal,
    );
    if (outcome.kind === "network-error") return mayPass(outcome.problem) ? this.#reestablish() : this.#fail();
    const body = outcome.response.body as BodySource | null;
    if (this.#readyState === this.CLOSED || !isEventStream(outcome)) {
      body?.cancel();
      return this.#fail();
    }
    this.#announce();
    await this.#read(body, new URL(outcome.response.url).origin);
    return this.#reestablish();
  }

  async #read(body: BodySource | null, origin: string): Promise<void> {
    const parser = new EventStreamParser(
      {
        onEvent: (event) => this.#dispatch(event, origin),
        onRetry: (milliseconds) => {
          this.#reconnectionTime = milliseconds;
        },
      },
      this.#lastEventId,
    );
    const reader = body?.stream().getReader();
    try {
      for (let chunk = await reader?.read(); chunk !== undefined && !chunk.done; chunk = await reader?.read()) {
        parser.push(chunk.value);
        this.#lastEventId = parser.lastEventId;
      }
    } catch {
      // A stream that breaks off is taken up again like one that ends.
    }
  }

  #dispatch({ type, data, lastEventId }: StreamedEvent, origin: string): void {
    if (this.#readyState === this.CLOSED) return;
    this.dispatchEvent(new MessageEvent(type, { data, origin, lastEventId }));
  }

  /** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#announce-the-connection */
  #announce(): void {
    this.#readyState = this.OPEN;
    this.dispatchEvent(new Event("open"));
  }

  /** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#reestablish-the-connection */
  #reestablish(): void {
    if (this.#readyState === this.CLOSED) return;
    this.#readyState = this.CONNECTING;
    this.dispatchEvent(new Event("error"));
    // The listener may have closed it.
    if ((this.#readyState as number) === this.CLOSED) return;
    this.#timer = setTimeout(() => void this.#connect(), this.#reconnectionTime);
  }

  /** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#fail-the-connection */
  #fail(): void {
    if (this.#readyState === this.CLOSED) return;
    this.close();
    this.dispatchEvent(new Event("error"));
  }
}

function isEventStream(outcome: Extract<FetchOutcome, { kind: "response" }>): boolean {
  const { status, headers } = outcome.response.internal;
  const mimeType = extractMimeType(headers);
  return status === 200 && mimeType !== null && mimeTypeEssence(mimeType) === "text/event-stream";
}

/** Whether the next attempt may do better: the network failed, and not a check that would fail again. */
function mayPass(problem: Problem): boolean {
  if (problem.code !== "network-error") return false;
  const { reason } = problem;
  return reason === "connection-refused" || reason === "connection-closed" || reason === "dns" || reason === "timeout";
}

/** A header value as bytes. */
function utf8Bytes(value: string): string {
  return String.fromCharCode(...new TextEncoder().encode(value));
}
