import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  readonly target: string;
  /** Names in lower case; several lines joined by a comma. */
  readonly fields: Readonly<Record<string, string>>;
  /** As sent, chunks included. */
  readonly body: string;
  /** Which connection it came by, which request of that one it was, and which of all; counted from 1. */
  readonly connection: number;
  readonly onConnection: number;
  readonly total: number;
}

/** A server that reads requests and answers with bytes of the test's choice. */
export class RawUpstream {
  readonly requests: ReceivedRequest[] = [];
  readonly sockets: Set<Socket> = new Set();
  readonly #respond: (socket: Socket, request: ReceivedRequest) => void;
  /** How many were made. */
  connections = 0;
  #server: Server | null = null;
  #port = 0;

  constructor(respond: (socket: Socket, request: ReceivedRequest) => void) {
    this.#respond = respond;
  }

  static async start(respond: (socket: Socket, request: ReceivedRequest) => void): Promise<RawUpstream> {
    const upstream = new RawUpstream(respond);
    await upstream.listen();
    return upstream;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.#port}`);
  }

  /** Listens, again on the same port after a stop. */
  async listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Stops at once, with all connections reset. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.sockets) socket.resetAndDestroy();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    this.connections += 1;
    const connection = this.connections;
    let onConnection = 0;
    let received = "";
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("end", () => socket.end());
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      for (;;) {
        const parsed = parseRequest(received);
        if (parsed === null) return;
        received = received.slice(parsed.length);
        onConnection += 1;
        const request = { ...parsed.request, connection, onConnection, total: this.requests.length + 1 };
        this.requests.push(request);
        this.#respond(socket, request);
      }
    });
  }
}

/** A response of this content with its length. */
export function response(content: string, fields = "", status = "200 OK"): string {
  return `HTTP/1.1 ${status}\r\n${fields}content-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`;
}

/** The fields that these lines are, names in lower case. */
export function fieldsOf(lines: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    fields[name] = name in fields ? `${fields[name]}, ${value}` : value;
  }
  return fields;
}

function parseRequest(text: string) {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return null;
  const [requestLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const fields = fieldsOf(lines);
  let length = end + 4 + Number(fields["content-length"] ?? 0);
  if (fields["transfer-encoding"] === "chunked") {
    const last = text.indexOf("0\r\n\r\n", end + 4);
    if (last === -1) return null;
    length = last + 5;
  }
  if (text.length < length) return null;
  const [method = "", target = ""] = requestLine.split(" ");
  return { length, request: { method, target, fields, body: text.slice(end + 4, length) } };
}
