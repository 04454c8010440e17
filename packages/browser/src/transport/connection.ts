import { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { NetworkRequest } from "@corsac/protocol";
import { type buildConnector, Client } from "undici";
import { HeadReader } from "./head-reader.ts";
import type { ResponseReceiver } from "./response-receiver.ts";
import { sendUnchecked, type WireRequest } from "./wire-request.ts";

/** Streams of one HTTP/2 connection at a time, the least that servers are told to allow. */
const maxStreams = 100;

/** One connection to one origin: an undici client whose socket is known, so that heads can be read from it. */
export class Connection {
  /** Reads the heads of responses; `null` before the socket is open, and for HTTP/2. */
  reader: HeadReader | null = null;
  /** Whether the server's certificate is faulty, which the options overlook. */
  hasCertificateError = false;
  #multiplexes = false;
  #active = 0;
  #requestsOnSocket = 0;
  #connecting: Socket | null = null;
  readonly #client: Client;

  constructor(origin: string, connect: buildConnector.connector, options: Client.Options, onClosed: () => void) {
    const connector: buildConnector.connector = (target, callback) => {
      // The declared type hides the socket that is returned while it is still connecting.
      const pending = connect(target, (...[error, socket]) => {
        this.#connecting = null;
        if (error !== null) callback(error, null);
        else callback(null, this.#open(socket));
      }) as unknown;
      if (pending instanceof Socket && pending.connecting) this.#connecting = pending;
    };
    this.#client = new Client(origin, { ...options, connect: connector });
    this.#client.on("disconnect", () => {
      this.#requestsOnSocket = 0;
      if (this.#active === 0) onClosed();
    });
    this.#client.on("connectionError", () => {
      if (this.#active === 0) onClosed();
    });
  }

  /** Whether one more request can be sent now, or as soon as the socket is open. */
  get isFree(): boolean {
    return this.#active === 0 || (this.#multiplexes && this.#active < maxStreams);
  }

  /** Whether the connection speaks HTTP/2. */
  get isHttp2(): boolean {
    return this.#multiplexes;
  }

  send(request: WireRequest, receiver: ResponseReceiver): void {
    this.#active++;
    receiver.connection = this;
    if (request.unchecked === null) this.#client.dispatch(request.options, receiver);
    else sendUnchecked(request.unchecked, () => this.#client.dispatch(request.options, receiver));
  }

  /** Says that a request is written now; tells whether others went over the same socket before. */
  start({ method, mode }: NetworkRequest): { reused: boolean } {
    this.reader?.expect(method, mode === "websocket");
    return { reused: this.#requestsOnSocket++ > 0 };
  }

  /** Says that a response is complete, or that it never will be. */
  release(): void {
    this.#active--;
  }

  /** Gives up connecting; whoever waits for it gets `reason`. */
  stopConnecting(reason: Error): void {
    this.#connecting?.destroy(reason);
  }

  async destroy(): Promise<void> {
    this.#connecting?.destroy();
    await this.#client.destroy();
  }

  #open(socket: Socket | TLSSocket): Socket | TLSSocket {
    this.#multiplexes = (socket as TLSSocket).alpnProtocol === "h2";
    this.hasCertificateError = (socket as TLSSocket).authorized === false;
    this.reader = this.#multiplexes ? null : new HeadReader(socket);
    return socket;
  }
}
