import { describe, expect, test } from "vitest";
import { policyIssues } from "../origins/policy-issues.ts";
import { parseSituation } from "./parse-situation.ts";
import { defaultSituation, type Situation } from "./situation.ts";

const { request } = defaultSituation;
const server = defaultSituation.server as Extract<Situation["server"], { kind: "policy" }>;

function pathsOf(changes: object): string[] {
  const parsed = parseSituation({ ...defaultSituation, ...changes }, policyIssues);
  return parsed.ok ? [] : parsed.issues.map(({ path }) => path.join("."));
}

test("what one begins with is fine", () => {
  expect(parseSituation(defaultSituation, policyIssues)).toEqual({ ok: true, situation: defaultSituation });
});

test.each([null, [], "text", 7, {}])("%j is no situation, and every part of it is named", (value) => {
  const parsed = parseSituation(value, policyIssues);
  const parts = parsed.ok ? [] : parsed.issues.map(({ path }) => path[0]);
  expect(new Set(parts)).toEqual(
    new Set([
      ...(typeof value === "object" && value !== null && !Array.isArray(value) ? [] : [undefined]),
      ...Object.keys(defaultSituation),
    ]),
  );
});

describe("an issue stands at its field", () => {
  const rows: readonly [title: string, changes: object, want: string][] = [
    ["an origin with a path", { page: { kind: "typed", origin: "https://app.example/" } }, "page.origin"],
    ["an unknown page", { page: { kind: "origin", name: "books" } }, "page.name"],
    ["a path without a slash", { request: { ...request, path: "books" } }, "request.path"],
    ["a path that is a host", { request: { ...request, path: "//evil.example/" } }, "request.path"],
    ["a forbidden method", { request: { ...request, method: "TRACE" } }, "request.method"],
    ["two words as method", { request: { ...request, method: "GET IT" } }, "request.method"],
    ["a form that deletes", { request: { ...request, via: "form", method: "DELETE" } }, "request.method"],
    ["an image that posts", { request: { ...request, via: "image", method: "POST" } }, "request.method"],
    ["a body with GET", { request: { ...request, body: "x" } }, "request.body"],
    ["a forbidden request header", { request: { ...request, headers: [["Cookie", "a=b"]] } }, "request.headers.0.0"],
    ["a header name with a blank", { request: { ...request, headers: [["X A", "b"]] } }, "request.headers.0.0"],
    ["a header value with a line break", { request: { ...request, headers: [["X", "a\nb"]] } }, "request.headers.0.1"],
    ["a header line of one part", { request: { ...request, headers: [["X"]] } }, "request.headers.0"],
    ["a policy without origins", { server: { ...server, policy: {} } }, "server.policy.origins"],
    ["a faulty origin in a policy", { server: { ...server, policy: { origins: ["x"] } } }, "server.policy.origins.0"],
    ["a status of 0", { server: { ...server, answer: { ...server.answer, status: 0 } } }, "server.answer.status"],
    [
      "a header of the connection",
      { server: { kind: "raw", preflight: null, answer: { ...server.answer, headers: [["Content-Length", "1"]] } } },
      "server.answer.headers.0.0",
    ],
    ...["Set-Cookie", "clear-site-data", "Strict-Transport-Security", "Content-Security-Policy"].map(
      (name): (typeof rows)[number] => [
        `${name}, which other servers would feel`,
        { server: { kind: "raw", preflight: null, answer: { ...server.answer, headers: [[name, "x"]] } } },
        "server.answer.headers.0.0",
      ],
    ),
    ["a script of the bench", { request: { ...request, via: "script", mode: "no-cors" } }, "request.target"],
    ["a path out of the run", { request: { ...request, path: "/books/../../../.lab/prepare" } }, "request.path"],
    ["the same, encoded", { request: { ...request, path: "/%2E%2e" } }, "request.path"],
    ["answers for a server that has its own", { request: { ...request, target: "books" } }, "server.kind"],
    [
      "a gateway before the social network",
      {
        ...{ place: "window", server: { kind: "itself" }, request: { ...request, target: "social" } },
        gateway: { policy: { origins: "*" }, cache: false, retries: false },
      },
      "gateway",
    ],
    ["a sandboxed window", { page: { kind: "sandboxed", name: "evil" }, place: "window" }, "place"],
    [
      "the social network in a frame",
      { server: { kind: "itself" }, request: { ...request, target: "social" } },
      "place",
    ],
    [
      "a form of a typed origin",
      { page: { kind: "typed", origin: "https://a.example" }, request: { ...request, via: "form" } },
      "page.kind",
    ],
    ["a form that is sent twice", { request: { ...request, via: "form" }, times: 2 }, "times"],
    ["six times", { times: 6 }, "times"],
    ["lost answers without a gateway", { lostAnswers: 1 }, "lostAnswers"],
  ];
  test.each(rows)("%s", (_, changes, want) => {
    expect(pathsOf(changes)).toEqual([want]);
  });
});
