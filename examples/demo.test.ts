import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
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
    "✖ preflight-status-not-ok",
    "✖ blocked",
    "✖ allow-origin-wildcard-with-credentials",
    "✖ allow-credentials-not-true",
    "✖ blocked",
    "✖ redirect-response-blocked",
  ]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends it, also between two checks, and nothing went wrong",
  async (signal) => {
    for (const moment of ["The books API listens", "Press Ctrl-C"]) {
      const child = spawn(process.execPath, [demo], { stdio: ["ignore", "pipe", "pipe"] });
      const exit = once(child, "exit");
      let errors = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        errors += text;
      });
      let output = "";
      let isTold = false;
      for await (const text of child.stdout.setEncoding("utf8")) {
        output += text;
        // Once: a second signal does not wait for anything to be closed.
        if (!isTold && output.includes(moment)) isTold = child.kill(signal);
      }
      expect(isTold).toBe(true);
      expect([await exit, errors]).toEqual([[0, null], ""]);
    }
  },
);
