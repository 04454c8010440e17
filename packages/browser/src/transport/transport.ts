import type { Header, HeaderList, NetworkRequest, NetworkResponse } from "@corsac/protocol";
import type { buildConnector, Client } from "undici";
import type { ConnectOptions } from "./connect-options.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { createConnector, proxyAuthorization } from "./connector.ts";
import { acceptEncoding } from "./content-decoding.ts";
import { networkError } from "./network-error.ts";
import { ResponseReceiver } from "./response-receiver.ts";
import { wireRequest } from "./wire-request.ts";

/** The network of a browser: connections, kept open and used again, over which requests go out as they are given. */
export class Transport {
  readonly #options: ConnectOptions;
  readonly #proxy: URL | null;
  readonly #connect: buildConnector.connector;
  readonly #pools = new Map<string, ConnectionPool>();

  constructor(options: ConnectOptions = {}) {
    this.#options = options;
    this.#proxy = options.proxy === undefined ? null : new URL(options.proxy);
    this.#connect = createConnector(options);
  }

  /**
   * Sends one request and resolves when the head of the response is there; the body, a `BodySource` or `null`, follows.
   * Never rejects: what goes wrong is a network error with its reason.
   *
   * @param headers all headers to send but `Host`, `Connection`, `Content-Length` and `Transfer-Encoding`;
   *   `Accept-Encoding` is added if it is missing
   */
  async send(request: NetworkRequest, headers: HeaderList, signal?: AbortSignal): Promise<NetworkResponse> {
    if (signal?.aborted) return networkError(Object.assign(new Error("the fetch was aborted"), { name: "AbortError" }));
    const { url } = request;
    const isPlainThroughProxy = this.#proxy !== null && url.protocol === "http:";
    const target = isPlainThroughProxy ? url.origin + url.pathname + url.search : url.pathname + url.search;
    const wire = wireRequest(request, this.#completeHeaders(request, headers, isPlainThroughProxy), target);
    const pool = this.#pool(isPlainThroughProxy && this.#proxy !== null ? this.#proxy.origin : url.origin);
    const send = () => {
      const receiver = new ResponseReceiver(request, wire, signal, this.#options.timeout);
      pool.send(wire, receiver);
      return receiver;
    };
    const receiver = send();
    const response = await receiver.response;
    // A kept connection may be closed by the server at the very moment it is used again. Browsers then ask once more.
    if (receiver.connectionWasStale && (request.method === "GET" || request.method === "HEAD")) return send().response;
    return response;
  }

  /** Closes all connections; responses that are still arriving break off. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #completeHeaders(request: NetworkRequest, headers: HeaderList, isPlainThroughProxy: boolean): HeaderList {
    const added: Header[] = [];
    if (isPlainThroughProxy && this.#proxy !== null) {
      // The connection is to the proxy, so that undici cannot know the host.
      added.push(["host", request.url.host], ...Object.entries(proxyAuthorization(this.#proxy)));
    }
    if (!headers.some(([name]) => name.toLowerCase() === "accept-encoding")) {
      // Parts of an encoded body could not be decoded.
      const isRange = headers.some(([name]) => name.toLowerCase() === "range");
      added.push(["Accept-Encoding", isRange ? "identity" : acceptEncoding(isSecure(request.url))]);
    }
    return added.length === 0 ? headers : [...headers, ...added];
  }

  #pool(origin: string): ConnectionPool {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      const options: Client.Options = {
        allowH2: this.#options.http2 ?? false,
        ...(this.#options.timeout === undefined ? {} : { headersTimeout: 0 }),
      };
      pool = new ConnectionPool(origin, this.#connect, options);
      this.#pools.set(origin, pool);
    }
    return pool;
  }
}

function isSecure(url: URL): boolean {
  return url.protocol === "https:" || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
