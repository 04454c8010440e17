import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { freePort } from "./free-port.ts";
import { cachingGateway } from "./gateway.ts";
import { Suite, type SuiteResult, type TestKind } from "./suite.ts";

const { values } = parseArgs({ options: { id: { type: "string" }, verbose: { type: "boolean", default: false } } });
const directory = process.env.CACHE_TESTS_DIR;
if (directory === undefined) {
  console.error("CACHE_TESTS_DIR names no checkout of http-tests/cache-tests.");
  process.exit(2);
}

const suite = new Suite(directory);
const port = await freePort();
const origin = await suite.startOrigin(port);
const gateway = cachingGateway(`http://127.0.0.1:${port}`);
try {
  const url = await gateway.listen();
  const output = await suite.run(url.origin, values.id);
  if (values.id !== undefined) console.log(output);
  else process.exitCode = await report(await suite.judge(output));
} finally {
  origin.kill();
  await gateway.close(0);
}

/** Tells what differs from the expectations, and the score; returns the exit code. */
async function report(results: readonly SuiteResult[]): Promise<number> {
  const text = await readFile(new URL("expectations.json", import.meta.url), "utf8");
  const expected = JSON.parse(text) as Readonly<Record<string, string>>;
  let surprises = 0;
  for (const { id, kind, outcome, message } of results) {
    if (kind === "check") {
      if (values.verbose) console.log(`${outcome === "pass" ? "yes" : "no "} ${id} ${message}`);
      continue;
    }
    if ((outcome === "pass") !== id in expected) continue;
    surprises += 1;
    console.log(`${outcome} ${kind} ${id} ${message}`);
  }
  const groups = [...new Set(results.map(({ group }) => group))];
  for (const group of groups) {
    const own = results.filter((result) => result.group === group);
    console.log(`${group.padEnd(20)} ${score(own, "required")}  ${score(own, "optimal")}  ${score(own, "check")}`);
  }
  console.log(
    `${"total".padEnd(20)} ${score(results, "required")}  ${score(results, "optimal")}  ${score(results, "check")}`,
  );
  console.log(surprises === 0 ? "As expected." : `${surprises} not as expected.`);
  return surprises === 0 ? 0 : 1;
}

/** Passed, passed without regard to dependencies, and all. */
function score(results: readonly SuiteResult[], kind: TestKind): string {
  const own = results.filter((result) => result.kind === kind);
  const passed = own.filter(({ outcome }) => outcome === "pass").length;
  const raw = own.filter((result) => result.passed).length;
  return `${kind} ${passed} (${raw}) of ${own.length}`.padEnd(28);
}
