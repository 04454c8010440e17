// @ts-check
// Starts real servers for tests: `node scripts/services.mjs postgres` or `redis`. Prints one line of JSON, `{"url": …}`,
// when the server is ready, and stops it when its own standard input ends, which it does when whoever started it dies.
// What is missing is installed from Debian's packages where that is possible; otherwise `{"missing": …}` says why not.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram, installPackages } from "./debian-package.mjs";

/** @typedef {{ url: string, stop: () => Promise<void> }} Service */

/** Where Debian puts the programs of PostgreSQL, newest first; or where the PATH has them. */
function postgresFolder() {
  const base = "/usr/lib/postgresql";
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const folder = versions.map((version) => join(base, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
  return folder ?? findProgram("initdb")?.replace(/\/initdb$/, "");
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/**
 * Waits until something accepts connections.
 *
 * @param {number} port
 * @param {import("node:child_process").ChildProcess} child
 */
async function untilOpen(port, child) {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error("the server does not listen");
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
async function end(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** @returns {Promise<Service | string>} */
async function startRedis() {
  const problem = findProgram("redis-server") === undefined ? installPackages("redis-server") : null;
  if (problem !== null) return problem;
  const folder = mkdtempSync(join(tmpdir(), "corsac-redis-"));
  const port = await freePort();
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--save", ""];
  const child = spawn("redis-server", options, { stdio: "ignore" });
  const stop = async () => {
    await end(child, "SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
  return started({ url: `redis://127.0.0.1:${port}`, stop }, port, child);
}

/** PostgreSQL refuses to run as root, so root lends it a user. */
function postgresUser() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (/** @type {string} */ flag) => Number(spawnSync("id", [flag, "postgres"]).stdout.toString().trim());
  const uid = idOf("-u");
  // Debian's package makes the user; 65534 is nobody.
  return Number.isInteger(uid) && uid > 0 ? { uid, gid: idOf("-g") } : { uid: 65_534, gid: 65_534 };
}

/** @returns {Promise<Service | string>} */
async function startPostgres() {
  const problem = postgresFolder() === undefined ? installPackages("postgresql") : null;
  if (problem !== null) return problem;
  const bin = postgresFolder() ?? "";
  const user = postgresUser();
  const folder = mkdtempSync(join(tmpdir(), "corsac-postgres-"));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const init = ["-D", data, "-U", "corsac", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"];
  const made = spawnSync(join(bin, "initdb"), init, { ...user, cwd: folder, encoding: "utf8" });
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    return `initdb failed: ${made.stderr.trim().split("\n").at(-1)}`;
  }
  const port = await freePort();
  const options = ["-D", data, "-p", `${port}`, "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off"];
  const child = spawn(join(bin, "postgres"), options, { ...user, cwd: folder, stdio: "ignore" });
  const stop = async () => {
    // Fast shutdown: sessions are ended, data is in order.
    await end(child, "SIGINT");
    rmSync(folder, { recursive: true, force: true });
  };
  const service = await started({ url: `postgres://corsac@127.0.0.1:${port}/postgres`, stop }, port, child);
  if (typeof service === "string") return service;
  // It listens a moment before it is ready.
  const ready = ["-h", "127.0.0.1", "-p", `${port}`, "-t", "20", "-q"];
  for (let attempt = 0; attempt < 100 && spawnSync(join(bin, "pg_isready"), ready).status !== 0; attempt++) {
    await sleep(50);
  }
  return service;
}

/**
 * @param {Service} service
 * @param {number} port
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<Service | string>}
 */
async function started(service, port, child) {
  try {
    await untilOpen(port, child);
    return service;
  } catch (error) {
    await service.stop();
    return String(error);
  }
}

const starters = new Map([
  ["redis", startRedis],
  ["postgres", startPostgres],
]);
const start = starters.get(process.argv[2] ?? "");
if (start === undefined) {
  process.stderr.write(`Say which: ${[...starters.keys()].join(", ")}.\n`);
  process.exit(2);
}
process.stdin.resume();
const hasNoMoreInput = once(process.stdin, "end");
const service = await start();
if (typeof service === "string") {
  process.stdout.write(`${JSON.stringify({ missing: service })}\n`);
  process.exit(0);
}
process.stdout.write(`${JSON.stringify({ url: service.url })}\n`);
await Promise.race([hasNoMoreInput, once(process, "SIGTERM"), once(process, "SIGINT")]);
await service.stop();
process.exit(0);
