import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { median } from "../page-fetch.ts";
import type { Result } from "../run.ts";
import { policies } from "./cases.ts";

const applications = ["express", "fastify", "hono"] as const;
const warmUps = 6;
const rounds = 31;
const perRound = 3000;
const connections = 16;

/** The request of a page on an allowed origin. */
const request = Buffer.from(
  "GET /books HTTP/1.1\r\nHost: api.example\r\nAccept: application/json\r\n" +
    `Origin: ${policies.three[0]}\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: cross-site\r\n\r\n`,
);

/** What stands before an application, as in the comparison of libraries. */
const libraries = ["none", "corsac", "hand"] as const;
type Library = (typeof libraries)[number];

/**
 * What of an application's throughput is left with corsac before it, and with the same headers set by hand: allowed GET
 * requests over a few connections, each with one request at a time as browsers have it. All servers have processes of
 * their own and take turns. The time of the clock depends on the load of the machine, the server's processor time less.
 */
export async function throughput(): Promise<Result[]> {
  const results: Result[] = [];
  for (const framework of applications) {
    const applicationsOf = {
      none: await start(framework, "none"),
      corsac: await start(framework, "corsac"),
      hand: await start(framework, "hand"),
    };
    const seconds: Record<Library, number[]> = { none: [], corsac: [], hand: [] };
    const micros: Record<Library, number[]> = { none: [], corsac: [], hand: [] };
    for (let index = -warmUps; index < rounds; index += 1) {
      // Nobody is always the first.
      for (let turn = 0; turn < libraries.length; turn += 1) {
        const library = libraries[(index + warmUps + turn) % libraries.length] as Library;
        const measured = await round(applicationsOf[library]);
        if (index < 0) continue;
        seconds[library].push(measured.seconds);
        micros[library].push(measured.micros);
      }
    }
    for (const { child, sockets } of Object.values(applicationsOf)) {
      for (const socket of sockets) socket.destroy();
      child.kill();
    }
    const left = (library: Library) =>
      median(seconds[library].map((each, index) => (seconds.none[index] as number) / each)).toFixed(3);
    const least = (library: Library) => Math.min(...micros[library]);
    const name = `${framework}: throughput with corsac`;
    const against = `${framework} without`;
    results.push(
      { name: `${name}, ratio`, value: `${left("corsac")} (by hand ${left("hand")})`, against, goal: "≥ 0.97" },
      {
        name: `${name}, by processor time`,
        value: `${(least("none") / least("corsac")).toFixed(3)} (by hand ${(least("none") / least("hand")).toFixed(3)})`,
        against: `${against}: ${least("none").toFixed(1)} µs`,
        goal: "≥ 0.97",
      },
    );
  }
  return results;
}

interface Application {
  readonly child: ChildProcess;
  readonly sockets: readonly Socket[];
  /** Bytes of a response, which is always the same. */
  readonly length: number;
}

async function start(application: string, library: string): Promise<Application> {
  const child = fork(new URL("./served-application.ts", import.meta.url), [application, library], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const [port] = (await once(child, "message")) as [number];
  const sockets: Socket[] = [];
  for (let index = 0; index < connections; index += 1) {
    const socket = connect(port, "127.0.0.1").setNoDelay(true);
    await once(socket, "connect");
    sockets.push(socket);
  }
  const [first] = sockets as [Socket];
  first.write(request);
  const [response] = (await once(first, "data")) as [Buffer];
  const allows = response.toString().includes(`access-control-allow-origin: ${policies.three[0]}`);
  if (allows !== (library !== "none")) throw new Error(`${application}, ${library}: ${response}`);
  return { child, sockets, length: response.byteLength };
}

/** Seconds that a round took, and microseconds of the server's processor time for each request. */
async function round(application: Application): Promise<{ seconds: number; micros: number }> {
  const before = await processorTime(application.child);
  const begin = performance.now();
  await Promise.all(application.sockets.map((socket) => ask(socket, perRound / connections, application.length)));
  const seconds = (performance.now() - begin) / 1000;
  return { seconds, micros: ((await processorTime(application.child)) - before) / perRound };
}

async function processorTime(child: ChildProcess): Promise<number> {
  child.send("time");
  const [micros] = (await once(child, "message")) as [number];
  return micros;
}

function ask(socket: Socket, count: number, length: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = Math.ceil(count);
    let received = 0;
    const onData = (chunk: Buffer) => {
      received += chunk.byteLength;
      if (received < length) return;
      received = 0;
      left -= 1;
      if (left > 0) {
        socket.write(request);
        return;
      }
      socket.off("data", onData).off("close", reject);
      resolve();
    };
    socket.on("data", onData).on("close", reject);
    socket.write(request);
  });
}
