import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Browser } from "@corsac/browser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { check } from "./check.ts";
import type { CheckOptions } from "./check-options.ts";
import { diagnose } from "./diagnose.ts";

const server = createServer((_, response) => response.setHeader("Access-Control-Allow-Origin", "*").end("[]"));
const browser = new Browser({ profile: "firefox" });
let options: CheckOptions;

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/books`;
  options = { url, origin: "http://localhost:3000", credentials: "include", browser: "firefox", probe: false };
});

afterAll(async () => {
  await browser.close();
  server.close();
});

test("tells of a fetch that a page made what a check tells of its own", async () => {
  const page = browser.open("http://localhost:3000/");
  await page.attempt(String(options.url), { credentials: "include" });
  const [made] = page.inspector.fetches;
  const { findings, browsers, wanted, verdict, grant } = diagnose(made ?? null, options);
  expect({ findings, browsers, wanted, verdict }).toMatchObject({
    ...{ verdict: "blocked", findings: [{ code: "allow-origin-wildcard-with-credentials" }, {}] },
  });
  const report = await check(options);
  expect({ findings, browsers, wanted, verdict }).toEqual({
    ...{ findings: report.findings, browsers: report.browsers, wanted: report.wanted, verdict: report.verdict },
  });
  expect(grant).toMatchObject({ origin: "http://localhost:3000", credentials: true });
});

test("knows why fetch() itself refuses", () => {
  const { verdict, findings, grant } = diagnose(null, { ...options, mode: "no-cors", method: "PUT" });
  expect([verdict, findings.map(({ code }) => code), grant]).toEqual(["blocked", ["no-cors-misuse"], null]);
});

test("a check asks no URL that is not permitted", async () => {
  const { verdict, exchanges } = await check({ ...options, permits: ({ hostname }) => hostname === "localhost" });
  expect([verdict, exchanges[0]?.response.kind]).toEqual(["unreachable", "network-error"]);
});
