import { parseArgs } from "node:util";
import { commandStartup } from "./command-startup.ts";
import { corsDecision } from "./cors-decision.ts";
import { gateway } from "./gateway.ts";
import { methods } from "./methods.ts";
import { pageFetch } from "./page-fetch.ts";
import { policyDecision } from "./policy-decision.ts";
import { server } from "./server.ts";

/** One line of the report. */
export interface Result {
  readonly name: string;
  readonly value: string;
  /** What the value is measured against; empty for an absolute one. */
  readonly against: string;
  readonly goal: string;
}

const benchmarks = {
  "cors-decision": corsDecision,
  "policy-decision": policyDecision,
  server,
  gateway,
  "page-fetch": pageFetch,
  methods,
  "command-startup": commandStartup,
} as const;

const { positionals } = parseArgs({ allowPositionals: true });
const results: Result[] = [];
for (const [name, run] of Object.entries(benchmarks)) {
  if (positionals.length === 0 || positionals.includes(name)) results.push(...(await run()));
}
console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
console.table(results);
