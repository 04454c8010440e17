import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Servers that run in a process of their own. */
export interface RunningApplications {
  /** The URL of the application with the main policy, and of the one with cross-origin protection too. */
  readonly urls: readonly [policy: string, protection: string];
  /** Stops them. Tells what the process wrote when it had stopped by itself, which it must not; else null. */
  stop(): Promise<string | null>;
}

/** A program that runs servers. */
export interface Runtime {
  readonly name: string;
  readonly version: string;
  /** Serves the applications of the harness of that name until it is stopped. */
  serve(harness: string): Promise<RunningApplications>;
}

/** Returns the first line that a program prints with `--version`, without what is no version. */
export function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return /\d[\w.-]*/.exec(stdout)?.[0] ?? "of unknown version";
}

/** A runtime that runs the script which serves a harness. */
export function scriptRuntime(name: string, program: string, args: readonly string[]): Runtime {
  return {
    name,
    version: versionOf(program),
    async serve(harness) {
      const child = spawn(program, [...args, harness], { stdio: ["pipe", "pipe", "pipe"] });
      return running(child, JSON.parse(await firstLine(child)));
    },
  };
}

/** workerd, which serves what its configuration says and tells the ports by a pipe. */
export function workerd(program: string, config: string): Runtime {
  return {
    name: "workerd",
    version: versionOf(program),
    async serve(harness) {
      const child = spawn(program, ["serve", config, "--control-fd=3"], { stdio: ["pipe", "pipe", "pipe", "pipe"] });
      const ports = new Map<string, number>();
      const control = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
      for await (const line of control) {
        const message = JSON.parse(line);
        if (message.event === "listen") ports.set(message.socket, message.port);
        if (ports.has(harness) && ports.has(`${harness}Protected`)) break;
      }
      const urlOf = (socket: string) => `http://127.0.0.1:${ports.get(socket)}`;
      return running(child, [urlOf(harness), urlOf(`${harness}Protected`)]);
    },
  };
}

function running(child: ChildProcess, urls: RunningApplications["urls"]): RunningApplications {
  const exit = once(child, "exit");
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  return {
    urls,
    async stop() {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      child.kill();
      await exit;
      return hasEnded ? errors : null;
    },
  };
}

/** Resolves with the first line of a program's output, or rejects with its errors when it ends without one. */
async function firstLine(child: ChildProcess): Promise<string> {
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line"),
    once(child, "exit").then(() => Promise.reject(new Error(errors))),
  ]);
  return line;
}
