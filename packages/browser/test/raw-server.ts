import { createServer, type Server, type Socket } from "node:net";

/** One request as it came over the wire. */
export interface RawRequest {
  /** All bytes up to the empty line, isomorphic-decoded. */
  readonly head: string;
  readonly socket: Socket;
  /** How many requests came over this socket before. */
  readonly before: number;
}

export interface RawServer {
  readonly port: number;
  readonly origin: string;
  readonly requests: RawRequest[];
  close(): Promise<void>;
}

/** A server on loopback that answers with bytes instead of HTTP, so that a test can send what no HTTP library sends. */
export async function rawServer(answer: (request: RawRequest) => void, host = "127.0.0.1"): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    let before = 0;
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end !== -1; end = text.indexOf("\r\n\r\n")) {
        const head = text.slice(0, end);
        const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        text = text.slice(end + 4 + length);
        const request = { head, socket, before: before++ };
        requests.push(request);
        answer(request);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    origin: `http://${host}:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
