import type { SituationIssue } from "../../situation/situation-issue.ts";
import type { RunState } from "../state/lab-state.ts";

interface RunBarProps {
  readonly issues: readonly SituationIssue[];
  readonly run: RunState;
  readonly isChanged: boolean;
  readonly onReset: () => void;
}

/** The button that runs the bench, and why it cannot. */
export function RunBar({ issues, run, isChanged, onReset }: RunBarProps) {
  const isRunning = run.status === "running";
  const [issue] = run.status === "failed" ? [] : issues;
  return (
    <div className="run-bar">
      {/* While it runs it keeps the focus, which a disabled button loses. */}
      <button
        type="submit"
        className="run"
        disabled={issue !== undefined}
        aria-disabled={isRunning || undefined}
        aria-describedby="run-note"
      >
        {isRunning ? "Running …" : "Run"}
      </button>
      <p id="run-note" className="run-note">
        {issue !== undefined ? (
          <span className="run-issue">Not yet: {issue.message}</span>
        ) : (
          <>
            Twice: in your browser and in corsac. <kbd>Ctrl</kbd> <kbd>Enter</kbd>
          </>
        )}
      </p>
      {isChanged && (
        <button type="button" className="quiet-button" onClick={onReset}>
          Back to what was prepared
        </button>
      )}
      {run.status === "failed" && (
        <p className="run-failure" role="alert">
          {run.message}
        </p>
      )}
    </div>
  );
}
