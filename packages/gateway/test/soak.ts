import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createNodeDoor } from "../src/client/node-door.ts";
import type { ExchangeNotes } from "../src/exchange/gateway-request.ts";
import type { Handler } from "../src/exchange/response-sink.ts";
import { createForwarder } from "../src/forward/forwarder.ts";

/** What a run showed. Everything under `faults` has to be 0. */
export interface SoakReport {
  readonly seconds: number;
  readonly requests: number;
  readonly restarts: number;
  /** How requests ended, by kind. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly faults: {
    /** POST that the upstream got more than once. */
    postsSentTwice: number;
    /** Idempotent requests without an answer, although a second attempt could have got one. */
    lost: number;
    /** Responses that ended as if whole, and were not what the upstream meant. */
    cutShortUnnoticed: number;
    /** Upgrades that did not carry what was sent. */
    brokenTunnels: number;
    /** Sockets that are open after everything closed. */
    socketsLeft: number;
  };
  /** In bytes, after collecting garbage: once the first quarter of the time was over, and at the end. */
  readonly heap: { readonly early: number; readonly late: number };
}

/** Every byte of a response's content follows from its place, so that any piece can be told from any other. */
const pattern: Buffer = Buffer.from(Array.from({ length: 1 << 20 }, (_, index) => (index * 31 + (index >> 8)) & 0xff));

/**
 * Puts a gateway between clients and an upstream that both behave as badly as they can, and counts what must not happen:
 * connections killed before, in and after heads and content, half-sent content, slow and vanishing readers, endless
 * responses, connections closed without announcement after an answer, restarts again and again.
 */
async function soak(seconds: number, clients: number, seed: number): Promise<SoakReport> {
  const random = mulberry32(seed);
  const upstream = new BadUpstream(random);
  await upstream.listen();
  const forwarder = createForwarder({
    upstream: upstream.url,
    prefix: "",
    timeouts: { connect: 5, response: 10, idle: 10 },
    retries: { statuses: [], idempotencyKey: false, maxBodyBytes: 65_536, maxRetryAfter: 2 },
    requestHeaders: {},
  });
  const attempts = new Map<string, ExchangeNotes>();
  const handle: Handler = (request, sink) => {
    request.notes = {};
    if (request.method !== "POST" && request.target.includes("&id=")) attempts.set(request.target, request.notes);
    forwarder.handle(request, sink);
  };
  const door = createNodeDoor(handle, forwarder.upgrade, {
    port: 0,
    address: "127.0.0.1",
    tls: null,
    headerBytes: 16_384,
    requestTime: 60,
    lingerTime: 0.2,
  });
  const gateway = await door.listen();
  const agent = new Agent({ keepAlive: true });
  const client = new BadClient(Number(gateway.port), agent, upstream, attempts, random);

  const end = Date.now() + seconds * 1000;
  const restarting = restart(upstream, client, () => Date.now() < end - 500);
  let early = 0;
  const sampling = sleep(seconds * 250).then(() => {
    early = usedHeap();
  });
  await Promise.all(Array.from({ length: clients }, () => client.run(() => Date.now() < end)));
  await Promise.all([sampling, restarting]);
  agent.destroy();
  await door.close(1);
  await upstream.close();
  await forwarder.close();
  for (let wait = 0; wait < 500 && openSockets() > 0; wait += 1) await sleep(10);
  client.faults.socketsLeft = openSockets();
  return {
    seconds,
    requests: client.requests,
    restarts: upstream.restarts,
    outcomes: client.outcomes,
    faults: client.faults,
    heap: { early, late: usedHeap() },
  };
}

/** Does what the path of a request says, and worse at times. */
class BadUpstream {
  restarts = 0;
  /** Goes up when the upstream stops and when it is there again. */
  changes = 0;
  /** How often a request of this name came; whoever named it forgets it. */
  readonly seen: Map<string, number> = new Map();
  readonly #random: () => number;
  /** Connections whose end means something. */
  readonly #delimiting: WeakSet<Socket> = new WeakSet();
  #server: Server | null = null;
  #port = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.#port}`);
  }

  async listen(): Promise<void> {
    const server = createServer((message, answer) => this.#serve(message, answer));
    server.on("upgrade", (_message, socket: Socket) => {
      socket.on("error", () => {});
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      socket.pipe(socket);
    });
    server.on("clientError", (_error, socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async restart(): Promise<void> {
    this.restarts += 1;
    this.changes += 1;
    await this.close();
    await sleep(40);
    await this.listen();
    this.changes += 1;
  }

  #serve(message: IncomingMessage, answer: ServerResponse): void {
    const { pathname, searchParams } = new URL(message.url ?? "", "http://upstream");
    const id = searchParams.get("id") ?? "";
    const size = Number(searchParams.get("size") ?? 0);
    const times = (this.seen.get(id) ?? 0) + 1;
    if (this.seen.has(id)) this.seen.set(id, times);
    const { socket } = message;
    message.on("error", () => {});
    answer.on("error", () => {});

    const isFirst = times === 1;
    if ((pathname === "/flaky" && isFirst) || (pathname === "/order" && this.#random() < 0.2)) this.#kill(message);
    else if (pathname === "/cut") this.#cut(socket, size);
    else if (pathname === "/endless") {
      const timer = setInterval(() => answer.write(pattern.subarray(0, 10_000)), 1);
      answer.on("close", () => clearInterval(timer));
    } else this.#answer(message, answer, size);
  }

  /** Answers when the content is read to its end, as most servers do. */
  #answer(message: IncomingMessage, answer: ServerResponse, size: number): void {
    const { socket } = message;
    message.resume().on("end", () => {
      answer.setHeader("content-length", size);
      answer.end(pattern.subarray(0, size));
      // Without a word, so that the next request may cross it.
      if (this.#random() < 0.02) answer.on("finish", () => setTimeout(() => this.#end(socket), this.#random() * 3));
    });
  }

  #end(socket: Socket): void {
    if (!this.#delimiting.has(socket)) socket.end();
  }

  /** Ends a connection that has a request, in one of the ways there are. */
  #kill({ socket }: IncomingMessage): void {
    const way = Math.floor(this.#random() * 4);
    if (way === 0) socket.resetAndDestroy();
    else if (way === 1) socket.destroy();
    else if (way === 2) socket.end("HTTP/1.1 200 OK\r\ncontent-le");
    else setTimeout(() => socket.resetAndDestroy(), 5);
  }

  /** Begins an answer of `size` and ends it early. */
  #cut(socket: Socket, size: number): void {
    const half = pattern.subarray(0, Math.floor(size / 2));
    const way = Math.floor(this.#random() * 4);
    if (way === 0) socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
    else if (way === 1) socket.write(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${size}\r\n\r\n`);
    else if (way === 2) socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${size.toString(16)}\r\n`);
    else {
      this.#delimiting.add(socket);
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
    }
    socket.write(half, () => {
      // Where only the end of the connection ends the content, nothing but a reset tells.
      if (way === 3) setTimeout(() => socket.resetAndDestroy(), 5);
      else socket.end();
    });
  }
}

interface Answer {
  readonly status: number;
  /** Whether the response ended whole, as far as HTTP tells. */
  readonly isWhole: boolean;
  readonly isRight: boolean;
}

interface Sending {
  readonly method?: string;
  readonly content?: Buffer;
  /** Leaves after this many bytes of the response. */
  readonly leaveAfter?: number;
  readonly isSlow?: boolean;
  readonly size: number;
}

/** Sends requests one after the other and judges the answers. */
class BadClient {
  requests = 0;
  readonly outcomes: Record<string, number> = {};
  readonly faults = { postsSentTwice: 0, lost: 0, cutShortUnnoticed: 0, brokenTunnels: 0, socketsLeft: 0 };
  readonly #port: number;
  readonly #agent: Agent;
  readonly #upstream: BadUpstream;
  /** What the gateway did with the request for a path. */
  readonly #attempts: Map<string, ExchangeNotes>;
  readonly #random: () => number;

  constructor(
    port: number,
    agent: Agent,
    upstream: BadUpstream,
    attempts: Map<string, ExchangeNotes>,
    random: () => number,
  ) {
    this.#port = port;
    this.#agent = agent;
    this.#upstream = upstream;
    this.#attempts = attempts;
    this.#random = random;
  }

  async run(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      this.requests += 1;
      await this.#step(String(this.requests), Math.floor(this.#random() * 100));
    }
  }

  async #step(id: string, dice: number): Promise<void> {
    const { changes, seen } = this.#upstream;
    const size = Math.floor(this.#random() ** 3 * 200_000);
    if (dice < 62) await this.#ask("get", `/ok?size=${size}&id=${id}`, { size }, changes);
    else if (dice < 64) {
      seen.set(id, 0);
      await this.#ask("flaky get", `/flaky?size=${size}&id=${id}`, { size }, changes);
      seen.delete(id);
    } else if (dice < 66) {
      seen.set(id, 0);
      const put = { method: "PUT", content: pattern.subarray(0, 500), size };
      await this.#ask("flaky put", `/flaky?size=${size}&id=${id}`, put, changes);
      seen.delete(id);
    } else if (dice < 78) {
      seen.set(id, 0);
      const post = { method: "POST", content: pattern.subarray(0, Math.floor(size / 2)), size };
      const answer = await this.#send(`/order?size=${size}&id=${id}`, post);
      this.#count("post", answer);
      if ((seen.get(id) ?? 0) > 1) this.faults.postsSentTwice += 1;
      if (answer.status === 200 && answer.isWhole && !answer.isRight) this.faults.cutShortUnnoticed += 1;
      seen.delete(id);
    } else if (dice < 85) {
      const answer = await this.#send(`/cut?size=${size + 2}`, { size: size + 2 });
      this.#count("cut", answer);
      // A restart may close, and not reset, the connection whose end is the only mark.
      const mayBeWhole = this.#upstream.changes !== changes;
      if (answer.status === 200 && answer.isWhole && !mayBeWhole) this.faults.cutShortUnnoticed += 1;
    } else if (dice < 89) this.#count("left", await this.#send("/endless", { size: 0, leaveAfter: size }));
    else if (dice < 93) {
      const half = { method: "POST", content: pattern.subarray(0, 500), size, leaveAfter: -1 };
      this.#count("half sent", await this.#send(`/ok?size=${size}`, half));
    } else if (dice < 97) {
      await this.#ask("slow", `/ok?size=600000&id=${id}`, { size: 600_000, isSlow: true }, changes);
    } else await this.#upgrade(changes);
  }

  #count(kind: string, { status, isWhole }: Answer): void {
    const key = `${kind}: ${status === 0 ? "no answer" : `${status}${isWhole ? "" : ", cut"}`}`;
    this.outcomes[key] = (this.outcomes[key] ?? 0) + 1;
  }

  /** Sends a request whose answer has to come, and to be whole unless the upstream stopped in the middle of it. */
  async #ask(kind: string, path: string, sending: Sending, changes: number): Promise<void> {
    const answer = await this.#send(path, sending);
    const { attempts = 0 } = this.#attempts.get(path) ?? {};
    this.#attempts.delete(path);
    this.#count(kind, answer);
    const wasRestarted = this.#upstream.changes !== changes;
    if (answer.status === 200 && answer.isWhole && !answer.isRight) this.faults.cutShortUnnoticed += 1;
    if (answer.status === 200 && !answer.isWhole && !wasRestarted) this.faults.lost += 1;
    // One whose second attempt met the restart cannot be sent again.
    if (answer.status !== 200 && !(wasRestarted && attempts === 2)) this.faults.lost += 1;
  }

  #send(path: string, { method = "GET", content, leaveAfter, isSlow = false, size }: Sending): Promise<Answer> {
    return new Promise((resolve) => {
      let status = 0;
      const length = content === undefined ? 0 : content.length + (leaveAfter === -1 ? 500 : 0);
      const headers = content === undefined ? {} : { "content-length": length };
      const sent = request({ port: this.#port, host: "127.0.0.1", path, method, headers, agent: this.#agent });
      sent.on("error", () => resolve({ status, isWhole: false, isRight: false }));
      sent.on("close", () => resolve({ status, isWhole: false, isRight: false }));
      sent.on("response", (message) => {
        status = message.statusCode ?? 0;
        let bytes = 0;
        let isRight = true;
        message.on("error", () => {});
        message.on("data", (chunk: Buffer) => {
          isRight &&= chunk.equals(pattern.subarray(bytes, bytes + chunk.length));
          bytes += chunk.length;
          if (leaveAfter !== undefined && bytes > leaveAfter) sent.destroy();
          if (isSlow && message.readableFlowing) {
            message.pause();
            setTimeout(() => message.resume(), 1);
          }
        });
        message.on("end", () => resolve({ status, isWhole: message.complete, isRight: isRight && bytes === size }));
      });
      if (content !== undefined) sent.write(content);
      if (leaveAfter !== -1) sent.end();
      else setTimeout(() => sent.destroy(), 3);
    });
  }

  #upgrade(changes: number): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, "127.0.0.1");
      const sent = pattern.subarray(0, Math.floor(this.#random() * 100_000) + 1);
      let received = Buffer.alloc(0);
      let isRight = false;
      socket.write("GET /socket HTTP/1.1\r\nHost: g\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      socket.write(sent);
      socket.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        const end = received.indexOf("\r\n\r\n");
        if (received.length - end - 4 < sent.length) return;
        isRight = received.subarray(end + 4).equals(sent);
        if (this.#random() < 0.5) socket.resetAndDestroy();
        else socket.end();
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#count("upgrade", { status: isRight ? 101 : 0, isWhole: true, isRight });
        if (!isRight && this.#upstream.changes === changes) this.faults.brokenTunnels += 1;
        resolve();
      });
    });
  }
}

/** Restarts the upstream so rarely that retries stay within what a gateway may spend on them. */
async function restart(upstream: BadUpstream, client: BadClient, goesOn: () => boolean): Promise<void> {
  for (let next = 100; goesOn(); await sleep(10)) {
    if (client.requests < next) continue;
    next = client.requests + 500;
    await upstream.restart();
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function usedHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** A small generator of numbers below 1, the same ones for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (process.argv[1] === import.meta.filename) {
  const [seconds = 300, clients = 32, seed = 1] = process.argv.slice(2).map(Number);
  const report = await soak(seconds, clients, seed);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = Object.values(report.faults).some((count) => count > 0) ? 1 : 0;
}
