import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

/** The core of the proxy under test, and that of everything else. */
export const proxyCore = 0;
export const otherCore = 1;

const connections = 16;

/** The origin that the policy names. */
export const allowedOrigin = "https://app.example";

/** What one round of load found. */
export interface Round {
  readonly requestsPerSecond: number;
  /** Processor time of the proxy for each request, in microseconds. */
  readonly micros: number;
  readonly requests: number;
}

/** Starts a program that stays on one core. */
export function startOn(core: number, command: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn("taskset", ["-c", String(core), ...command], {
    env: { ...process.env, ...environment, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}

/**
 * Has wrk ask for one URL over a few connections, as a page on an allowed origin does.
 *
 * @param pid of the proxy
 * @throws when an answer is not 200
 */
export async function load(url: string, pid: number, seconds: number): Promise<Round> {
  const before = processorTime(pid);
  const wrk = spawn(
    "taskset",
    ["-c", String(otherCore), "wrk", "-t1", `-c${connections}`, `-d${seconds}s`, "-H", `Origin: ${allowedOrigin}`, url],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [report] = await Promise.all([text(wrk.stdout), once(wrk, "close")]);
  const micros = processorTime(pid) - before;
  const [, requests, time] = /(\d+) requests in ([\d.]+)s/.exec(report) ?? [];
  if (requests === undefined || time === undefined || /Non-2xx|connect [1-9]/.test(report)) {
    throw new Error(`wrk ${url}: ${report}`);
  }
  return {
    requestsPerSecond: Number(requests) / Number(time),
    micros: micros / Number(requests),
    requests: Number(requests),
  };
}

/** What a process has used so far, in microseconds; counted by the system in hundredths of a second. */
function processorTime(pid: number): number {
  // Before the name's closing parenthesis there may be anything.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
