import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { median } from "./page-fetch.ts";
import type { Result } from "./run.ts";
import { type Framework, frameworks } from "./server/candidates.ts";
import { type Case, cases } from "./server/cases.ts";
import { type Library, libraries } from "./server/middleware.ts";
import { throughput } from "./server/throughput.ts";

const rounds = 31;

const peers: Readonly<Record<Framework, string>> = {
  express: "cors",
  fastify: "@fastify/cors",
  koa: "@koa/cors",
  hono: "hono/cors",
  "hono-node": "hono/cors",
};

/** Nanoseconds that a request takes, by round. */
type Costs = Readonly<Record<Library, readonly number[]>>;

/**
 * What `@corsac/server` costs in each framework, against the middleware that the framework's users use and against
 * nothing, with the same policy.
 *
 * Every library has a process of its own, as in a server: none runs on code that the engine shaped for another one. The
 * processes take turns, round by round. A round counts processor time, which the load of the machine hardly changes, and
 * the least of all rounds is taken. What is counted goes from Node's request to the head of the response being made,
 * since corsac works when it is sent; request and response are new each time, without a socket. `Origin` is a new string
 * each time, as from a parser. What the same costs without a library is subtracted on both sides.
 *
 * The middleware of Express and Koa is called directly; Fastify from its server on, and Hono from `fetch` or the listener
 * of `@hono/node-server` on, since there the libraries differ in what they make the framework do. The libraries come as
 * they are published: corsac from its build.
 */
export async function server(): Promise<Result[]> {
  const results: Result[] = [];
  for (const framework of frameworks) results.push(...(await compare(framework)));
  results.push(...(await throughput()));
  return results;
}

async function compare(framework: Framework): Promise<Result[]> {
  const children = await Promise.all(
    libraries.map(async (library) => [library, await start(framework, library)] as const),
  );
  const costs = new Map<Case["name"], Costs>();
  for (const { name } of cases) costs.set(name, await measure(name, children));
  for (const [, child] of children) child.kill();
  const costOf = (name: Case["name"], library: Library) => added(costs.get(name) as Costs, library);
  const rows = cases.map(({ name }): Result => {
    const [mine, theirs, hand] = (["corsac", "peer", "hand"] as const).map((library) => costOf(name, library));
    return {
      name: `${framework}: ${name}`,
      value: `${ratio(theirs, mine)}× as fast: ${show(mine)} (by hand ${show(hand)})`,
      against: `${peers[framework]}: ${show(theirs)}`,
      goal: "≥ 2",
    };
  });
  return [
    ...rows,
    {
      name: `${framework}: 10,000 origins, ratio`,
      value: ratio(costOf("10,000 origins", "corsac"), costOf("allowed GET", "corsac")),
      against: "3 origins",
      goal: "≤ 1.2",
    },
    {
      name: `${framework}: 8 KB of commas, ratio`,
      value: ratio(costOf("8 KB of commas", "corsac"), costOf("preflight", "corsac")),
      against: "preflight",
      goal: "≤ 1",
    },
  ];
}

/** What a library adds to nothing: the least first, then the middle. */
function added(costs: Costs, library: Library): readonly [least: number, middle: number] {
  return [Math.min(...costs[library]) - Math.min(...costs.none), median(costs[library]) - median(costs.none)];
}

type Cost = ReturnType<typeof added>;

function ratio(cost: Cost | undefined, base: Cost | undefined): string {
  return ((cost?.[0] ?? Number.NaN) / (base?.[0] ?? Number.NaN)).toFixed(2);
}

function show(cost: Cost | undefined): string {
  return `${cost?.map((nanos) => Math.round(nanos)).join("–")} ns`;
}

async function start(framework: Framework, library: Library): Promise<ChildProcess> {
  const child = fork(new URL("./server/candidate.ts", import.meta.url), [framework, library], {
    // Without the condition that asks for sources; and frameworks are quicker in production.
    execArgv: ["--import", "tsx"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  child.on("exit", (code) => {
    if (code !== null) throw new Error(`The process for ${framework}, ${library} failed.`);
  });
  await answerOf(child);
  return child;
}

async function measure(name: Case["name"], children: readonly (readonly [Library, ChildProcess])[]): Promise<Costs> {
  const costs: Record<Library, number[]> = { none: [], corsac: [], peer: [], hand: [] };
  // The first time a process is asked, it warms up.
  for (let index = 0; index <= rounds; index += 1) {
    for (const [library, child] of children) {
      child.send(name);
      const nanos = await answerOf(child);
      if (index > 0) costs[library].push(nanos);
    }
  }
  return costs;
}

async function answerOf(child: ChildProcess): Promise<number> {
  const [nanos] = (await once(child, "message")) as [number];
  return nanos;
}
