import cluster from "node:cluster";
import type { Gateway, GatewayConfiguration, GatewayIssue } from "@corsac/gateway";
import type { RunningGateway } from "../text/format-gateway.ts";
import type { Output } from "./check-command.ts";
import { gatewayHelp } from "./gateway-help.ts";
import { runWorkers, type WorkerChannel, type WorkerPlace, workerChannel } from "./gateway-workers.ts";
import { flagOf, type GatewayArguments, parseGatewayArguments } from "./parse-gateway-arguments.ts";
import { secondSignal, stopSignal } from "./stop-signal.ts";
import { hasColor, widthOf } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Runs `corsac gateway` until a signal and returns its exit status. */
export async function gatewayCommand(args: readonly string[], output: Output): Promise<number> {
  try {
    const parsed = parseGatewayArguments(args);
    if (parsed.help) {
      output.write(gatewayHelp);
      return 0;
    }
    const configuration = await readConfiguration(parsed);
    if (parsed.workers > 1 && cluster.isPrimary) {
      const { answerWorkersMetrics } = await import("@corsac/gateway");
      answerWorkersMetrics();
      const onListening = ({ url, authority }: WorkerPlace) =>
        void announce(parsed, { configuration, url: new URL(url), authority }, output);
      const onStop = () => output.complain(stopNotice(parsed));
      return await runWorkers(parsed.workers, { onListening, onStop, complain: output.complain });
    }
    return await runGateway(parsed, configuration, output, parsed.workers > 1 ? workerChannel() : null);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    for (const issue of error.issues) output.complain(issue);
    return 2;
  }
}

/** @param worker the way to the process that started this one as one of several; null when it is the only one */
async function runGateway(
  parsed: GatewayArguments,
  configuration: GatewayConfiguration,
  { complain, ...output }: Output,
  worker: WorkerChannel | null,
): Promise<number> {
  // Loaded late: mistakes need none of it.
  const { CacheStoreError, createConfiguredGateway, ListenError, renderWorkersMetrics } = await import(
    "@corsac/gateway"
  );
  let gateway: Gateway | null = null;
  let url: URL;
  try {
    gateway = createConfiguredGateway(configuration, {
      report: (error) => complain(messageOf(error)),
      renderMetrics: worker === null ? null : renderWorkersMetrics,
    });
    url = await gateway.listen();
  } catch (error) {
    await gateway?.close(0);
    if (!(error instanceof ListenError) && !(error instanceof CacheStoreError)) throw error;
    if (worker === null) complain(error.message);
    else worker.fail(error.message);
    worker?.leave();
    return 3;
  }
  const closeWatch = await watch(parsed, gateway, complain);
  const { authority } = gateway;
  if (worker === null) await announce(parsed, { configuration, url, authority }, { complain, ...output });
  else worker.listening({ url: url.href, authority });
  await (worker?.stopped ?? stopSignal());
  closeWatch();
  const atOnce = worker === null ? secondSignal() : null;
  if (worker === null) complain(stopNotice(parsed));
  await gateway.close(parsed.deadline);
  atOnce?.forget();
  worker?.leave();
  return 0;
}

async function readConfiguration({ source, listen, observe }: GatewayArguments): Promise<GatewayConfiguration> {
  const { loadConfiguration, parseGatewayOptions } = await import("@corsac/gateway");
  if ("file" in source) {
    const loaded = loadConfiguration(source.file, { environment: process.env, listen, observe });
    if (loaded.ok) return loaded.configuration;
    throw new UsageError(await issueLines(source.file, loaded.issues));
  }
  const parsing = parseGatewayOptions({ ...source.options, listen, observe });
  if (parsing.ok) return parsing.configuration;
  throw new UsageError(
    parsing.issues.map(({ path, message, code }) => `${flagOf(path) ?? path.join(".")} ${message} (${code}).`),
  );
}

async function issueLines(file: string, issues: readonly GatewayIssue[]): Promise<string[]> {
  const { formatIssue } = await import("@corsac/gateway");
  return issues.map((issue) => `${file}: ${formatIssue(issue)}`);
}

/** Puts what the file says in place whenever it changes and is valid. Returns what ends that. */
async function watch(
  { source, listen, observe }: GatewayArguments,
  gateway: Gateway,
  complain: Output["complain"],
): Promise<() => void> {
  if (!("file" in source)) return () => {};
  const { watchConfiguration } = await import("@corsac/gateway");
  const isQuiet = cluster.isWorker && cluster.worker?.id !== 1;
  const watching = watchConfiguration(
    source.file,
    { environment: process.env, listen, observe },
    {
      changed(configuration) {
        try {
          gateway.configure(configuration);
        } catch (error) {
          // Such as a store that cannot be opened.
          complain(`${source.file} has changed and is not in place: ${messageOf(error)}`);
          return;
        }
        if (!isQuiet) complain(`${source.file} has changed: its routes are in place.`);
      },
      refused(issues) {
        if (isQuiet) return;
        complain(`${source.file} has changed and is not in place, because it has issues:`);
        void issueLines(source.file, issues).then((lines) => lines.forEach(complain));
      },
    },
  );
  return () => watching.close();
}

/** Says what is exposed to whom: on the output, unless that is a log for programs. */
async function announce(
  { source, workers, color }: GatewayArguments,
  { configuration, url, authority }: Pick<RunningGateway, "authority" | "configuration" | "url">,
  { terminal, write, complain }: Output,
): Promise<void> {
  const { formatGateway, warningsOf } = await import("../text/format-gateway.ts");
  const running = { configuration, url, authority, workers, file: "file" in source ? source.file : null };
  if (configuration.observe.accessLog !== "-") {
    write(formatGateway(running, { width: widthOf(terminal), color: hasColor(terminal, color) }));
    if (authority?.isNew === true) {
      const { trustInstructions } = await import("@corsac/gateway");
      write(`\n${trustInstructions(authority.file, process.platform)}\n`);
    }
    return;
  }
  complain(`The gateway listens on ${url.href}`);
  warningsOf(running).forEach(complain);
}

function stopNotice({ deadline }: GatewayArguments): string {
  return `Stops within ${deadline} s, when requests are answered; Ctrl-C again at once.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
