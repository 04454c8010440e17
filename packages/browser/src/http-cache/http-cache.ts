import {
  byteLowercase,
  type CacheMode,
  containsHeader,
  getHeader,
  type HeaderList,
  type HttpCacheRules,
  isSafeMethod,
  type NetworkRequest,
  type NetworkResponse,
  obtainSite,
  originOf,
  serializeSite,
} from "@corsac/protocol";
import type { BodySource } from "../body-source.ts";
import { registrableDomain } from "../site.ts";
import { CacheStore } from "./cache-store.ts";
import { StoredBody } from "./stored-body.ts";
import {
  freshened,
  isFresh,
  isSelectedBy,
  isStorable,
  isUsableWhileRevalidating,
  type StoredHead,
  type StoredHeadFactory,
  type StoredResponse,
  storedHeadFactory,
  validatorsOf,
} from "./stored-response.ts";
import { readAheadBytes, StoringBody } from "./storing-body.ts";

/** What an {@link HttpCache} needs to know. */
export interface HttpCacheOptions {
  /** How many bytes are kept at most, headers and bookkeeping included. A single response may take an eighth. */
  readonly maxBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Which browser's rules apply. */
  readonly profile: { readonly httpCache: HttpCacheRules };
}

/** Sends a request with these headers. */
export type Send = (headers: HeaderList) => Promise<NetworkResponse>;

/** A response whose body is still arriving. */
interface Arrival {
  readonly head: StoredHead;
  readonly body: StoringBody;
  /** Whether its body ends even if nobody reads it. */
  readonly endsSoon: boolean;
  readonly ended: Promise<void>;
}

type ArrivedResponse = Extract<NetworkResponse, { kind: "response" }>;

/**
 * A browser's private HTTP cache, partitioned by the site in the address bar: the part of "HTTP-network-or-cache fetch"
 * between the finished request and the network. As in browsers, there is one response per URL: another variant
 * replaces it.
 *
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 * @see https://httpwg.org/specs/rfc9111.html
 */
export class HttpCache {
  readonly #rules: HttpCacheRules;
  readonly #store: CacheStore;
  readonly #maxBodyBytes: number;
  readonly #headOf: StoredHeadFactory;
  /** Responses whose bodies are still arriving, by the key under which they will be stored. */
  readonly #arriving = new Map<string, Arrival>();

  constructor({ maxBytes, now, profile }: HttpCacheOptions) {
    this.#rules = profile.httpCache;
    this.#store = new CacheStore(maxBytes);
    this.#maxBodyBytes = Math.floor(maxBytes / 8);
    this.#headOf = storedHeadFactory(now);
  }

  /** Bytes in use. */
  get size(): number {
    return this.#store.size;
  }

  /** Forgets everything. */
  clear(): void {
    this.#store.clear();
    this.#arriving.clear();
  }

  /**
   * Answers a request, asking the server through `send` only where it has to be asked. A body, if there is one, is a
   * `BodySource`.
   *
   * @param headers all headers of the request, cookies included: `Vary` can name any of them
   */
  async handle(request: NetworkRequest, headers: HeaderList, send: Send): Promise<NetworkResponse> {
    const { method } = request;
    const partition = partitionOf(request);
    if (method !== "GET" && method !== "HEAD") return this.#forward(request, headers, partition, send);
    const mode = effectiveCacheMode(request, headers);
    if (partition === null || mode === "no-store" || containsHeader(headers, "range")) {
      return mode === "only-if-cached" ? miss(request) : send(headers);
    }
    const key = this.#keyOf(partition, request.url, request.includeCredentials);
    const stored = mode === "reload" ? undefined : await this.#find(key, mode, headers);
    const isSelected = stored !== undefined && isSelectedBy(headers, stored);
    if (isSelected && this.#isUsable(stored, mode)) return fromStore(stored, method);
    if (mode === "only-if-cached") return miss(request);
    if (method === "HEAD") return send(headers);
    const isOfUse = isSelected || this.#rules.validatesOtherVariants;
    if (stored === undefined || !isOfUse) return this.#fetch(key, headers, send);
    const validation = () => this.#validate(key, stored, isSelected, headers, send);
    if (isSelected && mode === "default" && request.client !== null && isUsableWhileRevalidating(stored)) {
      void validation().then(readToEnd);
      return fromStore(stored, method);
    }
    return validation();
  }

  /** Waits for a response that is about to be stored, if it is of use, as browsers do. */
  async #find(key: string, mode: CacheMode, headers: HeaderList): Promise<StoredResponse | undefined> {
    const arrival = this.#arriving.get(key);
    if (arrival?.endsSoon && isSelectedBy(headers, arrival.head)) {
      if (this.#isUsable(arrival.head, mode) || validatorsOf(arrival.head, true).length > 0) {
        arrival.body.readAhead();
        await arrival.ended;
      }
    }
    return this.#store.get(key);
  }

  #isUsable(stored: StoredHead, mode: CacheMode): boolean {
    if (mode === "force-cache" || mode === "only-if-cached") return true;
    return mode === "default" && isFresh(stored, this.#rules);
  }

  /** Sends what is never stored. @see https://httpwg.org/specs/rfc9111.html#invalidation */
  async #forward(
    request: NetworkRequest,
    headers: HeaderList,
    partition: string | null,
    send: Send,
  ): Promise<NetworkResponse> {
    if (request.cacheMode === "only-if-cached") return miss(request);
    const response = await send(headers);
    if (partition === null || response.kind !== "response" || isSafeMethod(request.method)) return response;
    if (response.status < 200 || response.status > 399) return response;
    this.#invalidate(partition, request.url);
    for (const name of ["location", "content-location"]) {
      const value = getHeader(response.headers, name);
      if (value === null || !URL.canParse(value, request.url.href)) continue;
      const url = new URL(value, request.url);
      if (url.origin === request.url.origin) this.#invalidate(partition, url);
    }
    return response;
  }

  async #fetch(key: string, headers: HeaderList, send: Send): Promise<NetworkResponse> {
    const response = await send(headers);
    return response.kind === "response" ? this.#stored(key, headers, response) : response;
  }

  /** @see https://httpwg.org/specs/rfc9111.html#validation.model */
  async #validate(
    key: string,
    stored: StoredResponse,
    isSelected: boolean,
    headers: HeaderList,
    send: Send,
  ): Promise<NetworkResponse> {
    const validators = validatorsOf(stored, isSelected);
    const response = await send([...headers, ...validators]);
    if (response.kind !== "response") return response;
    if (response.status !== 304 || validators.length === 0) return this.#stored(key, headers, response);
    const { status, statusText, body } = stored;
    const head = this.#headOf(headers, { status, statusText, headers: freshened(stored.headers, response.headers) });
    this.#store.put(key, { ...head, body });
    return {
      ...response,
      status,
      statusText,
      headers: head.headers,
      body: body === null ? null : new StoredBody(body),
    };
  }

  /** Stores a response as its body is read, if it may be stored. @see https://httpwg.org/specs/rfc9111.html#response.cacheability */
  #stored(key: string, headers: HeaderList, response: ArrivedResponse): ArrivedResponse {
    this.#drop(key);
    const head = this.#headOf(headers, response);
    if (response.hasCertificateError && !this.#rules.storesDespiteCertificateErrors) return response;
    if (!isStorable(head)) return response;
    const source = response.body as BodySource | null;
    if (source === null || isRedirect(response)) {
      // Nobody gets to see the body of a redirect.
      this.#store.put(key, { ...head, body: source === null ? null : new Uint8Array() });
      return response;
    }
    return { ...response, body: this.#storing(key, head, response, source) };
  }

  #storing(key: string, head: StoredHead, response: ArrivedResponse, source: BodySource): StoringBody {
    const endsSoon = isKnownToEndSoon(response);
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const body: StoringBody = new StoringBody(source, {
      limit: this.#maxBodyBytes,
      keepsGivenUp: this.#rules.storesBlockedResponses && endsSoon,
      onEnd: (bytes) => {
        end();
        // Invalidated, or overtaken by another response, in the meantime.
        if (this.#arriving.get(key)?.body !== body) return;
        this.#arriving.delete(key);
        if (bytes !== null) this.#store.put(key, { ...head, body: bytes });
      },
    });
    this.#arriving.set(key, { head, body, endsSoon, ended });
    return body;
  }

  #keyOf(partition: string, url: URL, includeCredentials: boolean): string {
    const credentials = this.#rules.separatesCredentials && includeCredentials ? "credentials " : "";
    return `${partition} ${credentials}${url.href.split("#", 1)[0]}`;
  }

  #invalidate(partition: string, url: URL): void {
    this.#drop(this.#keyOf(partition, url, false));
    this.#drop(this.#keyOf(partition, url, true));
  }

  #drop(key: string): void {
    this.#store.delete(key);
    this.#arriving.delete(key);
  }
}

/**
 * The network partition key: the site of the document in the address bar. Null, and nothing is stored, when that has an
 * opaque origin.
 *
 * @see https://fetch.spec.whatwg.org/#determine-the-http-cache-partition
 */
function partitionOf({ client, destination, mode, url }: NetworkRequest): string | null {
  const isTopLevel = client === null || (mode === "navigate" && destination === "document");
  const origin = isTopLevel ? originOf(url) : client.topLevelOrigin;
  return origin.kind === "opaque" ? null : serializeSite(obtainSite(origin, registrableDomain));
}

/** The cache mode, or what a `Cache-Control` of the script's own asks for instead of the default. */
function effectiveCacheMode({ cacheMode }: NetworkRequest, headers: HeaderList): CacheMode {
  if (cacheMode !== "default") return cacheMode;
  const cacheControl = byteLowercase(getHeader(headers, "cache-control") ?? "");
  if (cacheControl === "") return getHeader(headers, "pragma") === "no-cache" ? "reload" : cacheMode;
  if (/\bno-store\b/.test(cacheControl)) return "no-store";
  if (/\bno-cache\b/.test(cacheControl)) return "reload";
  return /\bmax-age=0+\b/.test(cacheControl) ? "no-cache" : cacheMode;
}

function isRedirect({ status, headers }: ArrivedResponse): boolean {
  const isRedirectStatus = status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
  return isRedirectStatus && containsHeader(headers, "location");
}

/** Whether the whole body is read ahead; another one may go on for ever. */
function isKnownToEndSoon({ headers }: ArrivedResponse): boolean {
  const length = getHeader(headers, "content-length");
  return length !== null && Number(length) <= readAheadBytes;
}

function fromStore({ status, statusText, headers, body }: StoredResponse, method: string): NetworkResponse {
  const isBodyless = body === null || method === "HEAD";
  return {
    kind: "response",
    status,
    statusText,
    headers,
    body: isBodyless ? null : new StoredBody(body),
    fromCache: true,
  };
}

function miss({ url }: NetworkRequest): NetworkResponse {
  return { kind: "network-error", reason: "unknown", message: `nothing is stored for ${url.href}` };
}

async function readToEnd(response: NetworkResponse): Promise<void> {
  if (response.kind !== "response" || response.body === null) return;
  await (response.body as BodySource).bytes().catch(() => {
    // A body that breaks off is not stored; nobody waits for it.
  });
}
