import { createServer, type RequestListener, Server } from "node:http";
import type { HeaderList, NetworkRequest, NetworkResponse } from "@corsac/protocol";
import type { buildConnector } from "undici";
import { BrowserError } from "../browser-error.ts";
import { callWebHandler, type WebHandler } from "./call-web-handler.ts";
import type { ConnectOptions } from "./connect-options.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { MemorySocket } from "./memory-socket.ts";
import { abortError, networkError } from "./network-error.ts";
import { wireRequest } from "./wire-request.ts";

/**
 * Who answers for an origin inside this process: a function from `Request` to `Response`, an object that has it as
 * `fetch`, or what `node:http` takes, a listener or a whole server. A function with two or more parameters is a
 * listener (as those of Express, Koa's `callback()` and Fastify's `routing`).
 */
export type RouteHandler = WebHandler | { readonly fetch: WebHandler } | RequestListener | Server;

type Send = (request: NetworkRequest, headers: HeaderList, signal?: AbortSignal) => Promise<NetworkResponse>;

interface Route {
  readonly send: Send;
  readonly close: () => Promise<void>;
}

/** Origins that are answered inside this process: no name is resolved and no socket opened for them. */
export class Routes {
  readonly #timeout: number | undefined;
  readonly #routes = new Map<string, Route>();

  /** @param options `timeout`: milliseconds within which a handler has to answer; none by default */
  constructor(options: Pick<ConnectOptions, "timeout"> = {}) {
    this.#timeout = options.timeout;
  }

  /**
   * Lets `handler` answer for `origin`, in place of an earlier one.
   *
   * @throws {BrowserError} `route-origin-invalid`
   */
  add(origin: string, handler: RouteHandler): void {
    const url = URL.canParse(origin) ? new URL(origin) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
      throw new BrowserError(
        "route-origin-invalid",
        `“${origin}” is not an origin: write one such as https://api.example.`,
      );
    }
    this.#routes.set(url.origin, routeTo(url.origin, handler, this.#timeout));
  }

  /** Sends `request` to the handler of its origin; `undefined` if there is none. Never rejects. */
  send(request: NetworkRequest, headers: HeaderList, signal?: AbortSignal): Promise<NetworkResponse> | undefined {
    return this.#routes.get(request.url.origin)?.send(request, headers, signal);
  }

  /** Breaks off what Node listeners are still answering. The routes stay. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#routes.values(), (route) => route.close()));
  }
}

function routeTo(origin: string, handler: RouteHandler, timeout: number | undefined): Route {
  if (handler instanceof Server) return listenerRoute(origin, handler, timeout);
  if (typeof handler === "function" && handler.length >= 2) {
    return listenerRoute(origin, guardedServer(handler as RequestListener), timeout);
  }
  const answer = typeof handler === "function" ? (handler as WebHandler) : handler.fetch.bind(handler);
  return {
    send: async (request, headers, signal) => {
      if (signal?.aborted) return networkError(abortError());
      return callWebHandler(answer, request, wireRequest(request, headers), signal, timeout);
    },
    close: async () => {},
  };
}

/** A server whose listener may throw: the client then sees why, instead of the process ending. */
function guardedServer(listener: RequestListener): Server {
  return createServer(async (request, response) => {
    try {
      await listener(request, response);
    } catch (error) {
      clientOf(request.socket).destroy(new Error(`the handler threw: ${String(error)}`, { cause: error }));
    }
  });
}

const clients = new WeakMap<object, MemorySocket>();

function clientOf(server: object): MemorySocket {
  return clients.get(server) as MemorySocket;
}

/** Real HTTP/1.1 with a real server; only the network in between is missing. */
function listenerRoute(origin: string, server: Server, timeout: number | undefined): Route {
  const connect: buildConnector.connector = (target, callback) => {
    const [near, far] = MemorySocket.pair(target.protocol === "https:");
    clients.set(far, near);
    server.emit("connection", far);
    // The client that asks for a connection is not ready for it yet.
    process.nextTick(callback, null, near as never);
  };
  const pool = new ConnectionPool(origin, connect, {});
  return {
    send: async (request, headers, signal) => {
      if (signal?.aborted) return networkError(abortError());
      return pool.send(request, wireRequest(request, headers), signal, timeout);
    },
    close: () => pool.destroy(),
  };
}
