import type { RunReport, WireExchange } from "../../situation/run-report.ts";
import { runVerdict } from "../../situation/run-verdict.ts";
import type { Seen } from "../../situation/seen.ts";
import { browserName } from "../runner/browser-name.ts";
import { AgreementNote } from "./agreement-note.tsx";
import { Differences } from "./differences.tsx";
import { VerdictCard } from "./verdict-card.tsx";

interface VerdictsProps {
  /** `null` before the first run: screen readers tell what is added to a region that is there already. */
  readonly report: RunReport | null;
  readonly isRunning: boolean;
}

/** Both verdicts, side by side, and whether they are one. */
export function Verdicts({ report, isRunning }: VerdictsProps) {
  return (
    <div className="verdicts" role="status">
      {report !== null && <BothVerdicts report={report} isRunning={isRunning} />}
    </div>
  );
}

function BothVerdicts({ report, isRunning }: { readonly report: RunReport; readonly isRunning: boolean }) {
  const { browser, corsac, agreement } = report;
  const reason = agreement.kind === "not-run" ? agreement.reason : "It saw nothing.";
  return (
    <>
      <VerdictCard
        title={`Your browser (${browserName(navigator.userAgent)})`}
        seen={browser.seen}
        missing={isRunning ? "It is making the very same request now." : reason}
        effects={browser.effects}
        unseenAnswer={unseenAnswer(report, browser.wire)}
        isTheft={isTheft(report, browser.wire, browser.seen?.at(-1))}
      />
      <AgreementNote kind={agreement.kind} isRunning={isRunning} />
      <VerdictCard
        title={`corsac (as ${corsac.profile})`}
        seen={corsac.attempts.map(({ seen }) => seen)}
        missing="It saw nothing."
        effects={corsac.effects}
        unseenAnswer={unseenAnswer(report, corsac.wire)}
        isTheft={isTheft(report, corsac.wire, corsac.attempts.at(-1)?.seen)}
      />
      {!isRunning && <Differences report={report} />}
    </>
  );
}

function isTheft({ situation }: RunReport, wire: readonly WireExchange[], seen: Seen | undefined): boolean {
  const { page } = situation;
  if (page.kind === "typed" || page.name !== "evil" || seen === undefined || runVerdict(seen) !== "readable")
    return false;
  return wire.at(-1)?.request.headers.some(([name]) => name.toLowerCase() === "cookie") ?? false;
}

function unseenAnswer({ situation }: RunReport, wire: readonly WireExchange[]): string | null {
  const answer = wire.at(-1)?.response;
  if (situation.request.via !== "form" || answer === undefined) return null;
  return `${answer.status} ${answer.statusText}`.trim();
}
