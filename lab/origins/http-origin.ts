import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

/** Answers a request. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** What HTTPS takes, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** An origin that listens on loopback. */
export interface HttpOrigin {
  readonly port: number;
  /** From now on `listener` answers; before that, every answer is 503. */
  use(listener: Listener): void;
  /** Breaks off what is under way and stops listening. */
  close(): Promise<void>;
}

/** Which port an origin asked for was taken, when no other will do. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

const unavailable = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/**
 * Opens an origin on 127.0.0.1 and, where there is one, on ::1: browsers take either for `localhost`. Requests whose
 * `Host` is none of `hosts` are refused, so that no name of somebody else's can be made to point here (DNS rebinding).
 *
 * @param hosts names without port
 * @param preferredPort a free one is taken where something else has it already
 * @param certificate for HTTPS; `null` for HTTP
 */
export async function openHttpOrigin(
  hosts: readonly string[],
  preferredPort: number,
  certificate: Certificate | null = null,
): Promise<HttpOrigin> {
  const create = () =>
    certificate === null ? createServer() : createSecureServer({ key: certificate.key, cert: certificate.certificate });
  const found = preferredPort === 0 ? null : await tryToListen(preferredPort, create);
  if (found !== null) return createOrigin(found, hosts);
  for (let attempt = 0; attempt < 20; attempt++) {
    const servers = await tryToListen(0, create);
    if (servers !== null) return createOrigin(servers, hosts);
  }
  throw new PortTakenError("There is no port that is free on both addresses of this machine.");
}

/** Both servers on one port; `null` when it is taken. */
async function tryToListen(port: number, create: () => Server): Promise<readonly Server[] | null> {
  const ipv4 = create();
  if (!(await listen(ipv4, port, "127.0.0.1"))) return null;
  const ipv6 = create();
  try {
    if (await listen(ipv6, portOf(ipv4), "::1")) return [ipv4, ipv6];
    await stop(ipv4);
    return null;
  } catch (error) {
    if (unavailable.has((error as NodeJS.ErrnoException).code ?? "")) return [ipv4];
    await stop(ipv4);
    throw error;
  }
}

async function listen(server: Server, port: number, host: string): Promise<boolean> {
  try {
    await once(server.listen({ port, host }), "listening");
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  }
}

function createOrigin(servers: readonly Server[], hosts: readonly string[]): HttpOrigin {
  const port = portOf(servers[0] as Server);
  const allowedHosts = new Set(hosts.map((host) => `${host}:${port}`));
  let current: Listener = (_, response) => answerText(response, 503, "The lab is starting.");
  for (const server of servers) {
    server.on("request", (request, response) => {
      if (!allowedHosts.has(request.headers.host ?? "")) {
        answerText(response, 421, "This server does not go by that name.");
        return;
      }
      try {
        current(request, response);
      } catch {
        // A target that is no URL, an answer that Node does not send: nobody but the sender is to notice.
        if (!response.headersSent) answerText(response, 400, "This cannot be answered.");
      }
    });
  }
  return {
    port,
    use(listener) {
      current = listener;
    },
    close: async () => {
      await Promise.all(servers.map(stop));
    },
  };
}

/** Answers with a line of text. */
export function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
