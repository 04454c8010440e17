import { setMaxListeners } from "node:events";
import {
  CorsPreflightCache,
  type FetchContext,
  type FetchOutcome,
  type FetchRequest,
  type HeaderList,
  isHttpScheme,
  mainFetch,
  type NetworkRequest,
  type NetworkResponse,
  type Profile,
} from "@corsac/protocol";
import { blobResponse, resolveBlobUrl } from "./blob-response.ts";
import { giveUpBody } from "./body-source.ts";
import type { CookieReport } from "./cookies/cookie.ts";
import type { CookieJar } from "./cookies/cookie-jar.ts";
import type { HttpCache } from "./http-cache/http-cache.ts";
import { Inspector } from "./inspector.ts";
import { withIntegrity } from "./page/integrity.ts";
import { registrableDomain } from "./site.ts";
import type { Routes } from "./transport/routes.ts";
import type { Transport } from "./transport/transport.ts";

/** What a {@link UserAgent} is made of. */
export interface UserAgentParts {
  readonly profile: Profile;
  readonly transport: Transport;
  readonly routes: Routes;
  readonly cookieJar: CookieJar;
  readonly httpCache: HttpCache | null;
  readonly userAgent: string;
  readonly now: () => number;
}

/** How far a fetch that was stopped before its actual request came. */
export interface StoppedFetch {
  /** The request that would be sent next. */
  readonly next: NetworkRequest;
  readonly exchanges: FetchOutcome["exchanges"];
}

/** Drives `mainFetch` with sockets, cookies and caches. */
export class UserAgent {
  readonly profile: Profile;
  readonly preflightCache: CorsPreflightCache;
  readonly cookieJar: CookieJar;
  readonly inspector: Inspector = new Inspector();
  readonly now: () => number;
  /** Origins that are answered in this process. */
  readonly routes: Routes;
  readonly #transport: Transport;
  readonly #httpCache: HttpCache | null;
  readonly #context: FetchContext;
  #closing = createClosing();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor({ profile, transport, routes, cookieJar, httpCache, userAgent, now }: UserAgentParts) {
    this.profile = profile;
    this.cookieJar = cookieJar;
    this.now = now;
    this.preflightCache = new CorsPreflightCache({ now });
    this.routes = routes;
    this.#transport = transport;
    this.#httpCache = httpCache;
    const isOwnBlobUrl = (blobUrl: URL) => resolveBlobUrl(blobUrl) !== undefined;
    this.#context = { preflightCache: this.preflightCache, registrableDomain, profile, userAgent, isOwnBlobUrl };
  }

  /**
   * Fetches; never rejects. The bodies of responses that nobody gets to see are given up.
   *
   * @param inflightKeepaliveBytes what the page's other keepalive requests have in their bodies
   */
  async fetch(
    request: FetchRequest,
    inspector: Inspector,
    signal?: AbortSignal,
    inflightKeepaliveBytes = 0,
  ): Promise<FetchOutcome> {
    const cookies: CookieReport[] = [];
    const fetch = mainFetch(request, { ...this.#context, inflightKeepaliveBytes });
    let step = fetch.next();
    while (!step.done) {
      const response = await this.#send(step.value, cookies, signal);
      step = fetch.next(response);
      if (!step.done) giveUp(response);
    }
    const outcome = request.integrity === "" ? step.value : await withIntegrity(step.value, request.integrity);
    if (outcome.kind === "network-error") giveUp(outcome.exchanges.at(-1)?.response);
    inspector.record({ request, outcome, cookies });
    return outcome;
  }

  /** Fetches up to, and without, the first request that is not a preflight. */
  async fetchPreflight(
    request: FetchRequest,
    inspector: Inspector,
    signal?: AbortSignal,
  ): Promise<FetchOutcome | StoppedFetch> {
    const cookies: CookieReport[] = [];
    const exchanges = [];
    const fetch = mainFetch(request, this.#context);
    let step = fetch.next();
    while (!step.done) {
      if (step.value.kind === "actual") return { next: step.value, exchanges };
      const response = await this.#send(step.value, cookies, signal);
      exchanges.push({ request: step.value, response });
      step = fetch.next(response);
      giveUp(response);
    }
    inspector.record({ request, outcome: step.value, cookies });
    return step.value;
  }

  /** Keeps `work` in mind for {@link idle}. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** Resolves when nothing that was tracked is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** Aborts at the next {@link close}. A browser that was closed can be used again. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#closing = createClosing();
    await Promise.all([this.#transport.close(), this.routes.close()]);
  }

  async #send(request: NetworkRequest, cookies: CookieReport[], signal?: AbortSignal): Promise<NetworkResponse> {
    if (!isHttpScheme(request.url)) return blobResponse(request);
    const report = (entry: CookieReport) => cookies.push(entry);
    const cookie = this.cookieJar.cookieHeaderFor(request, report);
    const headers = cookie === null ? request.headers : [...request.headers, ["Cookie", cookie] as const];
    const send = async (finalHeaders: HeaderList): Promise<NetworkResponse> => {
      const response = await (this.routes.send(request, finalHeaders, signal) ??
        this.#transport.send(request, finalHeaders, signal));
      if (response.kind === "response") this.cookieJar.store(request, response.headers, report);
      return response;
    };
    if (this.#httpCache === null || request.kind === "preflight") return send(headers);
    return this.#httpCache.handle(request, headers, send);
  }
}

/** Every `EventSource` and `WebSocket` listens; Node takes more than ten listeners for a leak. */
function createClosing(): AbortController {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  return closing;
}

function giveUp(response: NetworkResponse | undefined): void {
  if (response?.kind === "response") giveUpBody(response.body);
}
