import { type IncomingMessage, Server, type ServerOptions, type ServerResponse } from "node:http";
import {
  createServer as createHttp2Server,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { createServer as createHttpsServer, type ServerOptions as SecureServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { Handler } from "../exchange/response-sink.ts";
import { clientError, type ParserError } from "./client-error.ts";
import { type ConnectionRules, Http1Connection } from "./http1-connection.ts";
import { readHttp1Request } from "./http1-request.ts";
import { serveHttp2 } from "./http2-exchange.ts";
import { watchSession } from "./http2-session.ts";
import { ListenError, listenError } from "./listen-error.ts";
import { headWithoutUpgrade, isWebSocketUpgrade } from "./upgrade.ts";

/** Takes over a connection that asks for an upgrade to a WebSocket. Whoever takes it writes the answer, 101 or another. */
export type UpgradeHandler = (request: GatewayRequest, socket: Duplex, head: Buffer) => void;

/** Where and how a door listens. Sizes in bytes, times in seconds. */
export interface DoorOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly address: string;
  /** The key and the certificate with its chain, in PEM; null listens without TLS. */
  readonly tls: { readonly key: string; readonly certificate: string } | null;
  /** Of all header fields of a request together. */
  readonly headerBytes: number;
  /** For a request, its content included, to arrive. */
  readonly requestTime: number;
  /** For the header fields to arrive, and for a TLS handshake; default 60, or `requestTime` if that is less. */
  readonly headerTime?: number;
  /** That a connection may be without a request; default 5, for HTTP/2 60. */
  readonly idleTime?: number;
  /** That a client may take nothing of a response which waits for it; default 60. */
  readonly stallTime?: number;
  /** That a client gets to read the answer to a request which it is still sending; default 2. */
  readonly lingerTime?: number;
  /** How much content of a request that nobody reads is taken off a connection so that it can go on; default 64 KiB. */
  readonly drainBytes?: number;
  /** Open at the same time; default 10000. */
  readonly connections?: number;
}

/** A socket that the gateway listens on. */
export interface NodeDoor {
  /** Starts to listen, and returns where. @throws {ListenError} */
  listen(): Promise<URL>;
  /**
   * Takes no more connections, lets running exchanges end, and cuts off those that are not done by the deadline.
   *
   * @param deadlineSeconds 0 cuts off at once
   */
  close(deadlineSeconds: number): Promise<void>;
}

/**
 * Makes a door for HTTP/1.1, with TLS for HTTP/2 as well. Requests that could be understood in two ways are refused, and
 * those of a connection are handled one after the other.
 *
 * @throws {ListenError} for a key or certificate that is none
 */
export function createNodeDoor(handler: Handler, upgrade: UpgradeHandler, options: DoorOptions): NodeDoor {
  return new SocketDoor(handler, upgrade, options);
}

/** Streams that one HTTP/2 connection may have at the same time. */
const concurrentStreams = 128;

const connectionOf: unique symbol = Symbol("connection");

interface DoorSocket extends Socket {
  [connectionOf]?: Http1Connection;
}

type Listener = (socket: Socket) => void;

class SocketDoor implements NodeDoor {
  readonly #options: DoorOptions;
  readonly #rules: ConnectionRules;
  readonly #upgrade: UpgradeHandler;
  readonly #server: Server;
  /** What Node does with a connection that speaks HTTP/1. */
  readonly #parseHttp1: Listener;
  readonly #sockets: Set<Socket> = new Set();
  /** Connections which no request has come by yet: browsers connect ahead, and Node does not count these as idle. */
  readonly #silent: Set<Socket> = new Set();
  readonly #upgraded: Set<Socket> = new Set();
  readonly #sessions: Set<ServerHttp2Session> = new Set();
  #closed: Promise<void> | null = null;

  constructor(handler: Handler, upgrade: UpgradeHandler, options: DoorOptions) {
    this.#options = options;
    this.#upgrade = upgrade;
    this.#rules = {
      handler,
      drainBytes: options.drainBytes ?? 64 * 1024,
      stallTime: milliseconds(options.stallTime ?? 60),
      lingerTime: milliseconds(options.lingerTime ?? 2),
      requestTime: milliseconds(options.requestTime),
      isClosing: false,
    };
    if (options.tls === null) {
      this.#server = new Server(this.#http1Options());
      this.#parseHttp1 = this.#server.listeners("connection")[0] as Listener;
    } else {
      this.#server = secureServer(this.#secureOptions(options.tls));
      this.#parseHttp1 = this.#takeHttp2();
    }
    // Bytes are limited; a limit of the number would silently drop the fields beyond it.
    this.#server.maxHeadersCount = 0;
    this.#server.timeout = this.#rules.stallTime;
    this.#server.maxConnections = options.connections ?? 10_000;
    this.#server.on("connection", (socket: Socket) => {
      if (options.tls === null) this.#admit(socket);
      else this.#track(socket);
    });
    this.#server.on("request", (message, response) => this.#serve(message, response, false));
    this.#server.on("checkContinue", (message, response) => this.#serve(message, response, true));
    this.#server.on("checkExpectation", (message, response) => this.#serve(message, response, false));
    this.#server.on("upgrade", (message, socket, head) => this.#offerUpgrade(message, socket as Socket, head));
    this.#server.on("connect", (_message, socket) => this.#refuseTunnel(socket as Socket));
    // Node asks about connections that are idle between requests as well.
    this.#server.on("timeout", (socket) => this.#connection(socket).checkStall());
    this.#server.on("clientError", (error, socket) => this.#refuse(error, socket as Socket));
  }

  listen(): Promise<URL> {
    const { address, port, tls } = this.#options;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(listenError(error, address, port));
      this.#server.once("error", fail);
      this.#server.listen({ port, host: address, exclusive: false }, () => {
        this.#server.off("error", fail);
        const bound = this.#server.address() as AddressInfo;
        resolve(new URL(`${tls === null ? "http" : "https"}://${urlHost(bound.address)}:${bound.port}/`));
      });
    });
  }

  close(deadlineSeconds: number): Promise<void> {
    this.#closed ??= this.#stop(deadlineSeconds);
    return this.#closed;
  }

  #stop(deadlineSeconds: number): Promise<void> {
    this.#rules.isClosing = true;
    return new Promise((resolve) => {
      const cutOff = (): void => {
        for (const socket of this.#sockets) socket.destroy();
      };
      const timer = deadlineSeconds > 0 ? setTimeout(cutOff, milliseconds(deadlineSeconds)) : null;
      this.#server.close(() => {
        if (timer !== null) clearTimeout(timer);
        resolve();
      });
      for (const session of this.#sessions) session.close();
      for (const socket of this.#upgraded) socket.end();
      for (const socket of this.#silent) socket.destroy();
      if (timer === null) cutOff();
    });
  }

  #http1Options(): ServerOptions {
    const { headerBytes, requestTime, headerTime, idleTime } = this.#options;
    const requestTimeout = milliseconds(requestTime);
    const headersTimeout = Math.min(milliseconds(headerTime ?? 60), requestTimeout);
    return {
      insecureHTTPParser: false,
      // An answer without content would not say what is wrong; the exchange answers instead.
      requireHostHeader: false,
      maxHeaderSize: headerBytes,
      requestTimeout,
      headersTimeout,
      connectionsCheckingInterval: Math.max(20, Math.min(5000, Math.floor(headersTimeout / 4))),
      keepAliveTimeout: milliseconds(idleTime ?? 5),
      noDelay: true,
    };
  }

  #secureOptions({ key, certificate }: { readonly key: string; readonly certificate: string }): SecureServerOptions {
    const { headerTime, requestTime } = this.#options;
    return {
      ...this.#http1Options(),
      key,
      cert: certificate,
      ALPNProtocols: ["h2", "http/1.1"],
      handshakeTimeout: milliseconds(Math.min(headerTime ?? 60, requestTime)),
    };
  }

  /**
   * Hands connections that agreed on HTTP/2 to a server of that protocol which does not listen itself. The other way
   * round, a server of HTTP/2 that falls back to HTTP/1 has no limit for header fields there.
   */
  #takeHttp2(): Listener {
    const server = this.#server;
    const parseHttp1 = server.listeners("secureConnection")[0] as Listener;
    const http2 = this.#http2Server();
    server.removeAllListeners("secureConnection");
    server.on("secureConnection", (socket: TLSSocket) => {
      if (socket.alpnProtocol === "h2") {
        // That of the next line.
        http2.once("session", (session: ServerHttp2Session) => this.#adopt(session, socket));
        http2.emit("connection", socket);
      } else {
        this.#admit(socket);
        parseHttp1.call(server, socket);
      }
    });
    return parseHttp1;
  }

  #http2Server(): Http2Server {
    const { headerBytes } = this.#options;
    const http2 = createHttp2Server({
      settings: { maxConcurrentStreams: concurrentStreams, maxHeaderListSize: headerBytes, enablePush: false },
      maxHeaderListPairs: 2000,
    });
    http2.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) =>
      serveHttp2(stream, headers, raw, this.#rules),
    );
    return http2;
  }

  #adopt(session: ServerHttp2Session, socket: Socket): void {
    this.#sessions.add(session);
    session.on("close", () => this.#sessions.delete(session));
    watchSession(session, socket, milliseconds(this.#options.idleTime ?? 60), this.#rules.lingerTime);
    if (this.#rules.isClosing) session.close();
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
  }

  /** @param socket that speaks HTTP/1 */
  #admit(socket: Socket): void {
    this.#track(socket);
    this.#silent.add(socket);
    socket.on("close", () => this.#silent.delete(socket));
  }

  #connection(socket: DoorSocket): Http1Connection {
    const known = socket[connectionOf];
    if (known !== undefined) return known;
    this.#silent.delete(socket);
    const connection = new Http1Connection(socket, this.#rules);
    socket[connectionOf] = connection;
    return connection;
  }

  #serve(message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    this.#connection(message.socket).take(message, response, expectsContinue);
  }

  #refuse(error: ParserError, socket: Socket): void {
    // What a client sends after the request that it called its last.
    if (error.code === "HPE_CLOSED_CONNECTION") return;
    const answer = clientError(error);
    if (answer === null) socket.destroy();
    else this.#connection(socket).refuse(answer);
  }

  /** The parser has let go of the socket by now, and of its errors. */
  #refuseTunnel(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    this.#connection(socket).refuse(new GatewayError("method-not-implemented", "The gateway is no tunnel."));
  }

  /** The parser has let go of the socket by now. */
  #offerUpgrade(message: IncomingMessage, socket: DoorSocket, head: Buffer): void {
    const connection = this.#connection(socket);
    socket.on("error", () => socket.destroy());
    if (connection.isBusy || connection.isEnding) {
      socket.destroy();
      return;
    }
    if (!isWebSocketUpgrade(message) && connection.takeReading()) {
      socket.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(message), "latin1"), head]));
      this.#parseHttp1.call(this.#server, socket);
      return;
    }
    const request = this.#upgradeRequest(message);
    if (request instanceof GatewayError) {
      connection.refuse(request);
      return;
    }
    this.#upgraded.add(socket);
    socket.on("close", () => this.#upgraded.delete(socket));
    this.#upgrade(request, socket, head);
  }

  #upgradeRequest(message: IncomingMessage): GatewayRequest | GatewayError {
    if (this.#rules.isClosing) return new GatewayError("too-busy", "The gateway is being stopped.");
    if (!isWebSocketUpgrade(message))
      return new GatewayError("upgrade-refused", "The gateway upgrades to WebSocket only.");
    const { "content-length": length, "transfer-encoding": coding } = message.headers;
    // Where the content ends and the WebSocket begins would be a matter of opinion.
    if (coding !== undefined || (length !== undefined && Number(length) !== 0)) {
      return new GatewayError("request-invalid", "A request that asks for a WebSocket has no content.");
    }
    return readHttp1Request(message, null);
  }
}

function secureServer(options: SecureServerOptions): Server {
  try {
    return createHttpsServer(options) as unknown as Server;
  } catch (cause) {
    throw new ListenError(
      "certificate-invalid",
      "The key or the certificate is no valid PEM, or they do not belong together.",
      cause,
    );
  }
}

function milliseconds(seconds: number): number {
  return Math.ceil(seconds * 1000);
}

/** How a URL names what the socket is bound to. */
function urlHost(address: string): string {
  if (address === "0.0.0.0" || address === "::") return "localhost";
  return address.includes(":") ? `[${address}]` : address;
}
