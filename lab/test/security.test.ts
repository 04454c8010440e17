import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { json as readJson } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Lab, startLab } from "../origins/start-lab.ts";
import type { CheckOrder } from "../situation/lab-api.ts";
import { labTokenHeader } from "../situation/lab-api.ts";
import { type OriginName, pageNames } from "../situation/origins.ts";
import { parseSituation } from "../situation/parse-situation.ts";
import { defaultSituation } from "../situation/situation.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ port: 0, freePorts: true });
});
afterAll(() => lab.close());

/** Sends a request as it is given: `fetch` would set or forbid some headers. */
async function send(
  origin: string,
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<IncomingMessage> {
  const { host, port } = new URL(origin);
  const headers = { host, ...options.headers };
  const sent = request({ host: "127.0.0.1", port, path, method: options.method ?? "GET", headers });
  const [response] = (await once(sent.end(options.body), "response")) as [IncomingMessage];
  return response;
}

/** Calls the API as the lab's page does, but for what `changes` says; `null` leaves a header out. */
async function call(path: string, body: unknown, changes: Record<string, string | null> = {}) {
  const headers = {
    Origin: lab.origins.lab,
    "Sec-Fetch-Site": "same-origin",
    "Content-Type": "application/json",
    [labTokenHeader]: lab.token,
    ...changes,
  };
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  const options = { method: "POST", headers: Object.fromEntries(kept), body: JSON.stringify(body) };
  const response = await send(lab.origins.lab, path, options);
  return { status: response.statusCode, body: (await readJson(response)) as Record<string, unknown> };
}

describe("the lab's API answers its page", () => {
  test("which runs a situation", async () => {
    const { status, body } = await call("/api/runs", { situation: { ...defaultSituation, times: 1 } });
    expect([status, typeof body.id]).toEqual([201, "string"]);
  });

  const rows: readonly [title: string, changes: Record<string, string | null>, status: number][] = [
    ["another origin", { Origin: "http://evil.localhost:6060" }, 403],
    ["an opaque origin", { Origin: "null" }, 403],
    ["another port of the same host", { Origin: "http://localhost:3000" }, 403],
    ["no origin", { Origin: null }, 403],
    [
      "the page's origin, although the browser says that it is another's request",
      { "Sec-Fetch-Site": "same-site" },
      403,
    ],
    ["no token", { [labTokenHeader]: null }, 403],
    ["another token", { [labTokenHeader]: "x".repeat(32) }, 403],
    ["a content type that a form can send", { "Content-Type": "text/plain" }, 415],
    ["a name of somebody else's that points here", { host: "rebound.example" }, 421],
  ];
  test.each(rows.filter(([, , status]) => status !== 421))("and refuses %s", async (_, changes, want) => {
    for (const path of ["/api/runs", "/api/check", "/api/world", "/api/situation"]) {
      const { status, body } = await call(path, {}, changes);
      expect([status, Object.keys(body)]).toEqual([want, ["error"]]);
    }
  });

  test("a faulty situation comes back with every issue at its field", async () => {
    const request = { ...defaultSituation.request, path: "books", headers: [["Cookie", "a=b"]] };
    const server = { ...defaultSituation.server, policy: { origins: ["localhost:3000"] } };
    const { status, body } = await call("/api/runs", { situation: { ...defaultSituation, request, server } });
    const paths = (body.issues as { readonly path: readonly unknown[] }[]).map(({ path }) => path.join("."));
    expect([status, paths]).toEqual([422, ["request.path", "request.headers.0.0", "server.policy.origins.0"]]);
  });
});

describe("who follows somebody's link and presses Run loses nothing", () => {
  const bench = (headers: readonly (readonly [string, string])[], body = "") => ({
    server: { kind: "raw", preflight: null, answer: { status: 307, headers, body } },
  });
  const script = { ...defaultSituation.request, via: "script", mode: "no-cors" };

  test.each([
    ["a script by a link would run in a page of the lab", { request: script, ...bench([]) }, "request.target"],
    [
      "a redirect by a link would reach other servers",
      bench([["Location", "http://127.0.0.1:9/"]]),
      "answer.headers.0.1",
    ],
    ["also without a scheme", bench([["location", "//intranet.example/"]]), "answer.headers.0.1"],
    ["or with blanks", bench([["Location", "\thttp:\\\\127.0.0.1:9"]]), "answer.headers.0.1"],
    ["a cookie by a link would be one of every port", bench([["Set-Cookie", "sid=1"]]), "answer.headers.0.0"],
  ] as const)("%s: refused at its field", async (_, changes, path) => {
    const { status, body } = await call("/api/runs", { situation: { ...defaultSituation, ...changes } });
    const issues = body.issues as { readonly path: readonly unknown[] }[];
    expect([status, issues.map((issue) => issue.path.join(".").replace(/^server\./, ""))]).toEqual([422, [path]]);
  });

  test("redirects within the lab are allowed, but for its page", async () => {
    const { bench: own, lab: page, social } = lab.origins;
    for (const [location, want] of [
      ["/books", 201],
      [`${own}/x`, 201],
      [`${social}/`, 201],
      [page, 422],
    ] as const) {
      const { status } = await call("/api/runs", {
        situation: { ...defaultSituation, ...bench([["Location", location]]) },
      });
      expect(`${location}: ${status}`).toBe(`${location}: ${want}`);
    }
  });

  test("a run touches no cookie of another application on localhost", async () => {
    const headers = { Origin: lab.origins.lab, "Content-Type": "application/json", [labTokenHeader]: lab.token };
    const body = JSON.stringify({ situation: defaultSituation });
    const response = await send(lab.origins.lab, "/api/runs", { method: "POST", headers, body });
    response.resume();
    const names = response.headers["set-cookie"]?.map((line) => line.split("=")[0]);
    expect(new Set(names)).toEqual(new Set(["lab_session"]));
  });

  test("runner documents run no script of the bench", async () => {
    for (const name of pageNames) {
      const runner = await send(lab.origins[name], "/.lab/runner");
      runner.resume();
      const [scripts = ""] = /script-src [^;]*/.exec(runner.headers["content-security-policy"] as string) ?? [];
      expect(scripts).toMatch(/^script-src 'sha256-/);
      expect(scripts).not.toContain(lab.origins.bench);
      expect(scripts).not.toContain(`${lab.origins.lab} `);
    }
  });

  test("what the bench answers is confined where it is shown as a page, and as it was written elsewhere", async () => {
    const situation = parseSituation({ ...defaultSituation, ...bench([], "<script>alert(1)</script>") }, () => []);
    if (!situation.ok) throw new Error("no situation");
    const start = await lab.runs.start(situation.situation, "standard");
    const path = start.runner.kind === "none" ? "" : new URL(start.runner.command.request.url).pathname;
    const policyFor = async (headers: Record<string, string>) => {
      const response = await send(lab.origins.bench, path, { headers });
      response.resume();
      return response.headers["content-security-policy"];
    };
    const confined = "sandbox; default-src 'none'";
    expect(await policyFor({ "Sec-Fetch-Dest": "document" })).toBe(confined);
    expect(await policyFor({ "Sec-Fetch-Dest": "iframe" })).toBe(confined);
    expect(await policyFor({ Accept: "text/html,*/*" })).toBe(confined);
    expect(await policyFor({ "Sec-Fetch-Dest": "empty", Accept: "text/html" })).toBeUndefined();
    expect(await policyFor({ Accept: "*/*" })).toBeUndefined();
  });
});

test("every origin goes by its own name alone, so that no other name can be made to point at it", async () => {
  for (const name of Object.keys(lab.origins) as OriginName[]) {
    const { port } = new URL(lab.origins[name]);
    for (const host of [
      `rebound.example:${port}`,
      "localhost",
      `localhost.example:${port}`,
      `other.localhost:${port}`,
    ]) {
      const response = await send(lab.origins[name], "/", { headers: { host } });
      response.resume();
      expect(`${name} as ${host}: ${response.statusCode}`).toBe(`${name} as ${host}: 421`);
    }
  }
});

test.each(["//", "/%", "/r/0000000000000000/", "*", "/api/runs?//", "/\\evil.example"])(
  "no origin stumbles over the target %s",
  async (path) => {
    for (const origin of Object.values(lab.origins)) {
      const response = await send(origin, path);
      response.resume();
      expect(response.statusCode).toBeLessThan(500);
    }
    const page = await send(lab.origins.lab, "/");
    page.resume();
    expect(page.statusCode).toBe(200);
  },
);

test("pages of the lab are shown by the lab alone", async () => {
  const runner = await send(lab.origins.bookshop, "/.lab/runner");
  runner.resume();
  expect(runner.headers["content-security-policy"]).toContain(`frame-ancestors ${lab.origins.lab};`);
  const page = await send(lab.origins.lab, "/");
  page.resume();
  expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
});

test.each([
  "/../package.json",
  "/..%2fpackage.json",
  "/%2e%2e/package.json",
  "/assets/../../vite.config.ts",
  "//etc/passwd",
])("no path leads out of the page's folder: %s", async (path) => {
  const response = await send(lab.origins.lab, path);
  response.resume();
  expect(response.statusCode).toBe(404);
});

describe("the check of a URL that the visitor types", () => {
  const order: CheckOrder = {
    ...{ url: "", origin: "https://app.example", method: "GET", headers: [], body: null },
    ...{ credentials: "same-origin", send: false },
  };

  test("asks servers of this machine", async () => {
    const url = `${lab.origins.books}/catalogue`;
    const { status, body } = await call("/api/check", { ...order, url });
    expect([status, (body.report as { verdict: string }).verdict]).toEqual([200, "allowed"]);
  });

  test.each([
    "http://192.168.0.1/",
    "http://10.0.0.1:8080/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:10.0.0.1]/",
    "http://[fe80::1]/",
    "https://api.example/",
    "http://localhost.example/",
    "http://0.0.0.0/",
    "file:///etc/passwd",
    "ftp://localhost/",
  ])("asks nobody else: %s", async (url) => {
    const { status, body } = await call("/api/check", { ...order, url });
    expect([status, Object.keys(body)]).toEqual([422, ["error", "issues"]]);
  });

  test("a scheme that was forgotten is suggested", async () => {
    const { body } = await call("/api/check", { ...order, url: "localhost:3000/books" });
    expect(body.issues).toMatchObject([{ path: ["url"], suggestion: "http://localhost:3000/books" }]);
  });

  test("follows no redirect to another machine", async () => {
    let asked = 0;
    const server = createServer((incoming, response) => {
      asked += 1;
      const headers = { "Access-Control-Allow-Origin": "*" };
      if (incoming.url === "/local") response.writeHead(302, { ...headers, Location: "/end" }).end();
      else if (incoming.url === "/end") response.writeHead(200, headers).end();
      else response.writeHead(302, { ...headers, Location: "http://192.0.2.1/private" }).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const local = await call("/api/check", { ...order, url: `${base}/local` });
    expect((local.body.report as { verdict: string }).verdict).toBe("allowed");
    const away = await call("/api/check", { ...order, origin: lab.origins.bookshop, url: `${base}/away` });
    const { verdict, exchanges } = away.body.report as {
      verdict: string;
      exchanges: { response: { kind: string; message?: string } }[];
    };
    expect([verdict, exchanges.at(-1)?.response]).toEqual([
      "blocked",
      { kind: "network-error", reason: "unknown", message: "192.0.2.1 is not to be asked" },
    ]);
    expect(away.body.runner).toMatchObject({ kind: "none", reason: expect.stringContaining("another machine") });
    expect(asked).toBeGreaterThan(2);
    server.close();
  });
});
