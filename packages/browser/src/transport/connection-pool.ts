import type { buildConnector, Client } from "undici";
import { Connection } from "./connection.ts";
import type { ResponseReceiver } from "./response-receiver.ts";
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

  send(request: WireRequest, receiver: ResponseReceiver): void {
    this.#freeConnection().send(request, receiver);
  }

  async destroy(): Promise<void> {
    await Promise.all(Array.from(this.#connections, (connection) => connection.destroy()));
  }

  #freeConnection(): Connection {
    for (const connection of this.#connections) if (connection.isFree) return connection;
    const opened: Connection = new Connection(this.#origin, this.#connect, this.#options, () => {
      this.#connections.delete(opened);
    });
    this.#connections.add(opened);
    return opened;
  }
}
