import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Browser } from "@corsac/browser";
import { Agent, fetch } from "undici";
import type { Result } from "./run.ts";

const role = "serve";

/**
 * What enforcing the browser's rules costs: an allowed cross-origin GET with a warm CORS-preflight cache against plain
 * undici `fetch`, in alternating rounds against one server, which has a process of its own.
 */
export async function pageFetch(): Promise<Result[]> {
  const child = fork(new URL(import.meta.url), [role]);
  const [port] = (await once(child, "message")) as [number];
  const url = `http://localhost:${port}/books`;
  // A header that needs a preflight, so that every request asks the CORS-preflight cache.
  const init = { headers: { "X-Request-Id": "7" } };
  const browser = new Browser({ httpCacheBytes: 0 });
  const page = browser.open("http://localhost:3000/");
  const dispatcher = new Agent();
  const runners = {
    page: async () => (await page.fetch(url, init)).text(),
    undici: async () => (await fetch(url, { ...init, dispatcher })).text(),
  };
  const ratios: number[] = [];
  const rounds = { page: [] as number[], undici: [] as number[] };
  await round(runners.page, 2000);
  await round(runners.undici, 2000);
  for (let index = 0; index < 11; index += 1) {
    const [mine, theirs] = [await round(runners.page, 1000), await round(runners.undici, 1000)];
    rounds.page.push(mine);
    rounds.undici.push(theirs);
    ratios.push(mine / theirs);
  }
  child.kill();
  await Promise.all([browser.close(), dispatcher.close()]);
  return [
    {
      name: "page.fetch",
      value: `${micros(rounds.page)} µs`,
      against: `undici fetch: ${micros(rounds.undici)} µs`,
      goal: "",
    },
    { name: "page.fetch, ratio", value: median(ratios).toFixed(2), against: "undici fetch", goal: "≤ 1.3" },
  ];
}

async function round(run: () => Promise<unknown>, count: number): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) await run();
  return (performance.now() - start) / count;
}

/** The middle of an odd number of values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) / 2] as number;
}

function micros(milliseconds: readonly number[]): number {
  return Math.round(median(milliseconds) * 1000);
}

if (process.argv[2] === role) {
  const server = createServer((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
    response.setHeader("Access-Control-Allow-Headers", "X-Request-Id");
    response.setHeader("Access-Control-Max-Age", "600");
    response.end('[{"title":"Dune"}]');
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
}
