import { once } from "node:events";
import { accessSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { book, largeBytes } from "./gateway/configurations.ts";
import { allowedOrigin, load, type Round } from "./gateway/load.ts";
import { type RunningServer, startOrigin, startProxy } from "./gateway/proxies.ts";
import { median } from "./page-fetch.ts";
import type { Result } from "./run.ts";

const rounds = 7;
const roundSeconds = 1;
/** Engines compile what runs often; a busy machine gets there later, and not for ever. */
const warmUpRequests = 10_000;
const warmUpSeconds = 3;

const proxies = ["nginx", "corsac", "by hand", "caddy", "httpxy", "http-proxy-middleware", "cors-anywhere"] as const;
type Proxy = (typeof proxies)[number];

interface Case {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly proxies: readonly Proxy[];
  readonly goal: string;
}

const cases: readonly Case[] = [
  { name: "1 KB forwarded", path: "/book", bytes: book.length, proxies, goal: "≥ 0.5 of nginx's requests/s" },
  {
    name: "1 KB cached",
    path: "/cached/book",
    bytes: book.length,
    proxies: ["nginx", "corsac", "by hand"],
    goal: "≥ 1 of nginx's requests/s",
  },
  {
    name: "100 KB forwarded",
    path: "/large",
    bytes: largeBytes,
    proxies: ["nginx", "corsac", "by hand", "caddy", "httpxy"],
    goal: "≤ 3 × nginx's CPU",
  },
];

/** The rounds of one case, by proxy. */
type Rounds = ReadonlyMap<Proxy, readonly Round[]>;

/**
 * What `@corsac/gateway` does on one core, against nginx, Caddy and the proxies of npm, with the same policy: one origin,
 * credentials. The proxies take turns, round by round, each in a process of its own on the first core; the API and the
 * load have the second. Processor time per request depends least on what else the machine does; requests per second show
 * what a client gets. `by hand` is the least that a proxy on Node does.
 *
 * nginx, wrk and taskset are asked for; without one of them nothing is measured. Caddy is left out where it is missing.
 */
export async function gateway(): Promise<Result[]> {
  const missing = ["nginx", "wrk", "taskset"].filter((program) => !isInstalled(program));
  if (missing.length > 0) return [absent(missing.join(", "), "nothing is measured")];

  const folder = await mkdtemp(join(tmpdir(), "corsac-gateway-"));
  const running = new Map<Proxy, RunningServer>();
  const origin = await startOrigin(join(folder, "origin"));
  try {
    for (const name of proxies) {
      if (name === "caddy" && !isInstalled(name)) continue;
      running.set(name, await startProxy(name, join(folder, name.replace(" ", "-")), origin.port));
    }
    const results: Result[] = running.has("caddy") ? [] : [absent("caddy", "left out")];
    const measured: Rounds[] = [];
    for (const asked of cases) measured.push(await measure(asked, running, origin.port));
    for (const [index, asked] of cases.entries()) results.push(...report(asked, measured[index] as Rounds));
    const [forwarded, cached] = measured as [Rounds, Rounds];
    results.push(
      against("1 KB forwarded: corsac", forwarded, "corsac", forwarded, "cors-anywhere", "≥ 10 of its requests/s"),
      against("1 KB: corsac from its cache", cached, "corsac", forwarded, "nginx", ""),
    );
    return results;
  } finally {
    const servers = [origin, ...running.values()];
    for (const { child } of servers) child.kill("SIGKILL");
    await Promise.all(servers.map(({ child }) => child.exitCode ?? child.signalCode ?? once(child, "exit")));
    await rm(folder, { recursive: true });
  }
}

async function measure(asked: Case, running: ReadonlyMap<Proxy, RunningServer>, origin: number): Promise<Rounds> {
  const taken = new Map<Proxy, Round[]>();
  const urls = new Map<Proxy, string>();
  for (const name of asked.proxies) {
    const server = running.get(name);
    if (server === undefined) continue;
    const base = `http://127.0.0.1:${server.port}`;
    const url = name === "cors-anywhere" ? `${base}/http://127.0.0.1:${origin}${asked.path}` : base + asked.path;
    await check(asked, name, url);
    urls.set(name, url);
    taken.set(name, []);
  }
  const roundOf = (name: Proxy, url: string) => load(url, running.get(name)?.child.pid as number, roundSeconds);
  for (const [name, url] of urls) {
    let requests = 0;
    for (let second = 0; second < warmUpSeconds && requests < warmUpRequests; second += roundSeconds) {
      requests += (await roundOf(name, url)).requests;
    }
  }
  for (let index = 0; index < rounds; index += 1) {
    for (const [name, url] of urls) taken.get(name)?.push(await roundOf(name, url));
  }
  return taken;
}

/** Nobody is quick by leaving something out. */
async function check({ name, bytes }: Case, proxy: Proxy, url: string): Promise<void> {
  const response = await fetch(url, { headers: { origin: allowedOrigin } });
  const { byteLength } = await response.arrayBuffer();
  const allowed = response.headers.get("access-control-allow-origin");
  // This one knows no policy but `*`.
  const expected = proxy === "cors-anywhere" ? "*" : allowedOrigin;
  if (response.status !== 200 || byteLength !== bytes || allowed !== expected) {
    throw new Error(`${name}, ${proxy}: ${response.status}, ${byteLength} bytes, allowed: ${allowed}`);
  }
}

function report({ name, proxies: asked, goal }: Case, measured: Rounds): Result[] {
  return asked
    .filter((proxy) => proxy !== "nginx" && measured.has(proxy))
    .map((proxy) => against(`${name}: ${proxy}`, measured, proxy, measured, "nginx", proxy === "corsac" ? goal : ""));
}

/** How one proxy did against another one, by the middle of the rounds. */
function against(name: string, mine: Rounds, proxy: Proxy, theirs: Rounds, peer: Proxy, goal: string): Result {
  const [left, right] = [mine.get(proxy) ?? [], theirs.get(peer) ?? []];
  const ratio = (of: (round: Round) => number) =>
    median(left.map((round, index) => of(round) / of(right[index] as Round))).toFixed(2);
  return {
    name,
    value: `${ratio((round) => round.requestsPerSecond)} of its requests/s, ${ratio((round) => round.micros)} × its CPU (${show(left)})`,
    against: `${peer}: ${show(right)}`,
    goal,
  };
}

function show(taken: readonly Round[]): string {
  const perSecond = Math.round(median(taken.map((round) => round.requestsPerSecond)));
  return `${perSecond}/s, ${median(taken.map((round) => round.micros)).toFixed(1)} µs`;
}

function absent(programs: string, consequence: string): Result {
  return { name: `not installed: ${programs}`, value: consequence, against: "", goal: "" };
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program));
      return true;
    } catch {
      return false;
    }
  });
}
