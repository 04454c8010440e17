import { main } from "./main.ts";

/** Runs the command line of this process. Only what goes wrong inside corsac itself ends with status 4. */
export async function run(): Promise<void> {
  const { stdout, stderr, env } = process;
  // A reader that has seen enough, such as head, closes the pipe: that is no mistake.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    process.exitCode = await main(process.argv.slice(2), {
      terminal: { isTTY: stdout.isTTY === true, columns: stdout.columns, env },
      write: (text) => void stdout.write(text),
      complain: (line) => void stderr.write(`corsac: ${line}\n`),
      progress: stderr.isTTY === true ? { columns: stderr.columns, write: (text) => void stderr.write(text) } : null,
    });
  } catch (error) {
    stderr.write(
      `corsac: This is a mistake in corsac, please report it: ${error instanceof Error ? error.message : error}\n`,
    );
    process.exitCode = 4;
  }
}
