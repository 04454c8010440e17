// A server of orders in a process of its own, which tests kill: `killed-server.ts <store> <where the store is>`. An order
// is an append to the ledger, a file of one line for each order; the store and the ledger are two things, as they are
// where an order ends up in another system.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import Database from "libsql";
import { idempotencyKey } from "../src/adapters/node.ts";
import { createMemoryStore, type IdempotencyStore, idempotencyOf } from "../src/idempotency/index.ts";
import { createPostgresStore } from "../src/idempotency/postgres-store.ts";
import { createRedisStore } from "../src/idempotency/redis-store.ts";
import { createSqliteStore, type SqliteDatabase } from "../src/idempotency/sqlite-store.ts";
import { openPool } from "./open-pool.ts";

const [name = "", place = "", ledger = ""] = process.argv.slice(2);

const stores: Readonly<Record<string, () => IdempotencyStore>> = {
  memory: () => createMemoryStore(),
  sqlite: () => createSqliteStore(new Database(place) as SqliteDatabase),
  redis: () => createRedisStore(new Redis(place)),
  postgres: () => createPostgresStore(openPool({ connectionString: place })),
};

const store = stores[name]?.();
if (store === undefined) throw new Error(`${name} is no store`);

/** Where a test wants the process to stand still, so that it is killed just there. */
const stopping: Readonly<Record<string, "after" | "before">> = { "/before": "before", "/after": "after" };

async function order(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { id, attempt } = idempotencyOf(request) ?? { id: "none", attempt: 0 };
  const stop = attempt === 1 ? stopping[request.url ?? ""] : undefined;
  if (stop === "before") await stand();
  // An attempt that comes after a death looks first. The first one does not: whatever is carried out twice is there twice.
  const isDone = attempt > 1 && existsSync(ledger) && readFileSync(ledger, "utf8").split("\n").includes(id);
  if (!isDone) appendFileSync(ledger, `${id}\n`);
  if (stop === "after") await stand();
  if (request.url === "/slow") await sleep(100);
  response.writeHead(201, { "content-type": "text/plain" }).end(`attempt ${attempt}`);
}

async function stand(): Promise<never> {
  process.stdout.write("standing\n");
  await sleep(60_000);
  throw new Error("nobody has killed this process");
}

const server = createServer(idempotencyKey({ store, lease: 0.5 })(order)).listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
