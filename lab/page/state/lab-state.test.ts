import { expect, test } from "vitest";
import { presets } from "../../situation/presets.ts";
import type { RunReport } from "../../situation/run-report.ts";
import { initialState, type LabEvent, type LabState, nextState, reportOf } from "./lab-state.ts";
import { openPlace } from "./open-place.ts";

const start = initialState(openPlace("3/one-origin", presets));
const report = (id: string) => ({ id }) as RunReport;
const after = (...events: readonly LabEvent[]): LabState => events.reduce(nextState, start);

const started = { type: "run-started", number: 1 } as const;
const ready = { type: "corsac-ready", number: 1, report: report("one") } as const;
const done = { type: "run-done", number: 1, report: report("one") } as const;
const change = { type: "changed", change: { method: "PUT" } } as const;

test("corsac's report is shown before the browser's", () => {
  expect(after(started).run).toMatchObject({ status: "running", report: null });
  expect(after(started, ready).run).toMatchObject({ status: "running", report: { id: "one" }, isStale: false });
  expect(after(started, ready, done).run).toMatchObject({ status: "done", isStale: false });
});

test("what a run that was left behind tells is not heard", () => {
  const elsewhere = { type: "opened", opened: openPlace("4/jsonp", presets) } as const;
  expect(after(started, elsewhere, ready, done).run).toEqual({ status: "idle" });
  expect(after(started, { type: "run-started", number: 2 }, done).run).toMatchObject({ status: "running", number: 2 });
});

test("the last report stays until there is a new one, and is called what it is", () => {
  expect(after(started, ready, done, change).run).toMatchObject({ status: "done", isStale: true });
  const again = after(started, ready, done, { type: "run-started", number: 2 });
  expect(again.run).toMatchObject({ status: "running", isStale: true });
  expect(reportOf(again.run)?.id).toBe("one");
});

test("a refusal goes away with the next change; the draft stays", () => {
  const issues = [{ path: ["server", "policy"], message: "no", suggestion: null }];
  const failed = after(change, started, { type: "run-failed", number: 1, message: "no", issues });
  expect(failed.run).toMatchObject({ status: "failed", issues });
  expect(nextState(failed, { type: "changed", change: { path: "/x" } })).toMatchObject({
    run: { status: "idle" },
    draft: { method: "PUT", path: "/x" },
  });
});

test("back to what was prepared", () => {
  expect(after(change, { type: "reset" }).draft).toEqual(start.draft);
});
