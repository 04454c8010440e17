import { corsCheck, corsPreflightProblems, type HeaderList, preflightReasons } from "@corsac/protocol";
import { Bench } from "tinybench";
import type { Result } from "./run.ts";

const responseHeaders: HeaderList = [
  ["Date", "Sun, 22 Nov 2026 12:00:00 GMT"],
  ["Content-Type", "application/json"],
  ["Access-Control-Allow-Origin", "https://app.example"],
  ["Access-Control-Allow-Credentials", "true"],
  ["Access-Control-Allow-Methods", "GET, PUT, DELETE"],
  ["Access-Control-Allow-Headers", "Content-Type, X-Request-Id"],
  ["Vary", "Origin"],
];

const request = {
  serializedOrigin: "https://app.example",
  credentialsMode: "include",
  method: "PUT",
  headers: [
    ["Accept", "application/json"],
    ["Content-Type", "application/json"],
    ["X-Request-Id", "7"],
  ],
  useCorsPreflight: false,
  unsafeRequest: true,
} as const;

/** What the decisions of the core cost, in nanoseconds for each request. */
export async function corsDecision(): Promise<Result[]> {
  const bench = new Bench({ time: 1000 });
  bench.add("CORS check", () => void corsCheck(request, { status: 200, headers: responseHeaders }));
  bench.add("preflight reasons", () => void preflightReasons(request));
  bench.add("CORS-preflight judgement", () => {
    corsPreflightProblems(request, { status: 204, headers: responseHeaders });
  });
  await bench.run();
  return bench.tasks.map(({ name, result }) => ({
    name,
    value: "latency" in result ? `${Math.round(result.latency.p50 * 1e6)} ns` : "failed",
    against: "",
    goal: "",
  }));
}
