import { setMaxListeners } from "node:events";
import {
  type Client,
  corsUnsafeRequestHeaderNames,
  createRequest,
  type FetchOutcome,
  type FetchRequest,
  type FilteredResponse,
  type HeaderList,
  keepaliveLimit,
  type NetworkRequest,
  type Problem,
  serializeOrigin,
} from "@corsac/protocol";
import type { WebSocket } from "undici";
import type { BodySource } from "../body-source.ts";
import { BrowserError } from "../browser-error.ts";
import { EventSource, type EventSourceInit } from "../event-source/event-source.ts";
import type { PageFetcher } from "../event-source/page-fetcher.ts";
import { bytesSource } from "../fetch-api/body.ts";
import { type BodyInit, extractBody, toBodyInit } from "../fetch-api/extract-body.ts";
import { type FetchApi, type FetchInputs, fetchApiFor, settledBody } from "../fetch-api/fetch-api-for.ts";
import type { RequestInfo } from "../fetch-api/request.ts";
import type { RequestInit } from "../fetch-api/request-init.ts";
import type { Response } from "../fetch-api/response.ts";
import { Inspector } from "../inspector.ts";
import type { UserAgent } from "../user-agent.ts";
import { openWebSocket } from "../web-socket/open-web-socket.ts";
import { documentClient } from "./document.ts";
import { type FormSubmission, formRequest } from "./form.ts";
import { type SubresourceInit, type SubresourceResult, subresourceEvent, subresourceRequest } from "./subresource.ts";

/** How a page came to be. */
export interface PageInit {
  readonly url: URL;
  readonly headers: HeaderList;
  readonly hasSandboxedOrigin: boolean;
  readonly embedder: Client | null;
}

/** A document inside a page. */
export interface FrameInit {
  /** The tokens of the `sandbox` attribute. Without `allow-same-origin` the document has an opaque origin. */
  readonly sandbox?: readonly string[];
  /** Headers of the response it came in. */
  readonly headers?: HeaderList;
}

/** Where a navigation goes: a new window, this window, or a frame inside the page. */
export type NavigationTarget = "_blank" | "_self" | "frame";

/** What a navigation led to. */
export interface NavigationResult {
  readonly outcome: FetchOutcome;
  /** The document that it shows; `null` when no response came. */
  readonly page: Page | null;
}

/** What only XMLHttpRequest and tests ask for. */
export interface AttemptOptions {
  /** Which API fetches; it decides how browsers word their complaints. Default `fetch`. */
  readonly initiatorType?: "fetch" | "xmlhttprequest";
  /** Whether upload listeners are registered: they demand a preflight. */
  readonly uploadListener?: boolean;
}

/** What a preflight alone told. `request` is the request that would be sent next; `null` when it must not be. */
export interface PreflightResult {
  readonly request: NetworkRequest | null;
  readonly problem: Problem | null;
  readonly exchanges: FetchOutcome["exchanges"];
}

/** A document in a {@link Browser}: scripts in it may do what the same-origin policy and CORS let them do. */
export class Page {
  /** The environment that requests come from. */
  readonly client: Client;
  /** What developer tools would show of this page. */
  readonly inspector: Inspector;
  /** The page's `Headers` class. */
  readonly Headers: FetchApi["Headers"];
  /** The page's `Request` class: relative URLs are resolved against the page. */
  readonly Request: FetchApi["Request"];
  /** The page's `Response` class. */
  readonly Response: FetchApi["Response"];
  /**
   * The page's `fetch`. Rejects with a bare `TypeError` when a browser would; the reason is in {@link inspector}.
   *
   * @see https://fetch.spec.whatwg.org/#fetch-method
   */
  readonly fetch: (input: RequestInfo, init?: RequestInit) => Promise<Response>;

  readonly #url: URL;
  readonly #agent: UserAgent;
  readonly #api: FetchApi;
  #inflightKeepaliveBytes = 0;

  constructor(agent: UserAgent, init: PageInit) {
    this.#agent = agent;
    this.#url = init.url;
    this.client = documentClient(init);
    this.inspector = new Inspector(agent.inspector);
    this.#api = fetchApiFor({ baseUrl: this.client.creationUrl, origin: this.client.origin, profile: agent.profile });
    this.Headers = this.#api.Headers;
    this.Request = this.#api.Request;
    this.Response = this.#api.Response;
    this.fetch = (input, init) => agent.track(this.#fetch(input, init));
  }

  /** Serialized. */
  get url(): string {
    return this.#url.href;
  }

  /** Serialized: `null` for an opaque origin. */
  get origin(): string {
    return serializeOrigin(this.client.origin);
  }

  /** What `document.cookie` gives. */
  get cookie(): string {
    return this.#agent.cookieJar.documentCookie(this.client, this.#url);
  }

  /** Does what setting `document.cookie` does. */
  setCookie(line: string): void {
    this.#agent.cookieJar.setDocumentCookie(this.client, this.#url, line);
  }

  /**
   * Fetches like {@link fetch}, but tells what happened instead of rejecting. The body of the response waits for a
   * reader, and its connection with it: read it through {@link toResponse}, or cancel that one's `body`.
   *
   * @throws {TypeError} where `new Request(input, init)` does
   */
  attempt(input: RequestInfo, init?: RequestInit, options: AttemptOptions = {}): Promise<FetchOutcome> {
    const inputs = this.#api.fetchInputs(input, init);
    return this.#agent.track(this.#run(this.#request(inputs, options), inputs.signal ?? undefined));
  }

  /**
   * Sends what a browser sends before the request itself: the CORS-preflight request, if one is needed.
   *
   * @throws {TypeError} where `new Request(input, init)` does
   */
  async preflight(input: RequestInfo, init?: RequestInit, options: AttemptOptions = {}): Promise<PreflightResult> {
    const inputs = this.#api.fetchInputs(input, init);
    const request = this.#request(inputs, options);
    const result = await this.#agent.fetchPreflight(request, this.inspector, inputs.signal ?? undefined);
    const { exchanges } = result;
    if ("next" in result) return { request: result.next, problem: null, exchanges };
    return { request: null, problem: result.kind === "network-error" ? result.problem : null, exchanges };
  }

  /** Makes the `Response` that a script would get of a filtered response. */
  toResponse({ type, url, redirected, status, statusText, headers, body }: FilteredResponse): Response {
    const source =
      body instanceof Uint8Array ? bytesSource(body as Uint8Array<ArrayBuffer>) : (body as BodySource | null);
    return this.#api.createNetworkResponse({
      ...{ type, url, redirected, status, statusText, headers },
      headersGuard: "immutable",
      body: source,
    });
  }

  /**
   * Loads something as an element does: an image, a script, a stylesheet, a frame.
   *
   * @throws {TypeError} when `url` is not a URL
   */
  load(url: string | URL, init: SubresourceInit): Promise<SubresourceResult> {
    const request = this.#elementRequest(new URL(url, this.client.creationUrl), subresourceRequest(init));
    return this.#agent.track(
      this.#run(request).then((outcome) => {
        discard(outcome);
        return { event: subresourceEvent(init.destination, outcome, this.#agent.profile.response), outcome };
      }),
    );
  }

  /**
   * Opens a URL: in a new window, in this one, or in a frame.
   *
   * @throws {TypeError} when `url` is not a URL
   */
  navigate(
    url: string | URL,
    { target = "_blank" }: { readonly target?: NavigationTarget } = {},
  ): Promise<NavigationResult> {
    return this.#navigate(new URL(url, this.client.creationUrl), { initiatorType: "navigation" }, target);
  }

  /**
   * Submits a form: whatever the policies of the server, the request is sent.
   *
   * @throws {TypeError} when `action` is not a URL
   */
  submit(form: FormSubmission & { readonly target?: NavigationTarget }): Promise<NavigationResult> {
    const { url, method, body, contentType } = formRequest(form, this.client.creationUrl);
    const headers: HeaderList = contentType === null ? [] : [["Content-Type", contentType]];
    return this.#navigate(url, { method, body, headers, initiatorType: "form" }, form.target ?? "_self");
  }

  /**
   * Does what `navigator.sendBeacon` does: true when the beacon is on its way, false when it is too large.
   *
   * @throws {TypeError} when `url` is not a URL, or `data` a stream
   * @see https://w3c.github.io/beacon/#sec-processing-model
   */
  beacon(url: string | URL, data?: BodyInit | null): boolean {
    const target = new URL(url, this.client.creationUrl);
    const { body, type } =
      data === undefined || data === null ? { body: null, type: null } : extractBody(toBodyInit(data), true);
    const length = body?.length ?? 0;
    if (length + this.#inflightKeepaliveBytes > keepaliveLimit) return false;
    const headers: HeaderList = type === null ? [] : [["Content-Type", type]];
    const isSafelisted = corsUnsafeRequestHeaderNames(headers).length === 0;
    const request = createRequest(target, this.client, this.client.origin, {
      method: "POST",
      headers,
      body:
        body === null
          ? null
          : { payload: body.source ?? body.stream, length: body.length, replayable: body.source !== null },
      mode: isSafelisted ? "no-cors" : "cors",
      credentialsMode: "include",
      initiatorType: "beacon",
      keepalive: true,
    });
    void this.#agent.track(this.#run(request).then(discard));
    return true;
  }

  /**
   * Opens an `EventSource` of the page.
   *
   * @throws {DOMException} `SyntaxError` when `url` is not a URL
   */
  eventSource(url: string | URL, init?: EventSourceInit): EventSource {
    return new EventSource(url, init, this.#fetcher());
  }

  /**
   * Opens a `WebSocket` of the page.
   *
   * @throws {DOMException} `SyntaxError` for a URL that is not one, or protocols that are not tokens
   */
  webSocket(url: string | URL, protocols: string | readonly string[] = []): WebSocket {
    return openWebSocket(url, protocols, this.#fetcher());
  }

  /**
   * Opens a document inside this one.
   *
   * @throws {BrowserError} `frame-url-invalid`
   */
  frame(url: string | URL, { sandbox, headers = [] }: FrameInit = {}): Page {
    if (!URL.canParse(String(url), this.client.creationUrl.href))
      throw new BrowserError(
        "frame-url-invalid",
        `“${url}” is not a URL: write one such as https://app.example/frame.`,
      );
    const hasSandboxedOrigin = sandbox !== undefined && !sandbox.includes("allow-same-origin");
    const parsed = new URL(url, this.client.creationUrl);
    return new Page(this.#agent, { url: parsed, headers, hasSandboxedOrigin, embedder: this.client });
  }

  async #fetch(input: RequestInfo, init: RequestInit | undefined): Promise<Response> {
    const inputs = this.#api.fetchInputs(input, init);
    const { signal } = inputs;
    signal?.throwIfAborted();
    const running = this.#run(this.#request(inputs), signal ?? undefined);
    const outcome = signal === null ? await running : await orAborted(running, signal);
    if (outcome.kind === "network-error") throw new TypeError(failureMessages[this.#agent.profile.name]);
    if (outcome.response.type === "opaque") discard(outcome);
    return this.toResponse(outcome.response);
  }

  #request(inputs: FetchInputs, options: AttemptOptions = {}): FetchRequest {
    const { signal: _, url, ...init } = inputs;
    return createRequest(url, this.client, this.client.origin, {
      ...init,
      initiatorType: options.initiatorType ?? "fetch",
      useCorsPreflight: inputs.useCorsPreflight || options.uploadListener === true,
    });
  }

  #fetcher(): PageFetcher {
    return {
      baseUrl: this.client.creationUrl,
      closed: this.#agent.closed,
      fetch: (url, init, signal) => this.#agent.track(this.#run(this.#elementRequest(url, init), signal)),
    };
  }

  #elementRequest(url: URL, init: Partial<FetchRequest>): FetchRequest {
    return createRequest(url, this.client, this.client.origin, init);
  }

  async #run(given: FetchRequest, signal?: AbortSignal): Promise<FetchOutcome> {
    // Any number of fetches may share a signal; Node takes more than ten for a leak.
    if (signal !== undefined) setMaxListeners(0, signal);
    const isPromised = given.body?.payload instanceof Promise;
    const request = given.body !== null && isPromised ? { ...given, body: await settledBody(given.body) } : given;
    const keepaliveBytes = request.keepalive ? (request.body?.length ?? 0) : 0;
    const otherBytes = this.#inflightKeepaliveBytes;
    this.#inflightKeepaliveBytes += keepaliveBytes;
    const outcome = await this.#agent.fetch(request, this.inspector, signal, otherBytes);
    this.#inflightKeepaliveBytes -= keepaliveBytes;
    return outcome;
  }

  #navigate(url: URL, init: Partial<FetchRequest>, target: NavigationTarget): Promise<NavigationResult> {
    const inFrame = target === "frame";
    const request = this.#elementRequest(url, {
      ...init,
      mode: "navigate",
      credentialsMode: "include",
      destination: inFrame ? "iframe" : "document",
      unsafeRequest: false,
    });
    return this.#agent.track(this.#run(request).then((outcome) => this.#navigated(outcome, inFrame)));
  }

  #navigated(outcome: FetchOutcome, inFrame: boolean): NavigationResult {
    discard(outcome);
    if (outcome.kind === "network-error") return { outcome, page: null };
    return { outcome, page: pageOf(this.#agent, outcome.response, inFrame ? this.client : null) };
  }
}

/** Opens the document that a navigation's response is. */
export function pageOf(agent: UserAgent, { internal }: FilteredResponse, embedder: Client | null): Page {
  const url = internal.urlList.at(-1) as URL;
  return new Page(agent, { url, headers: internal.headers, hasSandboxedOrigin: false, embedder });
}

/** What `fetch` rejects with; scripts are told nothing else. */
const failureMessages = {
  standard: "Failed to fetch",
  chromium: "Failed to fetch",
  firefox: "NetworkError when attempting to fetch resource.",
  webkit: "Load failed",
} as const;

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
  });
}

/** Reads a body that no script reads, so that the connection is free and the HTTP cache may keep it. */
function discard(outcome: FetchOutcome): void {
  if (outcome.kind === "network-error") return;
  const { body } = outcome.response.internal;
  if (body === null || body instanceof Uint8Array) return;
  void drain((body as BodySource).stream()).catch(() => {});
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  while (!(await reader.read()).done);
}
