// @ts-check
// `npm test`: sets up what is missing, then lints, type-checks and runs every test. Arguments go to Vitest.
import { setUp, tool } from "./setup.mjs";

setUp();
const steps = [
  () => tool("@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."]),
  () => tool("typescript/bin/tsc", ["-b"]),
  () => tool("vitest/vitest.mjs", ["run", ...process.argv.slice(2)]),
];
// All of them run, so that one look shows all that is wrong; Vitest's summary comes last.
const results = steps.map((step) => step());
process.exitCode = results.every(Boolean) ? 0 : 1;
