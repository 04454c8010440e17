import { CheckOptionsError } from "../check/check-options.ts";
import type { CheckReport, Verdict } from "../check/check-report.ts";
import { checkHelp } from "./help.ts";
import { parseCheckArguments } from "./parse-check-arguments.ts";
import type { ProgressTerminal } from "./progress-line.ts";
import { hasColor, type Terminal, widthOf } from "./terminal.ts";
import { unreachable } from "./unreachable.ts";
import { UsageError } from "./usage-error.ts";

/** Where a command writes, and what it knows of that place. */
export interface Output {
  readonly terminal: Terminal;
  /** The report, and nothing else. */
  write(text: string): void;
  /** Everything else, line by line. */
  complain(line: string): void;
  /** For a line about progress; `null` when nobody watches. */
  readonly progress: ProgressTerminal | null;
}

/** Runs `corsac check` and returns its exit status. */
export async function checkCommand(args: readonly string[], output: Output): Promise<number> {
  try {
    const { options, json, color, help } = parseCheckArguments(args);
    if (help) {
      output.write(checkHelp);
      return 0;
    }
    // Loaded late: the network stack is most of the start-up time, and mistakes need none of it.
    const { check } = await import("../check/check.ts");
    const report = await check(options);
    if (json) output.write(`${JSON.stringify(report, null, 2)}\n`);
    if (report.verdict === "unreachable") output.complain(unreachableSentence(report));
    else if (!json) {
      const { formatReport } = await import("../text/format-report.ts");
      const { terminal } = output;
      output.write(formatReport(report, { width: widthOf(terminal), color: hasColor(terminal, color) }));
    }
    return statusOf(report);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof CheckOptionsError)) throw error;
    for (const issue of error.issues) output.complain(issue);
    return 2;
  }
}

const statuses: Readonly<Record<Verdict, number>> = { allowed: 0, blocked: 1, unknown: 1, unreachable: 3 };

function statusOf({ verdict }: CheckReport): number {
  return statuses[verdict];
}

function unreachableSentence({ exchanges, request }: CheckReport): string {
  const response = exchanges[0]?.response;
  const { reason, message } = response?.kind === "network-error" ? response : { reason: "", message: "" };
  const hint = reason === "tls" ? "; --ca-cert names an authority to trust, --insecure trusts all" : "";
  return unreachable(request.url, reason, message + hint);
}
