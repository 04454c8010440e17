import type { RunReport } from "../../situation/run-report.ts";
import { browserName } from "../runner/browser-name.ts";
import { AgreementNote } from "./agreement-note.tsx";
import { VerdictCard } from "./verdict-card.tsx";

/** Both verdicts, side by side, and whether they are one. */
export function Verdicts({ report, isRunning }: { readonly report: RunReport; readonly isRunning: boolean }) {
  const { browser, corsac, agreement } = report;
  const reason = agreement.kind === "not-run" ? agreement.reason : "It saw nothing.";
  return (
    <div className="verdicts" role="status">
      <VerdictCard
        title={`Your browser (${browserName(navigator.userAgent)})`}
        seen={browser.seen}
        missing={isRunning ? "It is making the very same request now." : reason}
        effects={browser.effects}
      />
      <AgreementNote report={report} isRunning={isRunning} />
      <VerdictCard
        title={`corsac (as ${corsac.profile})`}
        seen={corsac.attempts.map(({ seen }) => seen)}
        missing="It saw nothing."
        effects={corsac.effects}
      />
    </div>
  );
}
