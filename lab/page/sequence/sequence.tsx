import { useState } from "react";
import type { LabOrigins } from "../../situation/origins.ts";
import type { RunReport } from "../../situation/run-report.ts";
import { RadioField } from "../fields/radio-field.tsx";
import { OriginChip } from "../origin/origin-chip.tsx";
import { browserName } from "../runner/browser-name.ts";
import { lanesOf } from "./lanes.ts";
import { type SequenceSide, sequenceRounds } from "./sequence-steps.ts";
import { StepItem } from "./step-item.tsx";
import { usePlay } from "./use-play.ts";

/** What went to and fro, in lanes. */
export function Sequence({ report, origins }: { readonly report: RunReport; readonly origins: LabOrigins }) {
  const hasBrowser = report.browser.seen !== null;
  const [wanted, setWanted] = useState<SequenceSide>("browser");
  const side = hasBrowser ? wanted : "corsac";
  const lanes = lanesOf(report, origins);
  const rounds = sequenceRounds(report, side);
  const count = rounds.reduce((sum, { steps }) => sum + steps.length, 0);
  const play = usePlay(count);
  let before = 0;
  return (
    <section className="result-section sequence" aria-label="Step by step">
      <div className="sequence-head">
        <h2>Step by step</h2>
        {hasBrowser && (
          <RadioField
            label="Drawn as"
            value={side}
            choices={[
              ["browser", "your browser did it"],
              ["corsac", "corsac did it"],
            ]}
            onChange={setWanted}
          />
        )}
        <button type="button" className="quiet-button play" onClick={play.toggle}>
          {play.isPlaying ? "Show all" : "Play"}
        </button>
      </div>
      <div className={`lanes lanes-${lanes.length}`}>
        <ul className="lane-heads" aria-label="Who takes part">
          {lanes.map(({ name, title, look }) => (
            <li key={name}>
              <span className="lane-title">{title}</span>
              {look === null ? (
                <span className="chip origin-lab">
                  <span className="chip-name">
                    {side === "browser" ? browserName(navigator.userAgent) : `corsac as ${report.corsac.profile}`}
                  </span>
                </span>
              ) : (
                <OriginChip {...look} />
              )}
            </li>
          ))}
        </ul>
        {rounds.map(({ steps }, round) => {
          const first = before;
          before += steps.length;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rounds are numbered
            <div key={round} className="round">
              {rounds.length > 1 && <h3 className="round-title">Time {round + 1}</h3>}
              <ol className="steps" aria-label={rounds.length > 1 ? `Steps of time ${round + 1}` : "Steps"}>
                {steps.map((step, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: steps are numbered
                  <StepItem key={index} step={step} lanes={lanes} isAhead={first + index >= play.shown} />
                ))}
              </ol>
            </div>
          );
        })}
      </div>
    </section>
  );
}
