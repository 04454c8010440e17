// `corsac gateway` from its start to its end: answers by the policy that the command line says, and stops when told to.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";

/** The command as npm starts it, without a shell between it and signals. */
const program = process.argv[2];
const origin = "http://localhost:3000";

const upstream = createServer((request, response) => response.end(request.url));
await once(upstream.listen(0, "127.0.0.1"), "listening");
const api = `http://127.0.0.1:${upstream.address().port}`;

const child = spawn(process.execPath, [program, "gateway", api, "--origin", origin, "--port", "0", "--no-color"]);
const ended = once(child, "close");
let output = "";
const address = await new Promise((resolve, reject) => {
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
      const found = /http:\/\/127\.0\.0\.1:(?!0\b)\d+/.exec(output.replaceAll(api, ""));
      if (found) resolve(found[0]);
    });
  }
  child.once("exit", (status) => reject(new Error(`It ended with ${status}:\n${output}`)));
});

const allowOriginFor = async (asking) => {
  const response = await fetch(`${address}/books`, { headers: { origin: asking } });
  assert.equal(await response.text(), "/books");
  return response.headers.get("access-control-allow-origin");
};
assert.equal(await allowOriginFor(origin), origin);
assert.equal(await allowOriginFor("https://evil.example"), null);

child.kill("SIGINT");
const [status, signal] = await ended;
// Windows knows no signals: there the process is ended.
if (process.platform !== "win32") assert.deepEqual([status, signal], [0, null], output);
upstream.close();
upstream.closeAllConnections();
