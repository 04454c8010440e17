import { AnswerViews } from "../answer/answer-views.tsx";
import { ServerChange } from "../code/server-change.tsx";
import { ConsoleTexts } from "../console/console-texts.tsx";
import { CopyAs } from "../copies/copy-as.tsx";
import { Explanation } from "../explanation/explanation.tsx";
import { Sequence } from "../sequence/sequence.tsx";
import type { Lab } from "../state/use-lab.ts";
import { Verdicts } from "../verdict/verdicts.tsx";
import { Wall } from "../wall/wall.tsx";

/** What came of the run. */
export function Results({ lab }: { readonly lab: Lab }) {
  const { run, world } = lab.state;
  const report = run.status === "running" || run.status === "done" ? run.report : null;
  const isStale = run.status === "done" && run.isStale;
  if (report === null) return null;
  const isSocial = report.situation.request.target === "social";
  return (
    <div className="results" data-stale={isStale || undefined}>
      {isStale && <p className="stale-note">The bench has changed since this run.</p>}
      <Verdicts report={report} isRunning={run.status === "running"} />
      {isSocial && world !== null && <Wall world={world} origin={lab.info.origins.social} onReset={lab.resetWorld} />}
      <Sequence report={report} origins={lab.info.origins} />
      <AnswerViews report={report} />
      <div className="columns">
        <Explanation
          findings={report.findings}
          wanted={report.wanted}
          isBlocked={report.verdict === "blocked" || report.verdict === "not-loaded"}
        />
        {report.browsers !== null && <ConsoleTexts browsers={report.browsers} own={report.browser.profile} />}
      </div>
      <div className="columns">
        <ServerChange report={report} />
        <CopyAs report={report} />
      </div>
    </div>
  );
}
