// Serves the applications that the cases need, by the harness whose name is the argument. Prints their URLs as JSON and
// stops when its standard input ends.
import { mountsOfCases } from "../cases.ts";
import { nativeHarnesses, nodeHarnesses } from "./harnesses.ts";

const harness = [...nodeHarnesses, ...nativeHarnesses].find(({ name }) => name === process.argv[2]);
if (harness === undefined) throw new Error(`There is no harness ${process.argv[2]}.`);
const { policy, protection } = mountsOfCases();
const servers = await Promise.all([harness.start(policy), harness.start(protection)]);
process.stdout.write(`${JSON.stringify(servers.map(({ url }) => url))}\n`);
process.stdin.on("end", () => process.exit());
process.stdin.resume();
