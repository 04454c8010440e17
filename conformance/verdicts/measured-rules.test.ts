import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Configuration, configurations } from "./configurations.ts";
import { playScenario } from "./play-scenario.ts";
import { ReplayServer } from "./replay-server.ts";
import type { HeaderPair, Scenario, Step } from "./verdict.ts";

// What was measured in browsers, but is in none of the recorded scenarios.

let server: ReplayServer;
beforeAll(async () => {
  server = await ReplayServer.start();
});
afterAll(() => server.close());

const url = "http://127.0.0.1:{P2}/s/own-1/a";
const allow: HeaderPair = ["Access-Control-Allow-Origin", "*"];

interface Row {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly preflight?: readonly HeaderPair[];
  readonly actual?: readonly HeaderPair[];
  /** Per profile: the outcomes, then the requests. */
  readonly want: Readonly<Record<"chromium" | "firefox" | "standard/chromium" | "webkit", string>>;
}

const upload = "ok | OPTIONS a, GET a";
const both = "error, ok | OPTIONS a, OPTIONS a, PUT a";

const rows: Row[] = [
  {
    title: "an upload listener on a GET without body: Chromium has nothing to upload, and asks for no preflight",
    steps: [{ url, api: "xhr", uploadListener: true }],
    want: { chromium: "ok | GET a", firefox: upload, webkit: upload, "standard/chromium": upload },
  },
  {
    title: "an answer that refuses a header but allows the method: WebKit keeps it",
    steps: [
      { url, method: "PUT", headers: [["X-A", "1"]] },
      { url, method: "PUT" },
    ],
    preflight: [
      ["Access-Control-Allow-Methods", "PUT"],
      ["Access-Control-Max-Age", "600"],
    ],
    want: { chromium: both, firefox: both, webkit: "error, ok | OPTIONS a, PUT a", "standard/chromium": both },
  },
  {
    title: "about:blank in mode no-cors",
    steps: [{ url: "about:blank", mode: "no-cors" }],
    want: { chromium: "error | ", firefox: "ok | ", webkit: "error | ", "standard/chromium": "ok | " },
  },
  {
    title: "two Location lines that are equal are one in browsers",
    steps: [{ url }],
    actual: [
      ["Location", "/s/own-1/b"],
      ["Location", "/s/own-1/b"],
    ],
    want: {
      chromium: "ok | GET a, GET b",
      firefox: "ok | GET a, GET b",
      webkit: "ok | GET a, GET b",
      "standard/chromium": "error | GET a",
    },
  },
  {
    title: "a form that is redirected without end: Chromium gives up one redirect earlier",
    steps: [{ url, api: "form-iframe", method: "post" }],
    actual: [["Location", "/s/own-1/a"]],
    want: { chromium: endless(20), firefox: endless(21), webkit: endless(21), "standard/chromium": endless(21) },
  },
];

function endless(count: number): string {
  return `error | ${["POST", ...Array(count - 1).fill("GET")].map((method) => `${method} a`).join(", ")}`;
}

function scenario({ steps, preflight = [], actual = [] }: Row): Scenario {
  const status = actual.length > 0 ? 302 : 200;
  return {
    id: "own-1",
    group: "own",
    kind: "systematic",
    note: "",
    page: { origin: "http://localhost:{P1}" },
    steps,
    server: {
      [url]: {
        preflight: [{ status: 204, headers: [allow, ...preflight] }],
        actual: [{ status, headers: [allow, ...actual] }],
      },
      "http://127.0.0.1:{P2}/s/own-1/b": { actual: [{ status: 200, headers: [allow] }] },
    },
  };
}

function configuration(name: string): Configuration {
  const found = configurations.find((candidate) => candidate.name === name);
  if (found === undefined) throw new TypeError(`There is no configuration ${name}.`);
  return found;
}

describe.each(rows)("$title", (row) => {
  test.each(Object.entries(row.want))("%s", async (name, want) => {
    const { steps, wire } = await playScenario(server, scenario(row), configuration(name));
    const outcomes = steps.map(({ outcome }) => outcome).join(", ");
    expect(`${outcomes} | ${wire.map((request) => `${request.method} ${request.url.at(-1)}`).join(", ")}`).toBe(want);
  });
});

test("an empty value leaves no trace in Firefox when headers of one name are joined", async () => {
  const row: Row = {
    title: "",
    steps: [
      {
        url,
        headers: [
          ["X-A", ""],
          ["X-A", "1"],
        ],
      },
    ],
    preflight: [["Access-Control-Allow-Headers", "x-a"]],
    want: { chromium: ", 1", firefox: "1", webkit: ", 1", "standard/chromium": ", 1" },
  };
  for (const [name, want] of Object.entries(row.want)) {
    const { wire } = await playScenario(server, scenario(row), configuration(name));
    expect(new Map(wire[1]?.headers).get("x-a"), name).toBe(want);
  }
});
