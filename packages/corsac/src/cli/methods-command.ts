import { VerifyMethodsOptionsError } from "../methods/methods-options.ts";
import type { MethodsReport, MethodsVerdict } from "../methods/methods-report.ts";
import type { Output } from "./check-command.ts";
import { methodsHelp } from "./methods-help.ts";
import { parseMethodsArguments } from "./parse-methods-arguments.ts";
import { ProgressLine } from "./progress-line.ts";
import { hasColor, widthOf } from "./terminal.ts";
import { unreachable } from "./unreachable.ts";
import { UsageError } from "./usage-error.ts";

const statuses: Readonly<Record<MethodsVerdict, number>> = { clean: 0, findings: 1, unreachable: 3 };

/** Runs `corsac methods` and returns its exit status. Ctrl-C ends it with what was found so far; a second one at once. */
export async function methodsCommand(args: readonly string[], output: Output): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  const line = output.progress === null ? null : new ProgressLine(output.progress);
  try {
    const { options, json, color, help } = parseMethodsArguments(args);
    if (help) {
      output.write(methodsHelp);
      return 0;
    }
    process.once("SIGINT", interrupt);
    const { verifyMethods } = await import("../methods/verify-methods.ts");
    const report = await verifyMethods({
      ...options,
      signal: interruption.signal,
      ...(line === null ? {} : { onProgress: (progress) => line.show(progress) }),
    });
    line?.clear();
    if (json) output.write(`${JSON.stringify(report, null, 2)}\n`);
    if (report.failure !== null) output.complain(unreachableSentence(report, report.failure));
    else if (!json) {
      const { formatMethodsReport } = await import("../text/format-methods-report.ts");
      const { terminal } = output;
      output.write(formatMethodsReport(report, { width: widthOf(terminal), color: hasColor(terminal, color) }));
    }
    return statuses[report.verdict];
  } catch (error) {
    line?.clear();
    if (!(error instanceof UsageError) && !(error instanceof VerifyMethodsOptionsError)) throw error;
    for (const issue of error.issues) output.complain(issue);
    return 2;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

function unreachableSentence(
  { server }: MethodsReport,
  { reason, message }: NonNullable<MethodsReport["failure"]>,
): string {
  return unreachable(server, reason, message);
}
