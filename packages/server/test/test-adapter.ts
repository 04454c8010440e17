import { Browser } from "@corsac/browser";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { definePolicy } from "../src/index.ts";
import type { Harness, RunningServer } from "./application.ts";
import {
  allowedOrigin,
  type Case,
  deniedOrigin,
  mountsOfCases,
  optionsCases,
  pageCases,
  policyCases,
  protectionCases,
} from "./cases.ts";
import { ask } from "./cors-client.ts";

/** Puts an adapter to every question of the table, on real sockets. */
export function testAdapter(harness: Harness): void {
  const { http2 = false } = harness;
  const running: RunningServer[] = [];
  const start = async (...given: Parameters<Harness["start"]>) => {
    const server = await harness.start(...given);
    running.push(server);
    return server;
  };
  // Frameworks print what handlers throw.
  beforeAll(() => {
    vi.spyOn(console, "error").mockImplementation(() => {});
  });
  afterAll(() => Promise.all(running.map((server) => server.close())));

  async function check(server: RunningServer, { question, status, headers }: Case): Promise<void> {
    const answer = await ask(server, question, { http2 });
    expect(answer.headers).toEqual(headers);
    if (status !== undefined) expect([status].flat()).toContain(answer.status);
  }

  describe(`${harness.name}: one policy for all`, () => {
    let server: RunningServer;
    beforeAll(async () => {
      server = await start(mountsOfCases().policy);
    });
    test.each(policyCases(harness))("$title", (row) => check(server, row));
    test.each(optionsCases)("$title", async ({ reachesApplication, ...row }) => {
      await check(server, row);
      const { allow, body } = await ask(server, row.question, { http2 });
      expect([allow, body]).toEqual(reachesApplication ? ["GET, OPTIONS", "text"] : [undefined, ""]);
    });
    test("each request has its own headers, at the same time as others", async () => {
      const origins = Array.from(
        { length: 20 },
        (_, index) => [allowedOrigin, deniedOrigin, `https://${index}.partner.example`][index % 3] as string,
      );
      const path = harness.lacks.includes("shared") ? "/text" : "/shared";
      const answers = await Promise.all(origins.map((origin) => ask(server, { path, headers: { origin } }, { http2 })));
      expect(answers.map(({ headers }) => headers["access-control-allow-origin"])).toEqual(
        origins.map((origin) => (origin === deniedOrigin ? undefined : origin)),
      );
    });
  });

  describe(`${harness.name}: a policy for each part`, () => {
    let server: RunningServer;
    beforeAll(async () => {
      const partner = definePolicy({ origins: ["https://partner.example"], methods: ["PUT"] });
      const everybody = definePolicy({ origins: "*", methods: ["PUT"] });
      const asked = definePolicy({ origins: (origin) => Promise.resolve(origin === allowedOrigin), methods: ["PUT"] });
      const silent = definePolicy({
        origins: () => new Promise<boolean>(() => {}),
        resolver: { timeout: 20 },
        methods: ["PUT"],
      });
      server = await start([
        { path: "/partner", policies: [partner] },
        { path: "/everybody", policies: [everybody] },
        { path: "/asked", policies: [asked] },
        { path: "/silent", policies: [silent] },
        { path: "/none", policies: [] },
      ]);
    });
    const allowOrigin = "access-control-allow-origin";
    test.each<[path: string, origin: string, headers: Record<string, string>, preflightStatus: number | null]>([
      ["/partner", "https://partner.example", { [allowOrigin]: "https://partner.example", vary: "Origin" }, 204],
      ["/partner", allowedOrigin, { vary: "Origin" }, 403],
      ["/everybody", deniedOrigin, { [allowOrigin]: "*" }, 204],
      ["/asked", allowedOrigin, { [allowOrigin]: allowedOrigin, vary: "Origin" }, 204],
      ["/asked", deniedOrigin, { vary: "Origin" }, 403],
      ["/silent", allowedOrigin, { vary: "Origin" }, 403],
      ["/none", allowedOrigin, {}, null],
    ])("%s for %s", async (path, origin, headers, status) => {
      await check(server, { title: "", question: { path: `${path}/text`, headers: { origin } }, status: 200, headers });
      const foreign = path === "/none" ? null : { path: `${path}/foreign`, headers: { origin } };
      if (foreign !== null) await check(server, { title: "", question: foreign, status: 200, headers });
      if (status === null) return;
      const question = {
        method: "OPTIONS",
        path: `${path}/text`,
        headers: { origin, "access-control-request-method": "PUT" },
      };
      const granted = status === 204 ? { "access-control-allow-methods": "PUT" } : {};
      await check(server, { title: "", question, status, headers: { ...headers, ...granted } });
    });
  });

  describe(`${harness.name}: cross-origin protection`, () => {
    let server: RunningServer;
    beforeAll(async () => {
      server = await start(mountsOfCases().protection);
    });
    test.each(protectionCases)("$title", async ({ code, ...row }) => {
      await check(server, row);
      const { body, cacheControl } = await ask(server, row.question, { http2 });
      if (code === null) expect(body).not.toContain("code");
      else expect([JSON.parse(body).code, cacheControl]).toEqual([code, "no-store"]);
    });
    test("waits for the trust that a resolver tells", async () => {
      const policy = definePolicy({ origins: (origin) => Promise.resolve(origin === allowedOrigin) });
      const asking = await start([{ path: "", policies: [policy], protection: policy }]);
      const statuses = [allowedOrigin, deniedOrigin].map(async (origin) => {
        const headers = { origin, "sec-fetch-site": "cross-site" };
        return (await ask(asking, { method: "PUT", path: "/text", headers }, { http2 })).status;
      });
      expect(await Promise.all(statuses)).toEqual([200, 403]);
    });
  });

  // The browser speaks HTTP/2 over TLS only, as all do.
  describe.skipIf(http2)(`${harness.name}: pages of a browser`, () => {
    let server: RunningServer;
    let browser: Browser;
    beforeAll(async () => {
      server = await start(mountsOfCases().policy);
      browser = new Browser();
    });
    afterAll(() => browser.close());
    test.each(pageCases)("$title", async ({ from, path, init, want }) => {
      const page =
        typeof from === "string"
          ? browser.open(from)
          : browser.open(from.sandboxed).frame("/frame", { sandbox: ["allow-scripts"] });
      const outcome = await page.attempt(server.url + path, { cache: "no-store", ...init });
      expect(outcome.kind === "response" ? outcome.response.status : outcome.problem.code).toBe(want);
    });
  });

  test(`${harness.name}: of two policies on one response the first decides, and a warning tells`, async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const first = definePolicy({ origins: [allowedOrigin], exposedHeaders: ["X-First"] });
    const second = definePolicy({ origins: [allowedOrigin, deniedOrigin], credentials: true });
    const server = await start([{ path: "/stacked", policies: [first, second] }]);
    const allowed = {
      "access-control-allow-origin": allowedOrigin,
      "access-control-expose-headers": "X-First",
      vary: "Origin",
    };
    for (const [origin, headers] of [
      [allowedOrigin, allowed],
      [deniedOrigin, { vary: "Origin" }],
    ] as const) {
      await check(server, {
        title: "",
        question: { path: "/stacked/text", headers: { origin } },
        status: 200,
        headers,
      });
    }
    expect(warn.mock.calls.map(([, options]) => options)).toEqual([{ type: "CorsacWarning", code: "CORSAC_STACKED" }]);
    expect(second.counters.pass).toEqual({ ...second.counters.pass, allowed: 0, "origin-not-allowed": 0 });
  });
}
