import { type AsyncPolicy, type DecidableRequest, definePolicy } from "@corsac/server";
import type { Result } from "./run.ts";

const three = ["https://app.example", "https://www.shop.example", "https://admin.shop.example"];
const rest = {
  credentials: true,
  methods: ["PUT"],
  requestHeaders: ["Authorization", "Content-Type", "X-Request-Id"],
  exposedHeaders: ["ETag"],
  maxAge: 600,
} as const;
const tenants = (count: number) => Array.from({ length: count }, (_, i) => `https://tenant-${i}.example`);
const listed = definePolicy({ origins: three, ...rest });
const patterns = definePolicy({ origins: ["https://*.shop.example", "http://localhost:*"], ...rest });
const evil = "https://evil.example.net";

function get(origin?: string): DecidableRequest {
  return { method: "GET", headers: { host: "api.example", accept: "*/*", ...(origin && { origin }) } };
}

function preflight(origin: string, names: string): DecidableRequest {
  const asked = { "access-control-request-method": "PUT", "access-control-request-headers": names };
  return { method: "OPTIONS", headers: { host: "api.example", origin, ...asked } };
}

/** As many different requests as with 3 origins, or the processor's cache would be what is measured. */
function threeOf(count: number): DecidableRequest[] {
  return [0, count / 2, count - 1].map((i) => get(`https://tenant-${i}.example`));
}

/** Name, policy, requests, and the most nanoseconds that it should take. */
const cases: readonly [string, AsyncPolicy, readonly DecidableRequest[], number][] = [
  ["no Origin", listed, [get()], 60],
  ["allowed GET, 3 origins", listed, three.map(get), 100],
  ["allowed GET, 10,000 origins", definePolicy({ origins: tenants(10_000), ...rest }), threeOf(10_000), 100],
  ["allowed GET, 100,000 origins", definePolicy({ origins: tenants(100_000), ...rest }), threeOf(100_000), 100],
  ["allowed GET, pattern", patterns, [get("https://a.shop.example")], 100],
  ["denied GET", listed, [get(evil)], 60],
  ["denied GET, patterns", patterns, [get(evil)], 200],
  ["preflight, 3 names", listed, [preflight("https://app.example", "authorization,content-type,x-request-id")], 350],
  ["denied preflight", listed, [preflight(evil, "content-type")], 350],
  ["preflight, 8 KB of commas", listed, [preflight("https://app.example", ",".repeat(8192))], 350],
  ["preflight, 8 KB of one name", listed, [preflight("https://app.example", "a".repeat(8192))], 350],
];

const rounds = 21;
const perRound = 100_000;

/** What `policy.decide` alone costs: processor time, the least of several rounds. */
export function policyDecision(): Result[] {
  return cases.map(([name, policy, requests, goal]) => ({
    name: `decide: ${name}`,
    value: `${Math.round(Math.min(...Array.from({ length: rounds }, () => round(policy, requests))))} ns`,
    against: "",
    goal: `≤ ${goal} ns`,
  }));
}

function round(policy: AsyncPolicy, requests: readonly DecidableRequest[]): number {
  const start = process.cpuUsage();
  let sum = 0;
  for (let i = 0, next = 0; i < perRound; i++) {
    const decision = policy.decide(requests[next] as DecidableRequest);
    // What is not used may not be computed.
    if (!(decision instanceof Promise)) sum += decision.edits.set.length;
    next = next + 1 === requests.length ? 0 : next + 1;
  }
  const { user, system } = process.cpuUsage(start);
  if (sum < 0) throw new Error("There are no negative lengths.");
  return ((user + system) * 1000) / perRound;
}
