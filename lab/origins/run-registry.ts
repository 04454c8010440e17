import { randomBytes } from "node:crypto";
import type { WireExchange } from "../situation/run-report.ts";
import type { Situation } from "../situation/situation.ts";

/** Who makes the requests of a run: the visitor's browser, corsac (also a second time), or whoever copied a line. */
export type SideName = "browser" | "copy" | "corsac" | "corsacAgain";

/** The requests of one side of a run. */
export interface RunSide {
  readonly name: SideName;
  readonly run: Run;
  /** Stands in the path of its requests, so that no cache mixes two runs, nor two sides. */
  readonly token: string;
  /** In the order of arrival. */
  readonly wire: WireExchange[];
  /** Requests that have arrived and are not answered yet. */
  pending: number;
  /** How many answers have got lost so far. */
  lost: number;
}

/** A situation that is being run. */
export interface Run {
  readonly id: string;
  readonly situation: Situation;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly sides: Readonly<Record<SideName, RunSide>>;
  /** What servers keep for this run; disposed of together with it. */
  readonly resources: Map<string, RunResource>;
}

/** Something that a server keeps for a run or a side of it. */
export interface RunResource {
  close(): Promise<void> | void;
}

/** The latest runs. */
export interface RunRegistry {
  begin(situation: Situation): Run;
  find(id: string): Run | null;
  side(token: string): RunSide | null;
  close(): Promise<void>;
}

/** How many runs are kept, for the lines that visitors copy. */
const limit = 100;

/** Creates an empty registry. */
export function createRunRegistry(): RunRegistry {
  const runs = new Map<string, Run>();
  const sides = new Map<string, RunSide>();
  const forget = async (run: Run) => {
    runs.delete(run.id);
    for (const { token } of Object.values(run.sides)) sides.delete(token);
    await Promise.all([...run.resources.values()].map((resource) => resource.close()));
  };
  return {
    begin(situation) {
      const run: Run = {
        ...{ id: name(), situation, startedAt: Date.now(), resources: new Map() },
        get sides() {
          return created;
        },
      };
      const side = (sideName: SideName): RunSide => ({
        ...{ name: sideName, run, token: name(), wire: [], pending: 0, lost: 0 },
      });
      const created = {
        ...{ browser: side("browser"), copy: side("copy") },
        ...{ corsac: side("corsac"), corsacAgain: side("corsacAgain") },
      };
      runs.set(run.id, run);
      for (const each of Object.values(created)) sides.set(each.token, each);
      const [oldest] = runs.values();
      if (runs.size > limit && oldest !== undefined) void forget(oldest);
      return run;
    },
    find: (id) => runs.get(id) ?? null,
    side: (token) => sides.get(token) ?? null,
    async close() {
      await Promise.all([...runs.values()].map(forget));
    },
  };
}

// 80 bits: nobody guesses the path of a run.
function name(): string {
  return BigInt(`0x${randomBytes(10).toString("hex")}`)
    .toString(36)
    .padStart(16, "0");
}
