import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { main } from "../src/cli/main.ts";

/** What a run of the command left behind. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command inside this process: fast, for everything that does not need a process. */
export async function runMain(
  args: readonly string[],
  env: Record<string, string> = {},
  isTTY = false,
): Promise<CommandResult> {
  let [stdout, stderr] = ["", ""];
  const status = await main(args, {
    terminal: { isTTY, columns: isTTY ? 80 : undefined, env },
    write: (text) => {
      stdout += text;
    },
    complain: (line) => {
      stderr += `corsac: ${line}\n`;
    },
    progress: null,
  });
  return { status, stdout, stderr };
}

const entry = fileURLToPath(new URL("./corsac.ts", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs the command as a process. */
export function runProcess(args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--conditions=corsac-source", "--import", "tsx", entry, ...args], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on("close", (status) => resolve({ status: status ?? -1, stdout, stderr }));
  });
}
