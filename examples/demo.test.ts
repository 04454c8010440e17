import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** As `npm start` runs it: built. */
const demo = fileURLToPath(new URL("dist/demo.js", import.meta.url));

test("the demonstration checks five situations: one is allowed, and each of the others fails at something else", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [demo, "--once"]);
  expect(stderr).toBe("");
  const heads = stdout.split("\n").filter((line) => /^[✔✖] /u.test(line));
  expect(heads.map((line) => line.replace(/ {2,}at step.*$| {2}(?:GET|PUT) http.*$/, ""))).toEqual([
    "✔ allowed",
    "✖ blocked",
    "✖ allow-origin-missing",
    "✖ blocked",
    "✖ header-not-allowed",
    "✖ blocked",
    "✖ allow-origin-wildcard-with-credentials",
    "✖ allow-credentials-not-true",
    "✖ blocked",
    "✖ redirect-response-blocked",
  ]);
});
