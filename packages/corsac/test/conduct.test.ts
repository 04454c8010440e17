import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CheckOptions, check, formatReport } from "../src/index.ts";

const origin = "http://localhost:3000";
const allowed = { "Access-Control-Allow-Origin": origin, Vary: "Origin" };
const granted = {
  ...allowed,
  "Access-Control-Allow-Methods": "PUT, DELETE",
  "Access-Control-Allow-Headers": "content-type, x-a",
};

const paths: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/granted": (request, response) => response.writeHead(request.method === "OPTIONS" ? 204 : 200, granted).end(),
  "/refused": (request, response) => response.writeHead(request.method === "OPTIONS" ? 403 : 200, allowed).end(),
  "/cookies": (_, response) =>
    response
      .writeHead(200, { ...allowed, "Access-Control-Allow-Credentials": "true", "Set-Cookie": "sid=s3cret; Path=/" })
      .end(),
  "/wildcard": (_, response) =>
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" }).end(),
};

let server: Server;
let url: string;
let seen: { readonly line: string; readonly headers: IncomingMessage["headers"] }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    seen.push({ line: `${request.method} ${path}`, headers: request.headers });
    paths[path]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  seen = [];
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("what is sent", () => {
  const rows: readonly [
    title: string,
    options: Partial<CheckOptions> & { path: string },
    lines: string[],
    verdict: string,
  ][] = [
    ["an unsafe method: its preflight alone", { path: "/granted", method: "PUT" }, ["OPTIONS /granted"], "unknown"],
    ["an unsafe method that needs no preflight: nothing", { path: "/granted", method: "POST" }, [], "unknown"],
    [
      "with send, the request follows a good preflight",
      { path: "/granted", method: "PUT", send: true },
      ["OPTIONS /granted", "PUT /granted"],
      "allowed",
    ],
    [
      "but never a refused one",
      { path: "/refused", method: "PUT", send: true },
      ["OPTIONS /refused", "OPTIONS /refused"],
      "blocked",
    ],
    [
      "with send, a request without preflight",
      { path: "/granted", method: "POST", send: true },
      ["POST /granted"],
      "allowed",
    ],
    [
      "a safe request that the preflight stops is looked at all the same",
      { path: "/refused", headers: { "X-A": "1" } },
      ["OPTIONS /refused", "GET /refused", "OPTIONS /refused"],
      "blocked",
    ],
    [
      "without probes it is not",
      { path: "/refused", headers: { "X-A": "1" }, probe: false },
      ["OPTIONS /refused"],
      "blocked",
    ],
    [
      "an answer for one origin is compared with those for others",
      { path: "/granted" },
      ["GET /granted", "GET /granted", "GET /granted"],
      "allowed",
    ],
    ["without probes it is not compared", { path: "/granted", probe: false }, ["GET /granted"], "allowed"],
    ["the wildcard needs no comparison", { path: "/wildcard" }, ["GET /wildcard"], "allowed"],
    [
      "no-cors with a method that fetch() refuses: nothing",
      { path: "/granted", method: "DELETE", mode: "no-cors" },
      [],
      "blocked",
    ],
  ];

  test.each(rows)("%s", async (_, { path, ...options }, lines, verdict) => {
    const report = await check({ url: `${url}${path}`, origin, ...options });
    expect(seen.map(({ line }) => line)).toEqual(lines);
    expect(report.verdict).toBe(verdict);
  });

  test("of all that is sent, only the request itself carries cookies and Authorization", async () => {
    await check({ url: `${url}/cookies`, origin, cookie: "sid=s3cret", headers: { Authorization: "Bearer s3cret" } });
    const secrets = seen.map(({ line, headers }) => [line, headers.origin, headers.cookie, headers.authorization]);
    expect(secrets).toEqual([
      ["OPTIONS /cookies", origin, undefined, undefined],
      ["GET /cookies", origin, "sid=s3cret", "Bearer s3cret"],
    ]);
  });
});

test("no secret gets into a report", async () => {
  const report = await check({
    url: `${url}/cookies?token=s3cret`,
    origin,
    cookie: "sid=s3cret",
    headers: { Authorization: "Bearer s3cret", "X-Api-Key": "s3cret" },
  });
  expect(JSON.stringify(report)).not.toContain("s3cret");
  expect(formatReport(report)).not.toContain("s3cret");
});

describe("the three browsers", () => {
  test("let * cover Authorization where the standard does not, and the report says so", async () => {
    const options = { url: `${url}/wildcard`, origin, headers: { Authorization: "Bearer abc" } };
    const byStandard = await check(options);
    expect(byStandard.verdict).toBe("blocked");
    expect(Object.values(byStandard.browsers).map(({ verdict }) => verdict)).toEqual(["allowed", "allowed", "allowed"]);
    expect(formatReport(byStandard)).toContain("by the standard; Chromium, Firefox and WebKit differ, see below");
    const byFirefox = await check({ ...options, browser: "firefox" });
    expect(byFirefox.verdict).toBe("allowed");
    expect(byFirefox.browsers.firefox.messages[0]?.code).toBe("CORSAllowHeaderFromPreflightDeprecation");
  });

  test("each name another of several faults", async () => {
    const { browsers } = await check({ url: `${url}/refused`, origin, headers: { "X-A": "1" } });
    expect(browsers.chromium.messages[0]?.code).toBe("PreflightInvalidStatus");
    expect(browsers.firefox.messages[0]?.code).toBe("CORSPreflightDidNotSucceed3");
    expect(browsers.webkit.messages[0]?.text).toBe("Preflight response is not successful. Status code: 403");
  });
});

test("a host and port can be resolved to another address", async () => {
  const { port } = new URL(url);
  const report = await check({
    url: `http://api.example:${port}/granted`,
    origin,
    probe: false,
    resolve: { [`api.example:${port}`]: "127.0.0.1" },
  });
  expect(report.verdict).toBe("allowed");
  expect(seen[0]?.headers.host).toBe(`api.example:${port}`);
});

test("a page of a sandboxed frame asks as null", async () => {
  await check({ url: `${url}/granted`, origin: "null", probe: false });
  expect(seen[0]?.headers.origin).toBe("null");
});
