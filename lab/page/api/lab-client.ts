import {
  type CheckAnswer,
  type CheckOrder,
  type LabInfo,
  type LabProblem,
  labApiPaths,
  labTokenHeader,
  type RunOrder,
  type RunStart,
  type SeenReport,
  type World,
  type WorldOrder,
} from "../../situation/lab-api.ts";
import type { RunReport } from "../../situation/run-report.ts";
import type { SituationIssue } from "../../situation/situation-issue.ts";

/** The lab did not do what it was asked to. */
export class LabRefusal extends Error {
  override readonly name = "LabRefusal";
  readonly issues: readonly SituationIssue[];

  constructor({ error, issues = [] }: LabProblem) {
    super(error);
    this.issues = issues;
  }
}

/** The calls of the lab's API. All of them reject with a {@link LabRefusal}. */
export interface LabClient {
  start(order: RunOrder): Promise<RunStart>;
  finish(id: string, report: SeenReport): Promise<RunReport>;
  check(order: CheckOrder): Promise<CheckAnswer>;
  world(order: WorldOrder): Promise<World>;
}

/** Calls the lab's API with the token of this page. */
export function createLabClient({ token }: LabInfo): LabClient {
  async function call<T>(path: string, body: object): Promise<T> {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", [labTokenHeader]: token },
      body: JSON.stringify(body),
    }).catch(() => {
      throw new LabRefusal({ error: "The lab does not answer: is it still running? Start it again with npm start." });
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new LabRefusal(answer as LabProblem);
    return answer as T;
  }
  return {
    start: (order) => call(labApiPaths.runs, order),
    finish: (id, report) => call(labApiPaths.seen(id), report),
    check: (order) => call(labApiPaths.check, order),
    world: (order) => call(labApiPaths.world, order),
  };
}
