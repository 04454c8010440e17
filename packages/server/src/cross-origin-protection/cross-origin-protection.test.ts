import { describe, expect, test } from "vitest";
import { definePolicy } from "../policy/define-policy.ts";
import { createCrossOriginProtection, toCrossOriginProtection } from "./cross-origin-protection.ts";
import type { ProtectionVerdict } from "./verdict.ts";

const partner = "https://partner.example";
const post = (origin: string, site = "cross-site") => ({
  method: "POST",
  headers: { host: "app.example", origin, "sec-fetch-site": site },
});
const rowOf = (verdict: ProtectionVerdict) => (verdict.ok ? verdict.row : verdict.code);

describe("a policy's origins are trusted", () => {
  test.each([
    ["a listed one", [partner], partner, 4],
    ["one of a pattern", ["https://*.partner.example"], "https://a.partner.example", 4],
    ["none that is not listed", [partner], "https://evil.example", "sec-fetch-site"],
    ["not null", [partner], "null", "sec-fetch-site"],
  ])("%s", (_, origins, origin, want) => {
    const protection = createCrossOriginProtection({ policy: definePolicy({ origins }) });
    expect(rowOf(protection.check(post(origin)))).toBe(want);
  });

  test("* names nobody", () => {
    const protection = createCrossOriginProtection({ policy: definePolicy({ origins: "*" }) });
    expect(rowOf(protection.check(post(partner)))).toBe("sec-fetch-site");
  });

  test("from the moment on in which it is replaced", () => {
    const policy = definePolicy({ origins: [partner] });
    const protection = createCrossOriginProtection({ policy });
    expect(policy.replace({ origins: ["https://other.example"] }).ok).toBe(true);
    expect(rowOf(protection.check(post(partner)))).toBe("sec-fetch-site");
    expect(rowOf(protection.check(post("https://other.example")))).toBe(4);
  });

  test("those of a resolver are waited for, once", async () => {
    let asked = 0;
    const policy = definePolicy({
      origins: async (origin) => {
        asked++;
        return origin === partner;
      },
    });
    const protection = createCrossOriginProtection({ policy });
    expect(rowOf(await protection.check(post(partner)))).toBe(4);
    expect(rowOf(await protection.check(post("https://evil.example")))).toBe("sec-fetch-site");
    expect(asked).toBe(2);
    // Neither safe methods nor the application's own pages nor no origin need an answer.
    for (const request of [
      { ...post(partner), method: "GET" },
      post("https://app.example", "same-origin"),
      { method: "POST", headers: {} },
      post("null"),
    ]) {
      expect(protection.check(request)).not.toBeInstanceOf(Promise);
    }
    expect(asked).toBe(2);
  });

  test("a resolver that fails trusts nobody", async () => {
    const policy = definePolicy({ origins: () => Promise.reject(new Error("down")) });
    expect(rowOf(await createCrossOriginProtection({ policy }).check(post(partner)))).toBe("sec-fetch-site");
  });
});

test("a policy that breaks its word and rejects trusts nobody", async () => {
  const policy = Object.assign(definePolicy({ origins: [partner] }), {
    trusts: () => Promise.reject(new Error("down")),
  });
  expect(rowOf(await createCrossOriginProtection({ policy } as object).check(post(partner)))).toBe("sec-fetch-site");
});

test("inherited headers are none", () => {
  const headers = Object.assign(Object.create({ "sec-fetch-site": "same-origin" }), {
    host: "a.example",
    origin: partner,
  });
  expect(rowOf(createCrossOriginProtection().check({ method: "POST", headers }))).toBe("cross-origin");
});

describe("reportOnly", () => {
  const lines: string[] = [];
  const protection = createCrossOriginProtection({ reportOnly: true, log: (line) => lines.push(line) });

  test("lets the request go on, and tells", () => {
    const verdict = protection.check(post("https://evil.example"));
    expect(verdict).toMatchObject({ ok: true, row: 4, reported: { ok: false, code: "sec-fetch-site", status: 403 } });
    expect(lines).toEqual([expect.stringMatching(/^Cross-origin protection: POST .*\(report only\)$/)]);
    expect(protection.counters.reported["sec-fetch-site"]).toBe(1);
    expect(protection.counters.refused["sec-fetch-site"]).toBe(0);
  });
});

test("counts verdicts by row and by code, in objects of its own", () => {
  const protection = createCrossOriginProtection();
  const before = protection.counters;
  protection.check({ method: "GET", headers: {} });
  protection.check(post("https://app.example", "same-origin"));
  protection.check(post("https://evil.example"));
  protection.check(post("https://evil.example"));
  expect(protection.counters).toEqual({
    ...before,
    allowed: { ...before.allowed, 1: 1, 3: 1 },
    refused: { ...before.refused, "sec-fetch-site": 2 },
  });
  expect(before.allowed[1]).toBe(0);
});

test("reads Headers objects as it reads Node's", () => {
  const protection = createCrossOriginProtection();
  const request = (headers: Record<string, string>) =>
    new Request("https://app.example/x", { method: "POST", headers: { host: "app.example", ...headers } });
  expect(rowOf(protection.check(request({ origin: "https://app.example" })))).toBe(7);
  expect(rowOf(protection.check(request({ origin: "https://evil.example" })))).toBe("cross-origin");
  expect(rowOf(protection.check(request({ origin: "http://app.example" })))).toBe("cross-origin");
  expect(rowOf(protection.check(new Request("https://app.example/", { method: "DELETE" })))).toBe(5);
});

test("takes the host from the URL where there is no Host", () => {
  const headers = { origin: "https://app.example" };
  expect(createCrossOriginProtection().check({ method: "POST", url: "https://app.example/x", headers }).row).toBe(7);
});

test("a header named like a method of Headers is a header", () => {
  const headers = { get: "x", host: "app.example", origin: "https://evil.example" };
  expect(rowOf(createCrossOriginProtection().check({ method: "POST", headers }))).toBe("cross-origin");
});

test("what a protected GET depends on is told, also when it is allowed", () => {
  const protection = createCrossOriginProtection({ alsoProtect: ["/export"] });
  const vary = ["Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"];
  const headers = { "sec-fetch-site": "same-origin" };
  expect(protection.check({ method: "GET", url: "/export", headers })).toEqual({
    ok: true,
    row: 3,
    reported: null,
    vary,
  });
  expect(protection.check({ method: "GET", url: "/books", headers })).toEqual({
    ok: true,
    row: 1,
    reported: null,
    vary: [],
  });
});

describe("adapters are given", () => {
  test("nothing", () => expect(toCrossOriginProtection().check(post(partner))).toMatchObject({ ok: false }));
  test("options", () =>
    expect(toCrossOriginProtection({ trustedOrigins: [partner] }).check(post(partner))).toMatchObject({ ok: true }));
  test("a policy", () =>
    expect(toCrossOriginProtection(definePolicy({ origins: [partner] })).check(post(partner))).toMatchObject({
      ok: true,
    }));
  test("a protection", () => {
    const protection = createCrossOriginProtection();
    expect(toCrossOriginProtection(protection)).toBe(protection);
  });
  test("options with a fault, which are refused", () =>
    expect(() => toCrossOriginProtection({ trustedOrigins: ["*"] })).toThrow("would trust every page"));
});
