import { useEffect } from "react";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import type { Lab } from "../state/use-lab.ts";
import { PagePanel } from "./page-panel.tsx";
import { RequestPanel } from "./request-panel.tsx";
import { RunBar } from "./run-bar.tsx";
import { ServerPanel } from "./server-panel.tsx";

/** The bench: three panels that read as a sentence, and the button that makes it happen. */
export function Bench({ lab }: { readonly lab: Lab }) {
  const { state, read, dispatch, run, info } = lab;
  const refused: readonly SituationIssue[] = state.run.status === "failed" ? state.run.issues : [];
  const props = {
    draft: state.draft,
    origins: info.origins,
    issues: [...read.issues, ...refused],
    change: (change: Partial<typeof state.draft>) => dispatch({ type: "changed", change }),
  };
  const canRun = read.situation !== null && state.run.status !== "running";

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !canRun) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [canRun, run]);

  return (
    <form
      className="bench"
      aria-label="The bench"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (canRun) run();
      }}
    >
      <div className="panels">
        <PagePanel {...props} />
        <RequestPanel {...props} />
        <ServerPanel {...props} />
      </div>
      <RunBar
        issues={props.issues}
        run={state.run}
        isChanged={lab.isChanged}
        onReset={() => dispatch({ type: "reset" })}
      />
    </form>
  );
}
