import type { Header, HeaderList, NetworkRequest, NetworkResponse } from "@corsac/protocol";
import type { Client } from "undici";
import type { ConnectOptions } from "./connect-options.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { createConnector, proxyAuthorization } from "./connector.ts";
import { abortError, networkError } from "./network-error.ts";
import { wireRequest } from "./wire-request.ts";

/** The network of a browser: connections, kept open and used again, over which requests go out as they are given. */
export class Transport {
  readonly #options: ConnectOptions;
  readonly #proxy: URL | null;
  readonly #createPool: (origin: string) => ConnectionPool;
  readonly #pools = new Map<string, ConnectionPool>();

  constructor(options: ConnectOptions = {}) {
    this.#options = options;
    this.#proxy = options.proxy === undefined ? null : new URL(options.proxy);
    const connect = createConnector(options);
    const client: Client.Options = {
      allowH2: options.http2 ?? false,
      // A time limit of its own then ends the wait.
      ...(options.timeout === undefined ? {} : { headersTimeout: 0 }),
    };
    this.#createPool = (origin) => new ConnectionPool(origin, connect, client);
  }

  /**
   * Sends one request and resolves when the head of the response is there; the body, a `BodySource` or `null`, follows.
   * Never rejects: what goes wrong is a network error with its reason.
   *
   * @param headers all headers to send but `Host`, `Connection`, `Content-Length` and `Transfer-Encoding`;
   *   `Accept-Encoding` is added if it is missing
   */
  async send(request: NetworkRequest, headers: HeaderList, signal?: AbortSignal): Promise<NetworkResponse> {
    if (signal?.aborted) return networkError(abortError());
    const { url } = request;
    if (this.#options.permits?.(url) === false) {
      return { kind: "network-error", reason: "unknown", message: `${url.host} is not to be asked` };
    }
    if (this.#proxy === null || url.protocol !== "http:") {
      return this.#pool(url.origin).send(request, wireRequest(request, headers), signal, this.#options.timeout);
    }
    // The connection is to the proxy, so that undici cannot know the host.
    const forProxy: Header[] = [["host", url.host], ...Object.entries(proxyAuthorization(this.#proxy))];
    const wire = wireRequest(request, [...forProxy, ...headers], url.origin + url.pathname + url.search);
    return this.#pool(this.#proxy.origin).send(request, wire, signal, this.#options.timeout);
  }

  /** Closes all connections; responses that are still arriving break off. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #pool(origin: string): ConnectionPool {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      pool = this.#createPool(origin);
      this.#pools.set(origin, pool);
    }
    return pool;
  }
}
