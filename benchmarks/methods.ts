import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore } from "@corsac/server/idempotency";
import { createSqliteStore, type SqliteDatabase } from "@corsac/server/idempotency/sqlite";
import { idempotencyKey, resource } from "@corsac/server/node";
import { entityTag } from "@corsac/server/resource";
import Database from "libsql";
import { Agent, request } from "undici";
import { median } from "./page-fetch.ts";
import type { Result } from "./run.ts";

const role = "serve-methods";

/** What is measured, and against which path of the bare handler. */
const rows = [
  { name: "resource()", path: "/resource", bare: "/bare", method: "GET" },
  { name: "resource() with validators", path: "/validated", bare: "/bare", method: "GET" },
  { name: "idempotencyKey(), no key sent", path: "/memory", bare: "/bare", method: "POST", hasKey: false },
  { name: "idempotencyKey(), memory", path: "/memory", bare: "/bare", method: "POST", hasKey: true },
  { name: "idempotencyKey(), SQLite", path: "/sqlite", bare: "/bare", method: "POST", hasKey: true },
] as const;

/**
 * What the promises of methods cost: requests over one connection, in alternating rounds against a bare handler of the
 * same server, which has a process of its own. Each keyed request has a key of its own, so that it is carried out and
 * kept. SQLite writes a file in WAL mode with `synchronous = NORMAL`.
 */
export async function methods(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "corsac-bench-"));
  const child = fork(new URL(import.meta.url), [role, join(folder, "keys.db")]);
  const [port] = (await once(child, "message")) as [number];
  const dispatcher = new Agent({ connections: 1 });
  const send = async (path: string, method: "GET" | "POST", hasKey: boolean) => {
    const headers = hasKey ? { "idempotency-key": `"${randomUUID()}"` } : {};
    const body = method === "POST" ? "Dune" : null;
    const answer = await request(`http://127.0.0.1:${port}${path}`, { dispatcher, method, headers, body });
    if (answer.statusCode !== 200) throw new Error(`${path} answers ${answer.statusCode}`);
    await answer.body.text();
  };
  const results: Result[] = [];
  for (const row of rows) {
    const hasKey = "hasKey" in row && row.hasKey;
    const measured = { own: [] as number[], bare: [] as number[], ratio: [] as number[] };
    // Many short rounds: whatever else the machine does then slows both.
    for (let index = 0; index < 56; index += 1) {
      const own = await round(() => send(row.path, row.method, hasKey), 100);
      const bare = await round(() => send(row.bare, row.method, hasKey), 100);
      // The first rounds warm up.
      if (index < 5) continue;
      measured.own.push(own);
      measured.bare.push(bare);
      measured.ratio.push(own / bare);
    }
    results.push({
      name: row.name,
      value: `${median(measured.ratio).toFixed(2)} (${micros(measured.own)} µs)`,
      against: `bare handler: ${micros(measured.bare)} µs`,
      goal: "",
    });
  }
  child.kill();
  await dispatcher.close();
  rmSync(folder, { recursive: true, force: true });
  return results;
}

async function round(run: () => Promise<unknown>, count: number): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) await run();
  return (performance.now() - start) / count;
}

function micros(milliseconds: readonly number[]): string {
  return (median(milliseconds) * 1000).toFixed(0);
}

function serve(file: string): void {
  const body = JSON.stringify({ title: "Dune", author: "Frank Herbert", year: 1965 });
  const answer = (_: IncomingMessage, response: ServerResponse) => {
    response.setHeader("Content-Type", "application/json");
    response.end(body);
  };
  const order = (incoming: IncomingMessage, response: ServerResponse) => {
    incoming.resume().on("end", () => answer(incoming, response));
  };
  const bare = (incoming: IncomingMessage, response: ServerResponse) =>
    incoming.method === "POST" ? order(incoming, response) : answer(incoming, response);
  const database = new Database(file);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  const listeners: Readonly<Record<string, (incoming: IncomingMessage, response: ServerResponse) => unknown>> = {
    "/bare": bare,
    "/resource": resource({ GET: answer }),
    "/validated": resource({ GET: answer }, { validators: () => ({ etag: entityTag(1) }) }),
    "/memory": idempotencyKey({ store: createMemoryStore() })(bare),
    "/sqlite": idempotencyKey({ store: createSqliteStore(database as SqliteDatabase) })(bare),
  };
  const server = createServer((incoming, response) => {
    listeners[incoming.url ?? ""]?.(incoming, response);
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
}

if (process.argv[2] === role) serve(process.argv[3] ?? "");
