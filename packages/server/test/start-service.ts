import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../../scripts/services.mjs", import.meta.url));

/** A real server, which lives until it is stopped or the test's process ends. */
export interface Service {
  /** Null when it cannot be had here; the tests that need it are skipped then. */
  readonly url: string | null;
  /** What the title of the tests says when they are skipped; else empty. */
  readonly note: string;
  stop(): Promise<void>;
}

/** Starts a server of Redis or PostgreSQL with data of its own. */
export async function startService(name: "postgres" | "redis"): Promise<Service> {
  const child = spawn(process.execPath, [script, name], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { url = null, missing } = JSON.parse(line) as { url?: string; missing?: string };
  if (url === null) process.stderr.write(`Skipped: ${missing}\n`);
  return {
    url,
    note: url === null ? ` (skipped: ${missing})` : "",
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
