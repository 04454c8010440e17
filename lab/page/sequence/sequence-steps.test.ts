import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lab, startLab } from "../../origins/start-lab.ts";
import { presetsFor } from "../../situation/presets.ts";
import type { RunReport } from "../../situation/run-report.ts";
import { sequenceRounds } from "./sequence-steps.ts";
import type { Step } from "./step.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ port: 0, freePorts: true });
});
afterAll(() => lab.close());

async function run(id: string): Promise<RunReport> {
  const preset = presetsFor(lab.origins).find((each) => each.id === id);
  if (preset === undefined) throw new Error(`no preset ${id}`);
  return (await lab.runs.start(preset.situation, "chromium")).report;
}

function line({ from, to, tag, title, tone }: Step): string {
  const name = tag === null ? title : `[${tag}] ${title}`;
  return `${from} > ${to}: ${name}${tone === "bad" ? " !" : ""}`;
}

const rows: readonly [id: string, rounds: readonly (readonly string[])[]][] = [
  [
    "json",
    [
      [
        "page > browser: fetch: POST /books/Dune",
        "browser > server: [preflight] OPTIONS /books/Dune",
        "server > browser: 403 Forbidden !",
        "browser > page: Blocked !",
      ],
    ],
  ],
  [
    "repeated-put",
    [
      [
        "page > browser: fetch: PUT /books/Solaris",
        "browser > gateway: [preflight] OPTIONS /books/books/Solaris",
        "gateway > browser: 204 No Content",
        "browser > gateway: PUT /books/books/Solaris",
        "gateway > server: PUT /books/Solaris",
        "server > gateway: the answer is lost !",
        "gateway > server: [repeated] PUT /books/Solaris",
        "server > gateway: 204 No Content",
        "gateway > browser: 204 No Content",
        "browser > page: Allowed",
      ],
    ],
  ],
  [
    "forged-form",
    [
      [
        "page > browser: a form: POST /api/posts",
        "browser > server: POST /api/posts",
        "server > browser: 201 Created",
        "browser > page: Sent",
      ],
    ],
  ],
];

test.each(rows)("%s is drawn arrow by arrow", async (id, rounds) => {
  const drawn = sequenceRounds(await run(id), "corsac");
  expect(drawn.map(({ steps }) => steps.map(line))).toEqual(rounds);
});

test("what a cache answers stays inside the browser, or at the gateway", async () => {
  const [, second] = sequenceRounds(await run("cached-preflight"), "corsac");
  expect(second?.steps.map(({ title }) => title)).toContain("From the preflight cache");
  const [, again] = sequenceRounds(await run("safe-read"), "corsac");
  expect(again?.steps.some(({ to }) => to === "server")).toBe(false);
  expect(again?.steps.flatMap(({ notes }) => notes).join()).toContain("gateway’s cache");
});

test("a cookie that stays at home is told with its reason", async () => {
  const [round] = sequenceRounds(await run("forged-form-lax"), "corsac");
  expect(round?.steps.flatMap(({ notes }) => notes).join()).toMatch(/cookie lab_session stays at home: SameSite=Lax/);
});

test("an answer for one origin that caches would give to all is told", async () => {
  const notes = async (id: string) => {
    const [round] = sequenceRounds(await run(id), "corsac");
    return round?.steps.flatMap((step) => step.notes).join() ?? "";
  };
  expect(await notes("missing-vary")).toContain("No Vary: Origin");
  for (const id of ["one-origin", "wrong-origin", "everybody", "safe-read"]) {
    expect(await notes(id), id).not.toContain("No Vary");
  }
});

test("what a finding says about a message stands at that message", async () => {
  const [round] = sequenceRounds(await run("header-twice"), "corsac");
  const faults = round?.steps.flatMap((step) => step.faults.map(({ header }) => `${step.from} ${header}`)) ?? [];
  expect(new Set(faults)).toEqual(new Set(["server Access-Control-Allow-Origin"]));
});

test("where the visitor's browser sent something else, only its own wire is drawn", async () => {
  const report = await run("json-allowed");
  const { wire } = report.corsac;
  const browser = { ...report.browser, wire: wire.slice(0, 1), seen: [{ kind: "type-error", message: "" }] as const };
  const [round] = sequenceRounds({ ...report, browser }, "browser");
  expect(round?.steps.map(line)).toEqual([
    "page > browser: fetch: POST /books/Dune",
    "browser > server: [preflight] OPTIONS /books/Dune",
    "server > browser: 204 No Content",
    "browser > page: Blocked !",
  ]);
});
