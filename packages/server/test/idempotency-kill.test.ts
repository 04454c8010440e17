import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { bundlePrograms } from "./bundle-programs.ts";
import { type RawAnswer, sendRaw } from "./send-raw.ts";
import { startService } from "./start-service.ts";

const script = fileURLToPath(new URL("killed-server.ts", import.meta.url));
const programs = await bundlePrograms([script]);
const folder = mkdtempSync(join(tmpdir(), "corsac-kill-"));
const [redis, postgres] = await Promise.all([startService("redis"), startService("postgres")]);
const services = { redis, postgres };
const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});
afterAll(async () => {
  await Promise.all([services.redis.stop(), services.postgres.stop()]);
  rmSync(folder, { recursive: true, force: true });
  programs.remove();
});

interface RunningProcess {
  readonly url: string;
  /** Waits until the process stands still where the test wants it. */
  standing(): Promise<void>;
  kill(): Promise<void>;
}

async function start(store: string, place: string, ledger: string): Promise<RunningProcess> {
  const args = [programs.fileOf(script), store, place, ledger];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const { value: port } = await lines.next();
  return {
    url: `http://127.0.0.1:${port}`,
    async standing() {
      expect((await lines.next()).value).toBe("standing");
    },
    async kill() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

const key = '"8e03978e-40d5-43dd-bc93-6894a57f9324"';

function send({ url }: Pick<RunningProcess, "url">, path: string): Promise<RawAnswer> {
  const headers = { "idempotency-key": key, authorization: path };
  const server = { url, close: () => Promise.resolve() };
  return sendRaw(server, { method: "POST", path, headers, body: "Dune" });
}

/** As a client does: it waits while the first request seems to be under way. */
async function retry(server: RunningProcess, path: string): Promise<RawAnswer> {
  for (;;) {
    const answer = await send(server, path);
    if (answer.status !== 409) return answer;
    await sleep(50);
  }
}

function linesOf(ledger: string): number {
  return existsSync(ledger) ? readFileSync(ledger, "utf8").trim().split("\n").length : 0;
}

const rows = [
  { store: "sqlite", place: join(folder, "keys.db"), note: "" },
  { store: "redis", place: services.redis.url, note: services.redis.note },
  { store: "postgres", place: services.postgres.url, note: services.postgres.note },
];

describe.each(rows)("keys in $store$note", ({ store, place }) => {
  const ledger = (name: string) => join(folder, `${store}-${name}`);

  test.skipIf(place === null).each([
    { where: "before", title: "before it did anything" },
    { where: "after", title: "after it has done it and before it could say so" },
  ])(
    "a process is killed $title: another one carries the request out, once",
    { timeout: 60_000 },
    async ({ where }) => {
      const file = ledger(where);
      const first = await start(store, place as string, file);
      const second = await start(store, place as string, file);
      const path = `/${where}`;
      const lost = send(first, path).catch((error: NodeJS.ErrnoException) => error.code);
      await first.standing();
      // Meanwhile it is under way, wherever one asks.
      expect((await send(second, path)).status).toBe(409);
      await first.kill();
      expect(await lost).toBe("ECONNRESET");
      expect(linesOf(file)).toBe(where === "after" ? 1 : 0);
      const answer = await retry(second, path);
      expect([answer.status, answer.body, answer.headers["idempotency-replayed"]]).toEqual([
        201,
        "attempt 2",
        undefined,
      ]);
      const again = await retry(second, path);
      expect([again.body, again.headers["idempotency-replayed"], linesOf(file)]).toEqual(["attempt 2", "true", 1]);
      // What one process has answered, a new one knows.
      await second.kill();
      const third = await start(store, place as string, file);
      const late = await send(third, path);
      expect([late.body, late.headers["idempotency-replayed"], linesOf(file)]).toEqual(["attempt 2", "true", 1]);
    },
  );

  test.skipIf(place === null)(
    "of 50 for two processes at the same time, one is carried out",
    { timeout: 60_000 },
    async () => {
      const file = ledger("many");
      const servers = await Promise.all([start(store, place as string, file), start(store, place as string, file)]);
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => send(servers[index % 2] as RunningProcess, "/slow")),
      );
      const statuses = new Set(answers.map(({ status }) => status));
      expect([...statuses].filter((status) => status !== 201 && status !== 409)).toEqual([]);
      expect(answers.filter(({ status }) => status === 201).map(({ body }) => body)).toContain("attempt 1");
      expect(linesOf(file)).toBe(1);
      expect((await retry(servers[1] as RunningProcess, "/slow")).headers["idempotency-replayed"]).toBe("true");
    },
  );
});

test("keys in memory live as long as their process", { timeout: 60_000 }, async () => {
  const file = join(folder, "memory");
  const first = await start("memory", "", file);
  const answers = await Promise.all(Array.from({ length: 50 }, () => send(first, "/slow")));
  expect(answers.filter(({ status }) => status === 201 || status === 409)).toHaveLength(50);
  expect(linesOf(file)).toBe(1);
  await first.kill();
  const second = await start("memory", "", file);
  expect((await send(second, "/slow")).headers["idempotency-replayed"]).toBeUndefined();
});
