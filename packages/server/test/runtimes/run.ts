// Puts the applications of every harness, in every runtime that can run them, to the questions of the table:
// `npm run test:runtimes`. Arguments choose runtimes by the beginning of their names.
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Harness, rawBehaviours } from "../application.ts";
import { type Case, optionsCases, policyCases, protectionCases } from "../cases.ts";
import { ask } from "../cors-client.ts";
import { bundleScript, bundleWorker } from "./bundle.ts";
import { nativeHarnesses, nodeHarnesses } from "./harnesses.ts";
import { installRuntimes } from "./install.ts";
import { type RunningApplications, type Runtime, scriptRuntime, workerd } from "./runtime.ts";

const packages = installRuntimes();
const folder = join(packages, "..");
const script = await bundleScript(folder);
const workerHarnesses: readonly Harness[] = ["web", "hono"].map((name) => ({
  name,
  lacks: rawBehaviours,
  statuses: { missing: 404, malformed: name === "hono" ? 200 : 404 },
  start: () => Promise.reject(new Error("A worker is started by its runtime.")),
}));
const config = await bundleWorker(
  folder,
  workerHarnesses.flatMap(({ name }) => [name, `${name}Protected`]),
);

const program = (path: string) => join(packages, path);
const denoArgs = ["run", "--quiet", "--node-modules-dir=manual", "--allow-all", script];
const plan: readonly (readonly [Runtime, readonly Harness[]])[] = [
  // The first is the oldest that will do.
  ...["20", "22", "24", "26"].map(
    (major) => [scriptRuntime(`Node ${major}`, program(`node-${major}/bin/node`), [script]), nodeHarnesses] as const,
  ),
  [scriptRuntime("Bun", program(".bin/bun"), [script]), [...nodeHarnesses, ...nativeHarnesses]],
  [scriptRuntime("Deno", program(".bin/deno"), denoArgs), [...nodeHarnesses, ...nativeHarnesses]],
  [workerd(program(".bin/workerd"), config), workerHarnesses],
];

let hasFailed = false;
const chosen = process.argv.slice(2);
for (const [runtime, harnesses] of plan) {
  if (chosen.length > 0 && !chosen.some((name) => runtime.name.toLowerCase().startsWith(name.toLowerCase()))) continue;
  for (const harness of harnesses) await runHarness(runtime, harness);
}
process.exitCode = hasFailed ? 1 : 0;

async function runHarness(runtime: Runtime, harness: Harness): Promise<void> {
  const title = `${runtime.name} (${runtime.version}), ${harness.name}`;
  let server: RunningApplications;
  try {
    server = await runtime.serve(harness.name);
  } catch (error) {
    hasFailed = true;
    print(`${title}: FAILED to start\n${error}`);
    return;
  }
  const [policyUrl, protectionUrl] = server.urls;
  const questions: [url: string, Case][] = [
    ...[...policyCases(harness), ...optionsCases].map((row): [string, Case] => [policyUrl, row]),
    ...protectionCases.map((row): [string, Case] => [protectionUrl, row]),
  ];
  const failures: string[] = [];
  // Some at a time: not every runtime queues more connections than that.
  for (let index = 0; index < questions.length; index += 16) {
    const some = questions.slice(index, index + 16).map(async ([url, row]) => {
      const fault = await faultOf(url, row, harness);
      if (fault !== null) failures.push(`${row.title}: ${fault}`);
    });
    await Promise.all(some);
  }
  const crash = await server.stop();
  if (crash !== null) failures.push(`the server ended: ${crash}`);
  print(`${title}: ${questions.length - failures.length} of ${questions.length} hold`);
  for (const failure of failures) print(`  ${failure}`);
  if (failures.length > 0) hasFailed = true;
}

/** Asks and says what is wrong with the answer; null when it is as it has to be. */
async function faultOf(url: string, { question, status, headers }: Case, { http2 }: Harness): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(10_000);
    const answer = await Promise.race([
      ask({ url }, question, { http2: http2 === true }),
      new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("no answer within ten seconds")));
      }),
    ]);
    if (!isDeepStrictEqual(answer.headers, headers)) return JSON.stringify(answer.headers);
    if (status !== undefined && ![status].flat().includes(answer.status)) return `status ${answer.status}`;
    return null;
  } catch (error) {
    return String(error);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
