import { describe, expect, test } from "vitest";
import { createCrossOriginProtection } from "./cross-origin-protection.ts";
import type { ProtectedRequest } from "./protected-request.ts";
import type { CrossOriginProtectionOptions } from "./protection-options.ts";
import type { RefusedVerdict, SuggestedChange } from "./verdict.ts";

function refusal(request: Partial<ProtectedRequest>, options: object = {}): RefusedVerdict {
  const given: ProtectedRequest = { method: "POST", url: "/books?secret=1", headers: {}, ...request };
  const verdict = createCrossOriginProtection(options as CrossOriginProtectionOptions as object).check(given);
  if (verdict.ok) throw new Error("It was allowed.");
  return verdict;
}

const change = (option: string, add: string | boolean): SuggestedChange => ({ option, add });

describe("the answer", () => {
  test("has the whole header set and a body with a code, and quotes nothing", () => {
    const headers = { host: "10.0.0.7:3000", origin: "https://<evil>.example" };
    const { status, headers: answered, body } = refusal({ headers }, { trustedOrigins: ["https://partner.example"] });
    expect([status, answered]).toEqual([
      403,
      [
        ["cache-control", "no-store"],
        ["content-type", "application/json"],
      ],
    ]);
    expect(Object.keys(JSON.parse(body))).toEqual(["code", "message", "hint"]);
    expect(body).toContain('"code":"malformed-origin"');
    for (const secret of ["evil", "10.0.0.7", "partner", "secret"]) expect(body).not.toContain(secret);
  });

  test("varies where a GET was refused, since another one is answered", () => {
    const request = { method: "GET", url: "/export", headers: { "sec-fetch-site": "cross-site" } };
    expect(refusal(request, { alsoProtect: ["/export"] }).headers).toContainEqual([
      "vary",
      "Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest",
    ]);
  });
});

describe("what to change if it is a false alarm", () => {
  test.each<[string, Record<string, string>, object, SuggestedChange[]]>([
    [
      "a proxy changed Host and says what it was",
      { host: "127.0.0.1:3000", origin: "https://app.example", "x-forwarded-host": "app.example" },
      {},
      [
        change("trustProxy", true),
        change("publicOrigins", "https://app.example"),
        change("trustedOrigins", "https://app.example"),
      ],
    ],
    [
      "a proxy changed Host and says nothing",
      { host: "127.0.0.1:3000", origin: "https://app.example" },
      {},
      [change("publicOrigins", "https://app.example"), change("trustedOrigins", "https://app.example")],
    ],
    ["the page came over http", { host: "app.example", origin: "http://app.example" }, {}, []],
    ["Origin is null", { host: "app.example", origin: "null" }, {}, [change("bypass", "/books")]],
    [
      "another site",
      { "sec-fetch-site": "cross-site", origin: "https://partner.example" },
      {},
      [change("trustedOrigins", "https://partner.example"), change("bypass", "/books")],
    ],
    [
      "a sibling",
      { "sec-fetch-site": "same-site", origin: "https://blog.app.example" },
      {},
      [change("trustedOrigins", "https://blog.app.example"), change("allowSameSite", true), change("bypass", "/books")],
    ],
    [
      "a new name of the application",
      { origin: "https://new.example", "sec-fetch-site": "same-origin" },
      { publicOrigins: ["https://app.example"] },
      [change("publicOrigins", "https://new.example"), change("trustedOrigins", "https://new.example")],
    ],
    ["an Origin that no browser sends", { origin: "https://app.example/" }, {}, []],
    ["strict and a cookie", { cookie: "a=1" }, { strict: true }, [change("bypass", "/books"), change("strict", false)]],
    [
      "a form for an API of JSON",
      { "content-type": "text/plain" },
      { requireJsonContentType: true },
      [change("bypass", "/books"), change("requireJsonContentType", false)],
    ],
  ])("%s", (_, headers, options, changes) => {
    expect(refusal({ headers, isTls: headers.origin === "http://app.example" }, options).changes).toEqual(changes);
  });

  test.each([
    ["X-Forwarded-Host", { host: "127.0.0.1:3000", origin: "https://app.example", "x-forwarded-host": "app.example" }],
    ["Sec-Fetch-Site", { "sec-fetch-site": "cross-site", origin: "https://app.example" }],
  ])("taking the first one lets the request through: %s", (_, headers) => {
    const { changes } = refusal({ headers });
    const { option, add } = changes[0] as SuggestedChange;
    const protection = createCrossOriginProtection({ [option]: typeof add === "string" ? [add] : add } as object);
    expect(protection.check({ method: "POST", headers }).ok).toBe(true);
  });
});

describe("the line for the log", () => {
  test("says what came and which option to set, without the query", () => {
    const headers = { host: "127.0.0.1:3000", origin: "https://app.example", "x-forwarded-host": "app.example" };
    expect(refusal({ headers }).logLine).toBe(
      'Cross-origin protection: POST "/books": cross-origin (row 9); origin "https://app.example", x-forwarded-host "app.example", host "127.0.0.1:3000". If browsers know this application as that origin, a proxy has changed Host. If it is a false alarm, set trustProxy: true or publicOrigins: ["https://app.example"] or trustedOrigins: ["https://app.example"].',
    );
  });

  test.each<[string, Record<string, string>, object, string]>([
    ["null", { origin: "null", host: "a.example" }, {}, "should use Referrer-Policy: same-origin."],
    ["http", { origin: "http://a.example", host: "a.example" }, {}, "redirect to https and send Strict-Transport-Sec"],
    ["a list", { origin: "https://a.example", "x-forwarded-host": "a, b" }, { trustProxy: true }, "has to replace it"],
    ["an extension", { origin: "chrome-extension://x" }, {}, "can stand in trustedOrigins"],
    ["not JSON", { "content-type": "a/b" }, { requireJsonContentType: true }, "send Content-Type: application/json"],
    ["strict", { cookie: "session=1" }, { strict: true }, 'set bypass: ["/books"] or strict: false'],
  ])("explains %s", (_, headers, options, sentence) =>
    expect(refusal({ headers, isTls: true }, options).logLine).toContain(sentence),
  );

  test("is one line of ASCII, whatever the request says, and cut", () => {
    const origin = `https://a\r\nSet-Cookie: x\u0085\u001b[31m${"x".repeat(500)}`;
    const { logLine } = refusal({ method: "DE\nLETE", url: `/${"y".repeat(500)}`, headers: { origin } });
    expect(logLine).toMatch(/^[\x20-\x7e]*$/);
    expect(logLine.length).toBeLessThan(700);
    expect(logLine).toContain("\\u0085\\u001b[31m");
  });

  test("never has a cookie", () => {
    expect(refusal({ headers: { cookie: "session=1" } }, { strict: true }).logLine).not.toContain("session");
  });
});
