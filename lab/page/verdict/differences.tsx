import type { RunReport } from "../../situation/run-report.ts";
import { CopyButton } from "../copies/copy-button.tsx";

/** Where both differ, and a report of it to be sent. */
export function Differences({ report }: { readonly report: RunReport }) {
  const { agreement } = report;
  if (agreement.kind !== "differ") return null;
  return (
    <div className="differences">
      <h2>Where they differ</h2>
      <ul>
        {agreement.differences.map((difference) => (
          <li key={difference}>{difference}</li>
        ))}
      </ul>
      <p>
        That should not be: please report it.{" "}
        <CopyButton label="Copy a report" text={issueText(report, agreement.differences)} />
      </p>
    </div>
  );
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
