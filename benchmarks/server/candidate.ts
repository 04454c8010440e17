import { type Candidate, createCandidate, type Framework } from "./candidates.ts";
import { type Case, cases } from "./cases.ts";
import type { Library } from "./middleware.ts";

/** Which library to measure, in which framework. It comes as arguments of this process. */
const [framework, library] = process.argv.slice(2) as [Framework, Library];

/** How long a round takes, in microseconds of processor time. */
const roundMicros = 30_000;

interface Ready {
  readonly candidate: Candidate;
  readonly count: number;
}

const ready = new Map<string, Ready>();

/** Warms a case up and finds how many requests make a round. */
async function prepare(asked: Case): Promise<Ready> {
  const candidate = await createCandidate(framework, library, asked);
  await check(candidate, asked);
  let count = 64;
  for (let warmed = 0; warmed < 10; ) {
    const micros = await measure(candidate, count);
    if (micros < roundMicros / 2) count *= 2;
    else warmed += 1;
  }
  return { candidate, count };
}

async function measure({ serve }: Candidate, count: number): Promise<number> {
  const start = process.cpuUsage();
  await serve(count);
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

async function check({ look }: Candidate, { name, method, isAllowed }: Case): Promise<void> {
  const { status, headers } = await look();
  const allowOrigin = headers.get("access-control-allow-origin");
  // Only corsac looks at what a preflight asks for.
  const grants = library !== "none" && (isAllowed || (library !== "corsac" && method === "OPTIONS"));
  const isRefused = library === "corsac" && method === "OPTIONS" && !isAllowed;
  const expected = isRefused ? 403 : method === "OPTIONS" ? 204 : 200;
  if ((allowOrigin !== null) !== grants || status !== expected) {
    throw new Error(`${framework}, ${library}, ${name}: ${status}, allowed: ${allowOrigin}`);
  }
  if (library !== "none" && !/\borigin\b/i.test(headers.get("vary") ?? "")) throw new Error(`${name}: no Vary`);
}

process.on("message", async (name: string) => {
  const known = ready.get(name);
  if (known !== undefined) {
    process.send?.(((await measure(known.candidate, known.count)) * 1000) / known.count);
    return;
  }
  ready.set(name, await prepare(cases.find((asked) => asked.name === name) as Case));
  process.send?.(0);
});
process.send?.(0);
