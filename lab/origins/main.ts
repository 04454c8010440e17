import { parseArgs } from "node:util";
import { trustInstructions } from "@corsac/gateway";
import { originTitles } from "../situation/origins.ts";
import { openBrowser } from "./open-browser.ts";
import { type Lab, LabRunningError, startLab } from "./start-lab.ts";

const usage = `Usage: npm start -- [--port <number>] [--no-open] [--https]

  --port <number>   where the page of the lab is; default 4400
  --no-open         opens no browser
  --https           every origin by https, with a certificate that is made here
`;

/** What the lab was told on the command line. */
interface LabArguments {
  readonly port: number | undefined;
  readonly opens: boolean;
  readonly https: boolean;
}

/**
 * Starts the lab for somebody at a terminal, and stops it at Ctrl-C.
 *
 * @param args what stands after the program's name
 * @param startedAt milliseconds since 1970 when `npm start` began
 * @returns the exit status, or `null` while the lab runs
 */
export async function runLab(args: readonly string[], startedAt: number): Promise<number | null> {
  // Servers of the lab make the mistakes that cors() would warn of.
  process.env.NODE_ENV ??= "production";
  const parsed = readArguments(args);
  if (typeof parsed === "string") {
    process.stderr.write(`${parsed}\n\n${usage}`);
    return 2;
  }
  try {
    const { port, https } = parsed;
    const lab = await startLab({ https, ...(port === undefined ? {} : { port }) });
    stopAtSignal(lab);
    process.stdout.write(greeting(lab, (Date.now() - startedAt) / 1000));
    if (parsed.opens) openBrowser(lab.origins.lab);
    return null;
  } catch (error) {
    if (!(error instanceof LabRunningError)) throw error;
    process.stdout.write(`${error.message}\nStop it there with Ctrl-C, or start another with --port 0.\n`);
    if (parsed.opens) openBrowser(error.url);
    return 0;
  }
}

function readArguments(args: readonly string[]): LabArguments | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        "no-open": { type: "boolean", default: false },
        https: { type: "boolean", default: false },
      },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
      return `“${values.port}” is not a port: write a number from 0 to 65535.`;
    }
    // Without a terminal nobody sits in front of it.
    return { port, opens: !values["no-open"] && process.stdout.isTTY === true, https: values.https };
  } catch (error) {
    return (error as Error).message;
  }
}

function greeting({ origins, authorityFile }: Lab, seconds: number): string {
  const { lab, bookshopByAddress: _, ...others } = origins;
  const names = Object.entries(others) as [keyof typeof others, string][];
  const width = Math.max(...names.map(([, origin]) => origin.length));
  return [
    `The lab is at ${lab} (ready after ${seconds.toFixed(1)} s)`,
    "",
    ...names.map(([name, origin]) => `  ${origin.padEnd(width)}  ${originTitles[name]}`),
    "",
    "In another terminal, from this folder, try:",
    "",
    `  npx corsac check ${origins.books}/books --origin http://localhost:5173`,
    `  npx corsac check ${origins.books}/books --origin ${origins.bookshop}`,
    "",
    ...(authorityFile === null ? [] : [trustInstructions(authorityFile, process.platform), ""]),
    "Press Ctrl-C to stop.",
    "",
  ].join("\n");
}

function stopAtSignal(lab: Lab): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void lab.close().then(() => process.exit(0));
    });
  }
}
