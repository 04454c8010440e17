import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";

/** The command as a shell finds it. */
const program = process.argv[2];

async function corsac(...args) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const status = await new Promise((resolve) => child.on("close", resolve));
  return { status, output };
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

const server = createServer((request, response) => {
  if (request.url === "/open") response.setHeader("Access-Control-Allow-Origin", "*");
  response.end("hello");
});
const api = await listen(server);
const gone = createServer();
const nobody = await listen(gone);
gone.close();
const origin = ["--origin", "https://app.example"];

const expected = [
  { args: ["check", `${api}/open`, ...origin], status: 0 },
  { args: ["check", `${api}/closed`, ...origin], status: 1 },
  { args: ["check", `${api}/open`, "--origin", "not an origin"], status: 2 },
  { args: ["check", `${api}/open`, "--no-such-option"], status: 2 },
  { args: ["check", nobody, ...origin], status: 3 },
];
for (const { args, status } of expected) {
  const result = await corsac(...args);
  assert.equal(result.status, status, `corsac ${args.join(" ")} exits with ${result.status}\n${result.output}`);
  assert.doesNotMatch(result.output, /^\s+at .*\d+:\d+\)?$/m, "a stack trace");
}
const { output } = await corsac("check", `${api}/closed`, ...origin, "--json");
assert.equal(typeof JSON.parse(output), "object");

server.close();
server.closeAllConnections();
