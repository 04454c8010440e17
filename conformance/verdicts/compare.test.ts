import { describe, expect, test } from "vitest";
import { type Aspect, aspects, compare } from "./compare.ts";
import type { HeaderPair, Observation, Scenario } from "./verdict.ts";

const scenario: Scenario = {
  id: "own-1",
  group: "own",
  kind: "systematic",
  note: "",
  page: { origin: "http://localhost:{P1}" },
  steps: [{ url: "http://127.0.0.1:{P2}/s/own-1/a", method: "PUT", headers: [["X-A", "1"]] }],
  server: {},
};

const url = "http://127.0.0.1:{P2}/s/own-1/a";
const context: HeaderPair[] = [
  ["origin", "http://localhost:{P1}"],
  ["referer", "http://localhost:{P1}/"],
  ["sec-fetch-site", "cross-site"],
];

const recorded: Observation = {
  id: "own-1",
  steps: [
    {
      outcome: "ok",
      response: {
        type: "cors",
        status: 200,
        statusText: "OK",
        url,
        redirected: false,
        headers: [["content-length", "5"]],
        body: "hello",
      },
    },
  ],
  wire: [
    {
      step: 0,
      kind: "preflight",
      method: "OPTIONS",
      url,
      headers: [["access-control-request-headers", "x-a"], ["access-control-request-method", "PUT"], ...context],
    },
    {
      step: 0,
      kind: "actual",
      method: "PUT",
      url,
      headers: [["content-type", "text/plain"], ["cookie", "a=1"], ...context, ["x-a", "1"]],
      body: "x",
    },
  ],
  jar: { "http://127.0.0.1:{P2}": "a=1" },
  console: [{ text: "MissingAllowOriginHeader" }],
};

function differing(change: (observation: Observation) => Observation): Aspect[] {
  return compare(scenario, recorded, change(structuredClone(recorded)), aspects).map(({ aspect }) => aspect);
}

function withHeaders(index: number, change: (headers: readonly HeaderPair[]) => readonly HeaderPair[]) {
  return (observation: Observation): Observation => ({
    ...observation,
    wire: observation.wire.map((request, at) =>
      at === index ? { ...request, headers: change(request.headers) } : request,
    ),
  });
}

function withValue(name: string, value: string) {
  return (headers: readonly HeaderPair[]) =>
    headers.map((pair) => (pair[0] === name ? ([name, value] as const) : pair));
}

const rows: { title: string; change: (observation: Observation) => Observation; want: Aspect[] }[] = [
  { title: "nothing", change: (same) => same, want: [] },
  {
    title: "an error instead of a response, whose members are not compared then",
    change: (seen) => ({ ...seen, steps: [{ outcome: "error", error: "TypeError" }] }),
    want: ["outcome"],
  },
  {
    title: "a visible header",
    change: (seen) => ({
      ...seen,
      steps: seen.steps.map(({ outcome, response }) => ({
        outcome,
        ...(response && { response: { ...response, headers: [...response.headers, ["x-b", "1"] as const] } }),
      })),
    }),
    want: ["response"],
  },
  {
    title: "a missing request, whose headers are not compared then",
    change: (seen) => ({ ...seen, wire: seen.wire.slice(1) }),
    want: ["requests"],
  },
  {
    title: "the order of requests",
    change: (seen) => ({ ...seen, wire: [...seen.wire].reverse() }),
    want: ["requests"],
  },
  { title: "Origin", change: withHeaders(1, withValue("origin", "null")), want: ["origin"] },
  { title: "Cookie", change: withHeaders(1, withValue("cookie", "")), want: ["cookie"] },
  { title: "Referer", change: withHeaders(0, withValue("referer", "http://x/")), want: ["referer"] },
  { title: "Sec-Fetch-Site", change: withHeaders(0, withValue("sec-fetch-site", "none")), want: ["fetch-metadata"] },
  {
    title: "what a preflight asks",
    change: withHeaders(0, withValue("access-control-request-method", "GET")),
    want: ["preflight"],
  },
  { title: "a header set by script", change: withHeaders(1, withValue("x-a", "2")), want: ["author"] },
  { title: "Content-Type", change: withHeaders(1, withValue("content-type", "text/html")), want: ["author"] },
  {
    title: "a header that nobody asked for",
    change: withHeaders(1, (headers) => [...headers, ["x-corsac", "1"]]),
    want: ["other"],
  },
  {
    title: "a header of the script's on the preflight is the browser's",
    change: withHeaders(0, (headers) => [...headers, ["x-a", "1"]]),
    want: ["other"],
  },
  {
    title: "a body",
    change: (seen) => ({ ...seen, wire: seen.wire.map((request) => ({ ...request, body: "x" })) }),
    want: ["body"],
  },
  { title: "the cookie jar", change: (seen) => ({ ...seen, jar: {} }), want: ["jar"] },
  { title: "a reason", change: (seen) => ({ ...seen, console: [] }), want: ["console"] },
];

describe("compare finds", () => {
  test.each(rows)("$title", ({ change, want }) => {
    expect(differing(change)).toEqual(want);
  });
});

test("only the aspects that are asked for are compared", () => {
  const seen = { ...recorded, jar: {}, console: [] };
  expect(compare(scenario, recorded, seen, ["jar"]).map(({ aspect }) => aspect)).toEqual(["jar"]);
});
