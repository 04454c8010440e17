import { describe, expect, test } from "vitest";
import { type Decision, definePolicy, type HeaderEdits, type PolicyJson } from "../index.ts";

const app = "https://app.example";
const evil = "https://evil.example";

const base: PolicyJson = {
  origins: [app, "https://*.shop.example"],
  credentials: true,
  methods: ["PUT", "DELETE"],
  requestHeaders: ["Content-Type", "X-Request-Id"],
  exposedHeaders: ["ETag", "X-Total"],
  maxAge: 600,
};
const open: PolicyJson = { origins: "*", methods: "*", requestHeaders: "*", exposedHeaders: "*" };

const all = [
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-expose-headers",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-max-age",
  "access-control-allow-private-network",
];

interface Row {
  readonly title: string;
  readonly policy?: PolicyJson;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly want: { readonly kind: Decision["kind"]; readonly reason: Decision["reason"]; readonly status?: number };
  readonly set?: Readonly<Record<string, string>>;
  /** Default: `Origin`. */
  readonly vary?: readonly string[];
  /** What is removed besides the CORS headers. */
  readonly alsoRemove?: readonly string[];
}

function preflight(origin: string, method: string, names?: string | string[]): Record<string, string | string[]> {
  const headers = { origin, "access-control-request-method": method };
  return names === undefined ? headers : { ...headers, "access-control-request-headers": names };
}

const passed = { kind: "pass", reason: "allowed" } as const;
const granted = { kind: "preflight", reason: "granted", status: 204 } as const;
const appHeaders = {
  "access-control-allow-origin": app,
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": "ETag,X-Total",
};
const appGrant = {
  "access-control-allow-origin": app,
  "access-control-allow-credentials": "true",
  "access-control-max-age": "600",
};

const rows: Row[] = [
  { title: "no Origin, no CORS", headers: {}, want: { kind: "pass", reason: "no-origin" } },
  {
    title: "no Origin, OPTIONS with Access-Control-Request-Method: not a preflight",
    method: "OPTIONS",
    headers: { "access-control-request-method": "PUT" },
    want: { kind: "pass", reason: "no-origin" },
  },
  {
    title: "bare OPTIONS reaches the application",
    method: "OPTIONS",
    headers: {},
    want: { kind: "pass", reason: "no-origin" },
  },
  {
    title: "OPTIONS with Origin alone reaches the application, with its headers",
    method: "OPTIONS",
    headers: { origin: app },
    want: passed,
    set: appHeaders,
  },
  {
    title: "Access-Control-Request-Method on another method than OPTIONS means nothing",
    method: "PUT",
    headers: preflight(app, "PUT"),
    want: passed,
    set: appHeaders,
  },
  {
    title: "options in lower case is another method",
    method: "options",
    headers: preflight(app, "PUT"),
    want: passed,
    set: appHeaders,
  },

  { title: "an allowed origin", headers: { origin: app }, want: passed, set: appHeaders },
  {
    title: "an allowed origin by pattern gets itself, never the pattern",
    headers: { origin: "https://a.shop.example" },
    want: passed,
    set: { ...appHeaders, "access-control-allow-origin": "https://a.shop.example" },
  },
  {
    title: "a method that is not listed: the origin is what counts once the request is here",
    method: "PATCH",
    headers: { origin: app },
    want: passed,
    set: appHeaders,
  },
  {
    title: "another origin gets nothing, with the same Vary",
    headers: { origin: evil },
    want: { kind: "pass", reason: "origin-not-allowed" },
  },
  { title: "null", headers: { origin: "null" }, want: { kind: "pass", reason: "origin-null" } },
  { title: "an empty Origin", headers: { origin: "" }, want: { kind: "pass", reason: "origin-not-allowed" } },
  {
    title: "two Origins joined",
    headers: { origin: `${app}, ${app}` },
    want: { kind: "pass", reason: "origin-not-allowed" },
  },
  {
    title: "two Origins as a list",
    headers: { origin: [app, evil] },
    want: { kind: "pass", reason: "origin-not-allowed" },
  },
  { title: "a list of one Origin", headers: { origin: [app] }, want: passed, set: appHeaders },
  {
    title: "an Origin of 8 KB",
    headers: { origin: `https://${"a".repeat(8192)}.shop.example` },
    want: { kind: "pass", reason: "origin-malformed" },
  },
  {
    title: "no credentials, nothing exposed",
    policy: { origins: [app] },
    headers: { origin: app },
    want: passed,
    set: { "access-control-allow-origin": app },
  },

  {
    title: "a preflight for a method that needs none",
    method: "OPTIONS",
    headers: preflight(app, "POST"),
    want: granted,
    set: appGrant,
  },
  {
    title: "a preflight gets the method it asks for and no other",
    method: "OPTIONS",
    headers: preflight(app, "PUT"),
    want: granted,
    set: { ...appGrant, "access-control-allow-methods": "PUT" },
  },
  {
    title: "a preflight gets the names it asks for and no other",
    method: "OPTIONS",
    headers: preflight(app, "GET", "x-request-id"),
    want: granted,
    set: { ...appGrant, "access-control-allow-headers": "x-request-id" },
  },
  {
    title: "a preflight for both",
    method: "OPTIONS",
    headers: preflight(app, "DELETE", "content-type,x-request-id"),
    want: granted,
    set: {
      ...appGrant,
      "access-control-allow-methods": "DELETE",
      "access-control-allow-headers": "content-type,x-request-id",
    },
  },
  {
    title: "names in several lines",
    method: "OPTIONS",
    headers: preflight(app, "GET", ["content-type", "x-request-id"]),
    want: granted,
    set: { ...appGrant, "access-control-allow-headers": "content-type,x-request-id" },
  },
  {
    title: "an empty list of names",
    method: "OPTIONS",
    headers: preflight(app, "GET", ""),
    want: granted,
    set: appGrant,
  },
  {
    title: "without maxAge, nothing about it",
    policy: { origins: [app] },
    method: "OPTIONS",
    headers: preflight(app, "GET"),
    want: granted,
    set: { "access-control-allow-origin": app },
  },
  {
    title: "maxAge -1 switches the cache off in words all browsers know",
    policy: { origins: [app], maxAge: -1 },
    method: "OPTIONS",
    headers: preflight(app, "GET"),
    want: granted,
    set: { "access-control-allow-origin": app, "access-control-max-age": "0" },
  },
  {
    title: "another status for success",
    policy: { origins: [app], preflightStatus: 200 },
    method: "OPTIONS",
    headers: preflight(app, "GET"),
    want: { ...granted, status: 200 },
    set: { "access-control-allow-origin": app },
  },

  {
    title: "a refused origin is told nothing",
    method: "OPTIONS",
    headers: preflight(evil, "PUT", "content-type"),
    want: { kind: "refuse", reason: "origin-not-allowed", status: 403 },
  },
  {
    title: "a refused method is told nothing",
    method: "OPTIONS",
    headers: preflight(app, "PATCH"),
    want: { kind: "refuse", reason: "method-not-allowed", status: 403 },
  },
  {
    title: "a refused name is told nothing",
    method: "OPTIONS",
    headers: preflight(app, "PUT", "x-other"),
    want: { kind: "refuse", reason: "headers-not-allowed", status: 403 },
  },
  {
    title: "the origin comes before the method",
    method: "OPTIONS",
    headers: preflight(evil, "PATCH", "x-other"),
    want: { kind: "refuse", reason: "origin-not-allowed", status: 403 },
  },
  {
    title: "the method comes before the names",
    method: "OPTIONS",
    headers: preflight(app, "PATCH", "x-other"),
    want: { kind: "refuse", reason: "method-not-allowed", status: 403 },
  },
  {
    title: "methods differ by case",
    method: "OPTIONS",
    headers: preflight(app, "put"),
    want: { kind: "refuse", reason: "method-not-allowed", status: 403 },
  },
  {
    title: "an empty method",
    method: "OPTIONS",
    headers: preflight(app, ""),
    want: { kind: "refuse", reason: "method-not-allowed", status: 403 },
  },
  {
    title: "two methods",
    method: "OPTIONS",
    headers: preflight(app, "PUT, DELETE"),
    want: { kind: "refuse", reason: "method-not-allowed", status: 403 },
  },
  {
    title: "a method of 8 KB",
    method: "OPTIONS",
    headers: preflight(app, "P".repeat(8192)),
    want: { kind: "refuse", reason: "method-not-allowed", status: 403 },
  },
  {
    title: "null",
    method: "OPTIONS",
    headers: preflight("null", "GET"),
    want: { kind: "refuse", reason: "origin-null", status: 403 },
  },
  {
    title: "another status for refusals",
    policy: { origins: [app], refusalStatus: 204 },
    method: "OPTIONS",
    headers: preflight(evil, "GET"),
    want: { kind: "refuse", reason: "origin-not-allowed", status: 204 },
  },

  {
    title: "* goes to all, without Vary",
    policy: open,
    headers: { origin: evil },
    want: passed,
    set: { "access-control-allow-origin": "*", "access-control-expose-headers": "*" },
    vary: [],
  },
  {
    title: "* goes to null, too",
    policy: open,
    headers: { origin: "null" },
    want: passed,
    set: { "access-control-allow-origin": "*", "access-control-expose-headers": "*" },
    vary: [],
  },
  {
    title: "* goes to those who do not ask, so that caches have one copy",
    policy: open,
    headers: {},
    want: { kind: "pass", reason: "no-origin" },
    set: { "access-control-allow-origin": "*", "access-control-expose-headers": "*" },
    vary: [],
  },
  {
    title: "* for everything in a preflight",
    policy: open,
    method: "OPTIONS",
    headers: preflight(evil, "PATCH", "x-other"),
    want: granted,
    set: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "*",
      "access-control-allow-headers": "*",
    },
    vary: [],
  },
  {
    title: "* for methods is not sent for those that need none",
    policy: open,
    method: "OPTIONS",
    headers: preflight(evil, "GET"),
    want: granted,
    set: { "access-control-allow-origin": "*" },
    vary: [],
  },
  {
    title: "* and Authorization",
    policy: { origins: "*", requestHeaders: ["*", "Authorization"] },
    method: "OPTIONS",
    headers: preflight(evil, "GET", "authorization"),
    want: granted,
    set: { "access-control-allow-origin": "*", "access-control-allow-headers": "*,authorization" },
    vary: [],
  },
  {
    title: "* refuses what it does not list, telling nothing",
    policy: { origins: "*" },
    method: "OPTIONS",
    headers: preflight(evil, "PUT"),
    want: { kind: "refuse", reason: "method-not-allowed", status: 403 },
    vary: [],
  },
  {
    title: "* for methods lets no forbidden one through",
    policy: open,
    method: "OPTIONS",
    headers: preflight(evil, "TRACE"),
    want: { kind: "refuse", reason: "method-not-allowed", status: 403 },
    vary: [],
  },
  {
    title: "* for methods lets no junk through",
    policy: open,
    method: "OPTIONS",
    headers: preflight(evil, "a b"),
    want: { kind: "refuse", reason: "method-not-allowed", status: 403 },
    vary: [],
  },

  {
    title: "wildcards with credentials are spelt out",
    policy: { origins: [app], credentials: true, methods: "*", requestHeaders: "*" },
    method: "OPTIONS",
    headers: preflight(app, "PATCH", "authorization,x-other"),
    want: granted,
    set: {
      "access-control-allow-origin": app,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "PATCH",
      "access-control-allow-headers": "authorization,x-other",
    },
  },

  {
    title: "any origin with credentials is echoed, with Vary",
    policy: { origins: "*", credentials: true, dangerously: { anyOriginWithCredentials: true } },
    headers: { origin: evil },
    want: passed,
    set: { "access-control-allow-origin": evil, "access-control-allow-credentials": "true" },
  },
  {
    title: "any origin with credentials is not null",
    policy: { origins: "*", credentials: true, dangerously: { anyOriginWithCredentials: true } },
    headers: { origin: "null" },
    want: { kind: "pass", reason: "origin-null" },
  },
  {
    title: "any origin with credentials is an origin",
    policy: { origins: "*", credentials: true, dangerously: { anyOriginWithCredentials: true } },
    headers: { origin: `${app}, ${evil}` },
    want: { kind: "pass", reason: "origin-malformed" },
  },
  {
    title: "any origin with credentials: nothing without Origin, with Vary",
    policy: { origins: "*", credentials: true, dangerously: { anyOriginWithCredentials: true } },
    headers: {},
    want: { kind: "pass", reason: "no-origin" },
  },
  {
    title: "null where it is named",
    policy: { origins: [app, "null"], dangerously: { nullOrigin: true } },
    headers: { origin: "null" },
    want: passed,
    set: { "access-control-allow-origin": "null" },
  },
  {
    title: "null where it might be named and is not",
    policy: { origins: [app], dangerously: { nullOrigin: true } },
    headers: { origin: "null" },
    want: { kind: "pass", reason: "origin-null" },
  },

  {
    title: "timing for allowed origins",
    policy: { origins: [app], timing: true },
    headers: { origin: app },
    want: passed,
    set: { "access-control-allow-origin": app, "timing-allow-origin": app },
  },
  {
    title: "timing for others: the application's is removed",
    policy: { origins: [app], timing: true },
    headers: { origin: evil },
    want: { kind: "pass", reason: "origin-not-allowed" },
    alsoRemove: ["timing-allow-origin"],
  },
  {
    title: "timing for all",
    policy: { origins: "*", timing: true },
    headers: {},
    want: { kind: "pass", reason: "no-origin" },
    set: { "access-control-allow-origin": "*", "timing-allow-origin": "*" },
    vary: [],
  },
  {
    title: "a resource policy is on every response",
    policy: { origins: [app], resourcePolicy: "same-site" },
    headers: { origin: evil },
    want: { kind: "pass", reason: "origin-not-allowed" },
    set: { "cross-origin-resource-policy": "same-site" },
  },
  {
    title: "a resource policy is on allowed ones, too",
    policy: { origins: [app], resourcePolicy: "same-site", timing: true },
    headers: { origin: app },
    want: passed,
    set: {
      "access-control-allow-origin": app,
      "timing-allow-origin": app,
      "cross-origin-resource-policy": "same-site",
    },
  },
  {
    title: "answers to preflights have neither",
    policy: { origins: [app], resourcePolicy: "same-site", timing: true },
    method: "OPTIONS",
    headers: preflight(app, "GET"),
    want: granted,
    set: { "access-control-allow-origin": app },
  },
];

function check(decision: Decision, { want, set = {}, vary = ["Origin"], alsoRemove = [] }: Row): void {
  const { kind, reason, edits } = decision;
  expect({ kind, reason, ...("status" in decision && { status: decision.status }) }).toEqual(want);
  expect(Object.fromEntries(edits.set)).toEqual(set);
  expect(edits.set).toHaveLength(Object.keys(set).length);
  const removed = [...all, ...alsoRemove].filter((name) => !(name in set));
  expect([...edits.remove].sort()).toEqual(removed.sort());
  expect(edits.vary).toEqual(vary);
}

describe("headers as Node gives them", () => {
  test.each(rows)("$title", (row) => {
    const policy = definePolicy(row.policy ?? base);
    check(policy.decide({ method: row.method ?? "GET", headers: row.headers }), row);
    // The second time it may be a decision that was kept.
    check(policy.decide({ method: row.method ?? "GET", headers: row.headers }), row);
  });
});

describe("headers that are asked by name", () => {
  test.each(rows)("$title", (row) => {
    const policy = definePolicy(row.policy ?? base);
    const headers = new Headers(
      Object.entries(row.headers).flatMap(([name, value]) =>
        [value].flat().map((line) => [name, line] as [string, string]),
      ),
    );
    check(policy.decide({ method: row.method ?? "GET", headers }), row);
  });

  test("a header of the name get is no function", () => {
    const decision = definePolicy(base).decide({ method: "GET", headers: { get: "x", origin: app } });
    expect(decision.reason).toBe("allowed");
  });
});

test("Vary is the same whatever the outcome", () => {
  const policy = definePolicy(base);
  const requests = [
    {},
    { origin: app },
    { origin: evil },
    preflight(app, "PUT"),
    preflight(app, "PATCH"),
    preflight(evil, "PUT"),
  ];
  const varies = requests.map((headers) => policy.decide({ method: "OPTIONS", headers }).edits.vary);
  expect(new Set(varies).size).toBe(1);
});

test("one origin is treated as many: what others get does not tell it", () => {
  const policy = definePolicy({ origins: [app], credentials: true });
  for (const headers of [{}, { origin: evil }]) expect(policy.decide({ method: "GET", headers }).edits.set).toEqual([]);
});

test("who gets a decision cannot change the next one", () => {
  const policy = definePolicy(base);
  const request = { method: "GET", headers: { origin: app } };
  const { edits } = policy.decide(request);
  policy.decide(request);
  const frozen = (value: HeaderEdits) => [value, value.set, value.remove, value.vary].every(Object.isFrozen);
  expect(frozen(policy.decide(request).edits)).toBe(true);
  expect(frozen(policy.decide({ method: "GET", headers: {} }).edits)).toBe(true);
  expect(() => (edits.set as unknown[]).push(["x", "y"])).toThrow(TypeError);
});

test("a policy with 20,000 origins keeps some decisions and makes the others anew", () => {
  const origins = Array.from({ length: 20_000 }, (_, i) => `https://tenant-${i}.example`);
  const policy = definePolicy({ origins });
  for (const origin of [...origins, ...origins.slice(-10)]) {
    const { edits } = policy.decide({ method: "GET", headers: { origin } });
    expect(edits.set[0]?.[1]).toBe(origin);
  }
});
