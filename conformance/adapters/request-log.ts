import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

/**
 * The requests that reach any HTTP server of this process, and how it answers. Node tells them beside the frameworks, so
 * that applications need no log of their own.
 */
export class RequestLog {
  #entries: Exchange[] = [];
  readonly #onRequest: (message: unknown) => void;

  constructor() {
    this.#onRequest = (message) => {
      const exchange = message as Exchange;
      // Browsers ask for it whenever a document has no icon.
      if (exchange.request.url !== "/favicon.ico") this.#entries.push(exchange);
    };
    subscribe("http.server.request.start", this.#onRequest);
  }

  /** The requests to one server since the last call: method, status, and whether they had cookies. */
  take(serverUrl: string): string[] {
    const port = Number(new URL(serverUrl).port);
    const entries = this.#entries.filter(({ server }) => (server.address() as AddressInfo | null)?.port === port);
    this.#entries = [];
    return entries.map(({ request: { method, headers }, response: { statusCode } }) => {
      const cookie = headers.cookie === undefined ? "" : " with cookie";
      return `${method} ${statusCode}${cookie}`;
    });
  }

  close(): void {
    unsubscribe("http.server.request.start", this.#onRequest);
  }
}
