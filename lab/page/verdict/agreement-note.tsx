import type { RunReport } from "../../situation/run-report.ts";
import { CopyButton } from "../copies/copy-button.tsx";

/** Whether both came to the same; where they did not, what to report. */
export function AgreementNote({ report, isRunning }: { readonly report: RunReport; readonly isRunning: boolean }) {
  const { agreement } = report;
  if (isRunning) return <p className="agreement agreement-wait">your browser is at it …</p>;
  switch (agreement.kind) {
    case "agree":
      return (
        <p className="agreement agreement-agree">
          <span aria-hidden="true">=</span> They agree
        </p>
      );
    case "not-run":
      return (
        <p className="agreement agreement-none">
          <span aria-hidden="true">–</span> Nothing to compare
        </p>
      );
    case "differ":
      return (
        <div className="agreement agreement-differ">
          <p>
            <span aria-hidden="true">≠</span> They differ
          </p>
          <ul>
            {agreement.differences.map((difference) => (
              <li key={difference}>{difference}</li>
            ))}
          </ul>
          <CopyButton label="Copy a report of it" text={issueText(report, agreement.differences)} />
        </div>
      );
  }
}

// Nothing leaves this machine by itself: the visitor pastes it where it belongs.
function issueText(report: RunReport, differences: readonly string[]): string {
  const { situation, browser, corsac } = report;
  const details = { userAgent: navigator.userAgent, profile: corsac.profile, situation, seen: browser.seen };
  return [
    "corsac and a browser differ",
    "",
    ...differences.map((difference) => `- ${difference}`),
    "",
    "```json",
    JSON.stringify({ ...details, corsac: corsac.attempts.map(({ seen }) => seen) }, null, 2),
    "```",
  ].join("\n");
}
