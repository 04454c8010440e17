import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type MethodsReport, methodsFindingInfo, type VerifyMethodsOptions, verifyMethods } from "corsac";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi, type ShelfPlan } from "./api.ts";
import { faults, habits } from "./faults.ts";

const servers: Server[] = [];

/** Milliseconds for thousands of requests, one after the other. */
const patience = 120_000;

/** Starts an API and verifies it. */
async function verified(
  plans: readonly ShelfPlan[],
  options: Partial<VerifyMethodsOptions> = {},
  log: string[] = [],
): Promise<MethodsReport> {
  const server = createApi(plans, log).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return verifyMethods({ target: `http://127.0.0.1:${port}/openapi.json`, budget: 100_000, ...options });
}

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** The codes that were found below a route, each once. */
function codesOf({ findings }: MethodsReport, name: string): string[] {
  const own = findings.filter(({ resource }) => resource.startsWith(`/${name}/`));
  return [...new Set(own.map(({ code }) => code))].sort();
}

test("every code has a fault in the bad API", () => {
  expect([...new Set(faults.map(({ code }) => code))].sort()).toEqual(Object.keys(methodsFindingInfo).sort());
});

describe("the bad API, unsafe methods allowed: each fault is found under its code, and nothing else", () => {
  let report: MethodsReport;
  beforeAll(async () => {
    report = await verified(faults, { allowUnsafe: true });
  }, patience);

  test.each(faults)("$name → $code", ({ name, code }) => {
    expect(codesOf(report, name)).toEqual([code]);
  });

  test("the run is complete, and nothing is left behind", () => {
    expect([report.stopped, report.verdict]).toEqual([null, "findings"]);
    const left = report.leftBehind.filter((url) => !/delete-not-effective|allow-lists-refused-method/.test(url));
    expect(left).toEqual([]);
  });
});

describe("the bad API, safe methods only", () => {
  let report: MethodsReport;
  const log: string[] = [];
  beforeAll(async () => {
    report = await verified(faults, {}, log);
  }, patience);

  test("nothing else is sent", () => {
    expect([...new Set(log)].sort()).toEqual(["GET", "HEAD", "OPTIONS", "QUERY", "TRACE"]);
  });

  test.each(faults)("$name", ({ name, code, safe }) => {
    const found = codesOf(report, name);
    if (safe) expect(found).toEqual([code]);
    else expect([code]).toEqual(expect.arrayContaining(found));
  });
});

describe("the good twin: no false alarm, not even a note", () => {
  const plans = habits.map((name) => ({ name, routes: ["stats", "clear", "settings"] }));

  test.each(["safe methods only", "unsafe methods allowed"])("%s", async (which) => {
    const report = await verified(plans, { allowUnsafe: which === "unsafe methods allowed" });
    expect(report.findings).toEqual([]);
    expect([report.verdict, report.stopped, report.leftBehind]).toEqual(["clean", null, []]);
  });
});

describe("a run that ends early removes what it created", () => {
  /** Verifies a shelf with all methods, and tells what is on it afterwards. */
  async function left(name: string, budget: number): Promise<{ names: string[]; report: MethodsReport }> {
    const server = createApi([{ name }]).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const report = await verifyMethods({ target: `${url}/openapi.json`, allowUnsafe: true, budget });
    const response = await fetch(`${url}/${name}/things`);
    const { items } = (await response.json()) as { items: { name: string }[] };
    return { names: items.map((item) => item.name), report };
  }

  test.each([60, 70, 80, 90, 100, 110])("after %i requests", async (budget) => {
    const { names, report } = await left("plain", budget);
    expect(names).toEqual(["dune", "emma", "solaris"]);
    expect(report.leftBehind).toEqual([]);
    expect(report.requests).toBeLessThan(budget + 15);
  });

  test("and nothing that was there before, although Location names it", async () => {
    const { names } = await left("location-lies", 1000);
    expect(names.slice(0, 3)).toEqual(["dune", "emma", "solaris"]);
  });

  test("the whole takes more than that", async () => {
    const { requests, stopped } = await verified([{ name: "plain" }], { allowUnsafe: true });
    expect(stopped).toBeNull();
    expect(requests).toBeGreaterThan(110);
  });
});
