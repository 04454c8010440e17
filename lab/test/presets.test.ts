import type { BrowserName } from "@corsac/protocol";
import { check } from "corsac";
import { parseSync } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyIssues } from "../origins/policy-issues.ts";
import { type Lab, startLab } from "../origins/start-lab.ts";
import { defaultOrigins } from "../situation/origins.ts";
import { parseSituation } from "../situation/parse-situation.ts";
import { presets, presetsFor } from "../situation/presets.ts";
import type { RunReport, WireExchange } from "../situation/run-report.ts";
import { decodeSituation, encodeSituation } from "../situation/situation-link.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ port: 0, freePorts: true });
});
afterAll(() => lab.close());

const browsers: readonly BrowserName[] = ["chromium", "firefox", "webkit"];

/** By its id; with the ports of this lab. */
function presetOf(id: string) {
  const found = presetsFor(lab.origins).find((preset) => preset.id === id);
  if (found === undefined) throw new Error(`no preset ${id}`);
  return found;
}

async function run(id: string, profile: BrowserName = "chromium"): Promise<RunReport> {
  return (await lab.runs.start(presetOf(id).situation, profile)).report;
}

function lines(wire: readonly WireExchange[]): string[] {
  return wire.map(({ server, request, response }) => `${request.method} ${server} ${response.status}`);
}

describe.each(presets.map(({ id }) => id))("%s", (id) => {
  test("is a situation that a link carries unharmed", () => {
    const { situation } = presetOf(id);
    expect(parseSituation(situation, policyIssues)).toEqual({ ok: true, situation });
    expect(decodeSituation(encodeSituation(situation))).toEqual(situation);
  });

  test.each(browsers)("comes to what it says under the rules of %s", async (profile) => {
    const { expected } = presetOf(id);
    const { verdict, corsac, findings, copies } = await run(id, profile);
    expect({ verdict, problem: corsac.attempts.at(-1)?.problem?.code ?? null }).toEqual(expected);
    // Whoever is blocked is told why, and nobody sees the path that the run was made of.
    if (expected.problem !== null) expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify({ corsac, findings })).not.toMatch(/\/r\/[a-z\d]{16}/);
    expect(copies.curl).toMatch(/^curl /);
  });
});

test("every chapter has presets, their ids differ, and those for the default ports name them", () => {
  expect([...new Set(presets.map(({ chapter }) => chapter))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
  expect(presets).toEqual(presetsFor(defaultOrigins));
});

describe("what the servers saw", () => {
  const rows: readonly [id: string, want: readonly string[]][] = [
    ["json", ["OPTIONS bench 403"]],
    ["json-allowed", ["OPTIONS bench 204", "POST bench 200"]],
    ["cached-preflight", ["OPTIONS bench 204", "PUT bench 200", "PUT bench 200", "PUT bench 200"]],
    [
      "uncached-preflight",
      [
        "OPTIONS bench 204",
        "PUT bench 200",
        "OPTIONS bench 204",
        "PUT bench 200",
        "OPTIONS bench 204",
        "PUT bench 200",
      ],
    ],
    // The second answer is the gateway's own.
    ["safe-read", ["GET gateway 200", "GET weather 200", "GET gateway 304"]],
    ["repeated-put", ["OPTIONS gateway 204", "PUT gateway 204", "PUT books 201", "PUT books 204"]],
    ["lost-order", ["OPTIONS gateway 204", "POST gateway 502", "POST bench 200"]],
    ["repeated-order", ["OPTIONS gateway 204", "POST gateway 201", "POST books 201", "POST books 201"]],
    ["redirect", ["GET books 301"]],
    ["header-twice", ["GET bench 200"]],
  ];
  test.each(rows)("%s: %j", async (id, want) => {
    expect(lines((await run(id)).corsac.wire)).toEqual(want);
  });

  test("raw lines arrive as they were written", async () => {
    const [exchange] = (await run("header-twice")).corsac.wire;
    const names = exchange?.response.headers.map(([name]) => name) ?? [];
    expect(names.filter((name) => name === "Access-Control-Allow-Origin")).toHaveLength(2);
  });

  test("an answer that got lost is marked, and the order stands once", async () => {
    const { corsac } = await run("repeated-order");
    expect(corsac.wire.map(({ response }) => response.lost)).toEqual([false, false, true, false]);
    expect(corsac.effects).toEqual([{ server: "books", what: "An order was placed." }]);
  });
});

describe("the forged request", () => {
  const rows = [
    ["forged-form", 201, ["A post in Alice's name: “I love the evil site!”."]],
    ["forged-form-lax", 401, []],
    ["forged-form-protected", 403, []],
  ] as const;
  test.each(rows)("%s: %i, in every browser", async (id, status, want) => {
    for (const profile of browsers) {
      const { corsac } = await run(id, profile);
      expect([corsac.wire[0]?.response.status, corsac.effects.map(({ what }) => what)]).toEqual([status, want]);
    }
  });

  test("nobody is told how to let the evil site in", async () => {
    const { findings, wanted, code } = await run("wrong-origin");
    expect([findings.flatMap(({ changes }) => changes), wanted, code]).toEqual([[], [], []]);
  });
});

describe("the change as code", () => {
  test("adds to the visitor's policy what the request needs", async () => {
    const { code } = await run("json");
    expect(code.map(({ server }) => server)).toEqual(["express", "fastify", "koa", "hono", "node", "next", "nginx"]);
    expect(code[0]?.code).toContain('requestHeaders: ["Content-Type"]');
  });

  test("the policy itself says which of its options decided", async () => {
    const { decisions } = await run("json");
    expect(decisions).toMatchObject([
      { exchange: 0, explanation: { kind: "refuse", change: { option: "requestHeaders", add: "content-type" } } },
    ]);
  });

  test("is cross-origin protection at the social network, until it has that", async () => {
    const { code } = await run("forged-form");
    expect(code[0]?.code).toContain("app.use(crossOriginProtection());");
    expect((await run("forged-form-protected")).code).toEqual([]);
  });

  test("is a gateway where the API is somebody else's", async () => {
    const { code } = await run("no-header");
    expect(code.map(({ server }) => server)).toEqual(["gateway"]);
  });
});

test("what is written to be copied is code, for every preset", async () => {
  for (const { id, situation } of presetsFor(lab.origins)) {
    const { code, copies } = await run(id);
    const scripts = code.filter(({ language }) => language !== "nginx").map((each) => each.code);
    const call = situation.request.via === "fetch" ? [copies.fetch] : [];
    for (const text of [...scripts, copies.test, ...call]) {
      expect({ id, text, errors: parseSync("copied.ts", text).errors }).toEqual({ id, text, errors: [] });
    }
  }
});

test("what is copied for the command comes to the same elsewhere", async () => {
  const { copies } = await run("json");
  const url = /http:\S+/.exec(copies.check ?? "")?.[0] ?? "";
  const headers = { "Content-Type": "application/json" };
  const report = await check({ url, origin: lab.origins.bookshop, method: "POST", headers, body: "{}", send: true });
  expect([report.verdict, report.findings[0]?.code]).toEqual(["blocked", "preflight-status-not-ok"]);
});

test("a typed origin runs in corsac's browser alone", async () => {
  const { situation } = presetOf("another-port");
  const typed = { ...situation, page: { kind: "typed", origin: "https://app.example" } } as const;
  const { runner, report } = await lab.runs.start(typed, "firefox");
  expect(runner.kind).toBe("none");
  expect([report.pageOrigin, report.verdict, report.agreement.kind]).toEqual([
    "https://app.example",
    "blocked",
    "not-run",
  ]);
});
