import type { NetworkRequest, NetworkResponse } from "@corsac/protocol";
import type { buildConnector, Client } from "undici";
import { Connection } from "./connection.ts";
import { ResponseReceiver } from "./response-receiver.ts";
import type { WireRequest } from "./wire-request.ts";

/**
 * The connections to one origin: each carries one request at a time, HTTP/2 many.
 * There is no limit to their number, where browsers stop at six: a test server that waits for a seventh would hang.
 */
export class ConnectionPool {
  readonly #connections = new Set<Connection>();
  readonly #origin: string;
  readonly #connect: buildConnector.connector;
  readonly #options: Client.Options;

  constructor(origin: string, connect: buildConnector.connector, options: Client.Options) {
    this.#origin = origin;
    this.#connect = connect;
    this.#options = options;
  }

  /** Sends `request`; resolves when the head of the response is there, and never rejects. */
  async send(
    request: NetworkRequest,
    wire: WireRequest,
    signal: AbortSignal | undefined,
    timeout: number | undefined,
  ): Promise<NetworkResponse> {
    const first = new ResponseReceiver(request, wire, signal, timeout);
    const connection = request.newConnection === true ? this.#open() : this.#freeConnection();
    connection.send(wire, first);
    const response = await first.response;
    // A kept connection may be closed by the server at the very moment it is used again. Browsers then ask once more.
    if (!first.connectionWasStale || (request.method !== "GET" && request.method !== "HEAD")) return response;
    const second = new ResponseReceiver(request, wire, signal, timeout);
    this.#freeConnection().send(wire, second);
    return second.response;
  }

  async destroy(): Promise<void> {
    await Promise.all(Array.from(this.#connections, (connection) => connection.destroy()));
  }

  #freeConnection(): Connection {
    for (const connection of this.#connections) if (connection.isFree) return connection;
    return this.#open();
  }

  #open(): Connection {
    const opened: Connection = new Connection(this.#origin, this.#connect, this.#options, () => {
      this.#connections.delete(opened);
    });
    this.#connections.add(opened);
    return opened;
  }
}
