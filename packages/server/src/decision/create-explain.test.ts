import { describe, expect, test } from "vitest";
import { type Decision, definePolicy, type Explanation, type PolicyOptions } from "../index.ts";

const app = "https://app.example";
const base: PolicyOptions = {
  origins: [app, "https://*.shop.example", "http://localhost:3000"],
  credentials: true,
  methods: ["PUT", "PATCH"],
  requestHeaders: ["Content-Type"],
};

interface Row {
  readonly title: string;
  readonly policy?: PolicyOptions;
  readonly origin?: string;
  readonly method?: string;
  readonly names?: string;
  readonly want: Partial<Explanation>;
}

const nothing = { change: null, refused: null };

const rows: Row[] = [
  {
    title: "no CORS request",
    want: {
      ...nothing,
      kind: "pass",
      reason: "no-origin",
      step: "classification",
      rule: null,
      sentence: "The request has no Origin header, so it is not a CORS request.",
    },
  },
  {
    title: "an allowed origin",
    origin: app,
    want: {
      ...nothing,
      kind: "pass",
      reason: "allowed",
      step: "origin",
      rule: "origins",
      sentence: 'The policy allows "https://app.example", whose pages may read the response.',
    },
  },
  {
    title: "a granted preflight",
    origin: app,
    method: "PUT",
    want: {
      ...nothing,
      kind: "preflight",
      reason: "granted",
      step: "headers",
      rule: null,
      sentence: 'The policy allows "https://app.example" the method and the headers it asks for.',
    },
  },
  {
    title: "an origin that is not named",
    origin: "https://other.example",
    want: {
      kind: "pass",
      reason: "origin-not-allowed",
      step: "origin",
      rule: "origins",
      change: { option: "origins", add: "https://other.example" },
      sentence: 'The policy does not name "https://other.example".',
    },
  },
  {
    title: "an origin with another scheme",
    origin: "http://app.example",
    want: {
      change: { option: "origins", add: "http://app.example" },
      sentence: 'The policy does not name "http://app.example": "https://app.example" has another scheme.',
    },
  },
  {
    title: "an origin with another port",
    origin: "http://localhost:5173",
    want: {
      sentence: 'The policy does not name "http://localhost:5173": "http://localhost:3000" has another port.',
    },
  },
  {
    title: "the host whose subdomains are covered",
    origin: "https://shop.example",
    want: {
      sentence: 'The policy does not name "https://shop.example": "https://*.shop.example" covers subdomains only.',
    },
  },
  {
    title: "a subdomain with another scheme",
    origin: "http://a.shop.example",
    want: {
      sentence: 'The policy does not name "http://a.shop.example": "https://*.shop.example" has another scheme.',
    },
  },
  {
    title: "no origin that a browser sends",
    origin: "https://app.example/",
    want: {
      ...nothing,
      reason: "origin-not-allowed",
      sentence: '"https://app.example/" is no origin that a browser sends.',
    },
  },
  {
    title: "an origin that would forge a line of a log",
    origin: "x\r\ny",
    want: { sentence: '"x\\r\\ny" is no origin that a browser sends.' },
  },
  { title: "null", origin: "null", want: { ...nothing, reason: "origin-null", rule: "origins" } },
  {
    title: "8 KB of origin",
    origin: "x".repeat(8192),
    want: {
      ...nothing,
      reason: "origin-malformed",
      sentence: `"${"x".repeat(80)}…" is no origin that a browser sends.`,
    },
  },
  {
    title: "a method that is not listed",
    origin: app,
    method: "DELETE",
    want: {
      kind: "refuse",
      reason: "method-not-allowed",
      step: "method",
      rule: "methods",
      refused: "DELETE",
      change: { option: "methods", add: "DELETE" },
      sentence: 'The policy does not have the method "DELETE".',
    },
  },
  {
    title: "a method in lower case",
    origin: app,
    method: "patch",
    want: {
      refused: "patch",
      change: null,
      sentence: 'The page asks for "patch", the policy has PATCH. Change the page: case counts.',
    },
  },
  {
    title: "a method that no page may use",
    origin: app,
    method: "TRACE",
    want: { refused: "TRACE", change: null, sentence: "No page may use the method TRACE." },
  },
  {
    title: "a method that is none",
    origin: app,
    method: "a b",
    want: { refused: "a b", change: null, sentence: '"a b" is no method.' },
  },
  { title: "a long method", origin: app, method: "A".repeat(100), want: { refused: "A".repeat(64) } },
  {
    title: "a request header that is not listed",
    origin: app,
    method: "PUT",
    names: "content-type,x-other",
    want: {
      kind: "refuse",
      reason: "headers-not-allowed",
      step: "headers",
      rule: "requestHeaders",
      refused: "x-other",
      change: { option: "requestHeaders", add: "x-other" },
      sentence: 'The policy does not have the request header "x-other".',
    },
  },
  {
    title: "Authorization beside *",
    policy: { origins: [app], credentials: false, requestHeaders: ["X-A"] },
    origin: app,
    method: "GET",
    names: "authorization",
    want: { change: { option: "requestHeaders", add: "authorization" } },
  },
  {
    title: "a request header that is none",
    origin: app,
    method: "PUT",
    names: "x other",
    want: { refused: "x other", change: null, sentence: '"x other" is no header name.' },
  },
  {
    title: "too many commas",
    origin: app,
    method: "PUT",
    names: ",".repeat(50),
    want: {
      refused: null,
      change: null,
      sentence: "Access-Control-Request-Headers has more names, commas or white space than browsers send.",
    },
  },
  {
    title: "a long list is still searched for the name",
    origin: app,
    method: "PUT",
    names: Array.from({ length: 30 }, (_, i) => `x-stainless-${i}`).join(","),
    want: { refused: "x-stainless-0" },
  },
  {
    title: "a resolver that denies",
    policy: { origins: () => false },
    origin: app,
    want: { ...nothing, reason: "origin-not-allowed", sentence: 'The resolver does not allow "https://app.example".' },
  },
  {
    title: "a resolver that throws",
    policy: {
      origins: () => {
        throw new Error("secret");
      },
    },
    origin: app,
    want: {
      ...nothing,
      reason: "resolver-failed",
      sentence: 'The resolver failed when it was asked about "https://app.example".',
    },
  },
  {
    title: "a resolver with another answer",
    policy: { origins: () => "yes" as unknown as boolean },
    origin: app,
    want: {
      ...nothing,
      reason: "resolver-answer-invalid",
      sentence: 'The resolver answered neither true nor false about "https://app.example".',
    },
  },
  {
    title: "an insecure origin",
    policy: { origins: () => true, credentials: true },
    origin: "http://app.example",
    want: { ...nothing, reason: "origin-insecure", rule: "dangerously.insecureOriginsWithCredentials" },
  },
];

function decide({ policy = base, origin, method, names }: Row): Decision {
  const headers = {
    ...(origin !== undefined && { origin }),
    ...(method !== undefined && { "access-control-request-method": method }),
    ...(names !== undefined && { "access-control-request-headers": names }),
  };
  const decision = definePolicy(policy).decide({ method: method === undefined ? "GET" : "OPTIONS", headers });
  if (decision instanceof Promise) throw new Error("No row waits.");
  return decision;
}

describe("an explanation of", () => {
  test.each(rows)("$title", (row) => {
    const decision = decide(row);
    const explanation = decision.explain();
    expect(explanation).toMatchObject(row.want);
    expect(explanation).toMatchObject({ kind: decision.kind, reason: decision.reason });
  });
});

describe("the change that an explanation names", () => {
  const changing = rows.filter((row) => decide(row).explain().change !== null && row.origin?.startsWith("https"));
  test.each(changing)("helps: $title", (row) => {
    const { change } = decide(row).explain();
    const policy = row.policy ?? base;
    const option = change?.option as "methods" | "origins" | "requestHeaders";
    const changed = { ...policy, [option]: [...[policy[option] ?? []].flat(), change?.add] };
    const { reason, refused } = decide({ ...row, policy: changed }).explain();
    const before = decide(row).explain();
    expect([reason, refused]).not.toEqual([before.reason, before.refused]);
  });
});
