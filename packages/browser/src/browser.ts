import {
  type CookieRules,
  createOpaqueOrigin,
  createRequest,
  type HeaderList,
  type Profile,
  type ProfileName,
  profiles,
} from "@corsac/protocol";
import { giveUpBody } from "./body-source.ts";
import { BrowserError } from "./browser-error.ts";
import { CookieJar } from "./cookies/cookie-jar.ts";
import { HttpCache } from "./http-cache/http-cache.ts";
import type { Inspector } from "./inspector.ts";
import { Page, pageOf } from "./page/page.ts";
import type { WebHandler } from "./transport/call-web-handler.ts";
import { type ConnectOptions, checkConnectOptions } from "./transport/connect-options.ts";
import { type RouteHandler, Routes } from "./transport/routes.ts";
import { Transport } from "./transport/transport.ts";
import { UserAgent } from "./user-agent.ts";

/** What may be chosen about a {@link Browser}. */
export interface BrowserOptions {
  /** Whose behaviour to follow. Default `standard`. */
  readonly profile?: Profile | ProfileName;
  /** How connections are made. */
  readonly connect?: ConnectOptions;
  /** Cookie rules that differ from the profile's, such as `{ thirdParty: "block" }`. */
  readonly cookies?: Partial<CookieRules>;
  /** Bytes that the HTTP cache may hold; 0 for no HTTP cache. Default 50 MiB. */
  readonly httpCacheBytes?: number;
  /** The `User-Agent` header. */
  readonly userAgent?: string;
  /** Milliseconds since 1970: every expiry follows this clock. Default `Date.now`. */
  readonly now?: () => number;
}

/** A document that is opened without being fetched. */
export interface OpenOptions {
  /** Headers of the response it would have come in, such as `Referrer-Policy`. */
  readonly headers?: HeaderList;
}

const defaultCacheBytes = 50 * 1024 * 1024;

/**
 * A user agent for Node which enforces what real browsers enforce. One browser has one cookie jar, one CORS-preflight
 * cache, one HTTP cache and one pool of connections; its pages share them.
 *
 * @example
 * const page = new Browser().open("https://app.example/");
 * const response = await page.fetch("https://api.example/books", { credentials: "include" });
 */
export class Browser {
  /** The rules that this browser follows. */
  readonly profile: Profile;
  /** The cookies of every page: to look at, to set, to clear. */
  readonly cookieJar: CookieJar;
  /** What developer tools would show of all pages together. */
  readonly inspector: Inspector;
  readonly #agent: UserAgent;

  /** @throws {BrowserError} `profile-unknown`, `proxy-url-invalid`, `timeout-invalid` */
  constructor(options: BrowserOptions = {}) {
    checkConnectOptions(options.connect ?? {});
    this.profile = withCookieRules(profileOf(options.profile ?? "standard"), options.cookies);
    const now = options.now ?? Date.now;
    const cacheBytes = options.httpCacheBytes ?? defaultCacheBytes;
    this.cookieJar = new CookieJar({ rules: this.profile.cookies, now });
    this.#agent = new UserAgent({
      profile: this.profile,
      transport: new Transport(options.connect),
      routes: new Routes(options.connect),
      cookieJar: this.cookieJar,
      httpCache: cacheBytes === 0 ? null : new HttpCache({ maxBytes: cacheBytes, now, profile: this.profile }),
      userAgent: options.userAgent ?? `Mozilla/5.0 (compatible; corsac; ${this.profile.name})`,
      now,
    });
    this.inspector = this.#agent.inspector;
  }

  /** The CORS-preflight cache. */
  get preflightCache(): UserAgent["preflightCache"] {
    return this.#agent.preflightCache;
  }

  /**
   * Opens a top-level document without fetching it: nothing has to listen at its URL.
   *
   * @throws {BrowserError} `page-url-invalid`
   */
  open(url: string | URL, { headers = [] }: OpenOptions = {}): Page {
    if (!URL.canParse(String(url))) {
      throw new BrowserError(
        "page-url-invalid",
        `“${url}” is not an absolute URL: write one such as http://localhost:3000/.`,
      );
    }
    return new Page(this.#agent, { url: new URL(url), headers, hasSandboxedOrigin: false, embedder: null });
  }

  /**
   * Visits a URL as a user does who types it into the address bar: fetches it, stores its cookies, opens the document.
   *
   * @throws {BrowserError} `page-url-invalid`; `navigation-failed` when no response comes
   */
  async visit(url: string | URL): Promise<Page> {
    const request = createRequest(this.open(url).client.creationUrl, null, createOpaqueOrigin(), {
      mode: "navigate",
      credentialsMode: "include",
      destination: "document",
      initiatorType: "navigation",
      unsafeRequest: false,
      userActivation: true,
    });
    const outcome = await this.#agent.track(this.#agent.fetch(request, this.inspector));
    if (outcome.kind === "network-error") {
      throw new BrowserError("navigation-failed", `${url} could not be opened: ${outcome.problem.code}.`, {
        cause: outcome.problem,
      });
    }
    giveUpBody(outcome.response.internal.body);
    return pageOf(this.#agent, outcome.response, null);
  }

  /**
   * Answers every request to an origin with a handler instead of the network: production origins in tests, without DNS
   * and without a socket.
   *
   * @throws {BrowserError} `route-origin-invalid` when `origin` is not a serialized origin
   */
  route(origin: string, handler: WebHandler): void;
  route(origin: string, handler: RouteHandler): void;
  route(origin: string, handler: RouteHandler): void {
    this.#agent.routes.add(origin, handler);
  }

  /** Resolves when no fetch is under way any more, beacons included. */
  idle(): Promise<void> {
    return this.#agent.idle();
  }

  /** Closes all connections, those of every `EventSource` and `WebSocket` among them. What is fetched meanwhile breaks off. */
  close(): Promise<void> {
    return this.#agent.close();
  }
}

function profileOf(profile: Profile | ProfileName): Profile {
  const found = typeof profile === "string" ? profiles[profile] : profile;
  if (found !== undefined) return found;
  const names = Object.keys(profiles).join(", ");
  throw new BrowserError("profile-unknown", `There is no profile “${profile}”: write one of ${names}.`);
}

function withCookieRules(profile: Profile, rules: Partial<CookieRules> | undefined): Profile {
  return rules === undefined ? profile : { ...profile, cookies: { ...profile.cookies, ...rules } };
}
