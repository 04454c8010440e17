import { readFileSync } from "node:fs";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type PortName, PortNames, portNames } from "./port-names.ts";
import { headerValue, type RawRequest, readRequests } from "./read-requests.ts";
import type { ProgrammedResponse, Scenario, WireRequest } from "./verdict.ts";
import { isPreflight, logLine, requestUrl, type UsualValues } from "./wire-log.ts";

/** The reason phrases of the recording's server; every other status says `Status`. */
const reasonPhrases: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  500: "Internal Server Error",
};

/** What a path outside of every scenario answers: always the same, or what a function says. */
export type StaticAnswer = ProgrammedResponse | ((request: RawRequest) => Promise<ProgrammedResponse>);

const notProgrammed: ProgrammedResponse = { status: 404, headers: [], body: "no such URL\n" };

/** One scenario while it is being replayed: its answers, and what came. */
export class Replay {
  /** The requests of the scenario's steps, in order. */
  readonly wire: WireRequest[] = [];
  /** The `Cookie` header of the latest request outside the steps. */
  latestCookie: string | undefined = undefined;
  /** The scenario, with the ports of this run. */
  readonly scenario: Scenario;
  #step = -1;
  readonly #answered = new Map<string, number>();
  readonly #extra = new Map<string, ProgrammedResponse>();

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  /** Requests that come from now on belong to step `index`; -1 while the scenario is being prepared. */
  enterStep(index: number): void {
    this.#step = index;
  }

  get step(): number {
    return this.#step;
  }

  /** Programs an answer that the scenario itself does not have. */
  prepare(url: string, response: ProgrammedResponse): void {
    this.#extra.set(url, response);
  }

  /** The answer to a request; the n-th of a kind gets the n-th entry, later ones the last. */
  answer(url: string, kind: "actual" | "preflight"): ProgrammedResponse {
    const bare = url.replace(/\?.*$/, "");
    const extra = this.#extra.get(bare);
    if (extra !== undefined) return extra;
    const list = this.scenario.server[bare]?.[kind] ?? [];
    const key = `${kind} ${bare}`;
    const count = this.#answered.get(key) ?? 0;
    this.#answered.set(key, count + 1);
    return list[Math.min(count, list.length - 1)] ?? notProgrammed;
  }
}

/** The bytes of an answer; header lines as they stand, one byte per character. */
function serialize(response: ProgrammedResponse, method: string): Buffer {
  const body = Buffer.from(response.body ?? "", "utf8");
  const lines = response.headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const hasLength = response.headers.some(([name]) => name.toLowerCase() === "content-length");
  const noLength = response.status === 204 || (response.status >= 100 && response.status < 200);
  if (!hasLength && !noLength) lines.push(`Content-Length: ${body.length}\r\n`);
  if (response.close === true) lines.push("Connection: close\r\n");
  const phrase = reasonPhrases[response.status] ?? "Status";
  const head = Buffer.from(`HTTP/1.1 ${response.status} ${phrase}\r\n${lines.join("")}\r\n`, "latin1");
  const bodiless = method === "HEAD" || response.status === 204 || response.status === 304;
  return bodiless ? head : Buffer.concat([head, body]);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: 511 }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const certificate = {
  key: readFileSync(new URL("./test-certificate/test-key.pem", import.meta.url)),
  cert: readFileSync(new URL("./test-certificate/test-certificate.pem", import.meta.url)),
  ALPNProtocols: ["http/1.1"],
};

/**
 * The servers of the recording, played by raw sockets on five ports of the loopback interface: what a scenario says is
 * written byte for byte, and what comes is logged in the recording's form. One server serves any number of scenarios
 * at once, since the second segment of every path is a scenario's id.
 */
export class ReplayServer {
  readonly ports: PortNames;
  readonly #servers: readonly Server[];
  readonly #sockets: Set<Socket>;
  readonly #replays: Map<string, Replay>;
  readonly #usual: UsualValues;
  readonly #pages: Readonly<Record<string, StaticAnswer>>;

  private constructor(
    ports: PortNames,
    servers: readonly Server[],
    sockets: Set<Socket>,
    replays: Map<string, Replay>,
    usual: UsualValues,
    pages: Readonly<Record<string, StaticAnswer>>,
  ) {
    this.ports = ports;
    this.#servers = servers;
    this.#sockets = sockets;
    this.#replays = replays;
    this.#usual = usual;
    this.#pages = pages;
  }

  /**
   * Starts listening. `usual` are header values that the log leaves out; `pages` are answers outside of any scenario,
   * by path.
   *
   * @throws when the loopback interface lacks `127.0.0.1` or `::1`
   */
  static async start(
    usual: UsualValues = {},
    pages: Readonly<Record<string, StaticAnswer>> = {},
  ): Promise<ReplayServer> {
    const servers: Server[] = [];
    const sockets = new Set<Socket>();
    const replays = new Map<string, Replay>();
    const numbers: Partial<Record<PortName, number>> = {};
    let self: ReplayServer | undefined;
    for (const name of portNames) {
      const scheme = name.startsWith("S") ? "https" : "http";
      const onSocket = (socket: Socket) => {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on("close", () => sockets.delete(socket));
        socket.on("error", () => socket.destroy());
        readRequests(socket, (request) => self?.answer(scheme, request, socket));
      };
      const create = () => (scheme === "https" ? createTlsServer(certificate, onSocket) : createTcpServer(onSocket));
      numbers[name] = await ReplayServer.#listenTwice(create, servers);
    }
    const ports = new PortNames(numbers as Record<PortName, number>);
    self = new ReplayServer(ports, servers, sockets, replays, usual, pages);
    return self;
  }

  /** Listens on one port of both loopback addresses. */
  static async #listenTwice(create: () => Server, servers: Server[]): Promise<number> {
    for (let attempt = 0; ; attempt += 1) {
      const first = create();
      const port = await listen(first, 0, "127.0.0.1");
      const second = create();
      try {
        await listen(second, port, "::1");
        servers.push(first, second);
        return port;
      } catch (error) {
        first.close();
        if (attempt === 20 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      }
    }
  }

  /** Begins to replay a scenario: its answers are given, its requests are logged, until {@link end}. */
  begin(scenario: Scenario): Replay {
    const replay = new Replay(this.ports.fillValue(scenario));
    this.#replays.set(scenario.id, replay);
    return replay;
  }

  /** Forgets a scenario. */
  end(replay: Replay): void {
    this.#replays.delete(replay.scenario.id);
  }

  private answer(scheme: "http" | "https", request: RawRequest, socket: Socket): void {
    const replay = this.#replays.get(request.target.split(/[/?]/)[2] ?? "");
    if (replay === undefined) {
      void this.#answerPage(request, socket);
      return;
    }
    if (replay.step < 0) {
      replay.latestCookie = headerValue(request, "cookie");
    } else {
      const step = { index: replay.step, step: replay.scenario.steps[replay.step] };
      replay.wire.push(logLine(scheme, request, step, this.#usual, this.ports));
    }
    const kind = isPreflight(request) ? "preflight" : "actual";
    const response = replay.answer(requestUrl(scheme, request), kind);
    if (response.drop === true) socket.destroy();
    else if (response.close === true) socket.end(serialize(response, request.method));
    else socket.write(serialize(response, request.method));
  }

  async #answerPage(request: RawRequest, socket: Socket): Promise<void> {
    const page = this.#pages[request.target] ?? notProgrammed;
    const response = typeof page === "function" ? await page(request) : page;
    if (socket.writable) socket.write(serialize(response, request.method));
  }

  /** Closes every connection and stops listening. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
