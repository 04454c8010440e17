import { useEffect, useRef } from "react";
import type { RunReport } from "../../situation/run-report.ts";
import { AnswerViews } from "../answer/answer-views.tsx";
import { ServerChange } from "../code/server-change.tsx";
import { ConsoleTexts } from "../console/console-texts.tsx";
import { CopyAs } from "../copies/copy-as.tsx";
import { Explanation } from "../explanation/explanation.tsx";
import { Sequence } from "../sequence/sequence.tsx";
import { reportOf } from "../state/lab-state.ts";
import type { Lab } from "../state/use-lab.ts";
import { Verdicts } from "../verdict/verdicts.tsx";
import { Wall } from "../wall/wall.tsx";
import { Columns } from "./columns.tsx";

/** What came of the run; before the first, the place where it will be told. */
export function Results({ lab }: { readonly lab: Lab }) {
  const { run } = lab.state;
  const report = reportOf(run);
  const isRunning = run.status === "running";
  const isStale = (run.status === "running" || run.status === "done") && run.isStale;
  const top = useRef<HTMLDivElement>(null);
  const shown = isStale || report === null ? null : `${report.id} ${run.status}`;
  useEffect(() => {
    if (shown !== null) top.current?.scrollIntoView({ block: "nearest" });
  }, [shown]);
  return (
    <div className="results" data-stale={isStale || undefined} aria-busy={isRunning || undefined}>
      {isStale && !isRunning && <p className="stale-note">The bench has changed since this run.</p>}
      <div ref={top}>
        <Verdicts report={report} isRunning={isRunning} />
      </div>
      {report !== null && <Details lab={lab} report={report} />}
    </div>
  );
}

/** What stands below the verdicts. */
function Details({ lab, report }: { readonly lab: Lab; readonly report: RunReport }) {
  const { origins } = lab.info;
  const { world } = lab.state;
  const isSocial = report.situation.request.target === "social";
  const isBlocked = report.verdict === "blocked" || report.verdict === "not-loaded";
  return (
    <>
      {isSocial && world !== null && (
        <Wall
          world={world}
          origin={origins.social}
          hasNew={report.browser.effects.length > 0}
          onReset={lab.resetWorld}
        />
      )}
      <Sequence report={report} origins={origins} />
      <AnswerViews report={report} />
      <Columns
        sections={[
          report.findings.length > 0 && (
            <Explanation findings={report.findings} wanted={report.wanted} isBlocked={isBlocked} />
          ),
          report.browsers !== null && <ConsoleTexts browsers={report.browsers} own={report.browser.profile} />,
          report.code.length > 0 && <ServerChange report={report} />,
          <CopyAs key="copy" report={report} />,
        ]}
      />
    </>
  );
}
