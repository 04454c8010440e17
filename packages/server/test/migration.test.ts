import type { Server } from "node:http";
import { Browser } from "@corsac/browser";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { definePolicy } from "../src/index.ts";
import { findingSeverities, type MigrationFindingCode } from "../src/migration/index.ts";
import type { PolicyOptions } from "../src/policy/policy-options.ts";
import { type Ask, askerOf, type PeerName, peers, preflight, urlOf } from "./migration-peers.ts";

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  servers = [];
});

const app = "https://app.example";
const stranger = "https://a3f9.evil.example";
const allowOrigin = "access-control-allow-origin";
const allowCredentials = "access-control-allow-credentials";

interface Row {
  readonly peer: PeerName;
  readonly title: string;
  readonly options: object | undefined;
  /** What has to be found. */
  readonly code: MigrationFindingCode;
  /** Shows on the library itself that the finding is true. */
  readonly prove: (ask: Ask, url: string) => Promise<void>;
  /** What the policy has to be, or parts of it. */
  readonly policy?: Partial<PolicyOptions> | null;
}

const all: readonly PeerName[] = ["cors", "@fastify/cors", "@koa/cors", "hono/cors"];
const each = (names: readonly PeerName[], row: Omit<Row, "peer">): Row[] => names.map((peer) => ({ peer, ...row }));

const sent = async (ask: Ask, origin: string) => (await ask({ origin })).headers[allowOrigin];

const reflects = async (ask: Ask) => {
  for (const origin of [stranger, "http://10.1.2.3:99"]) expect(await sent(ask, origin)).toBe(origin);
};
const reflectsWithCredentials = async (ask: Ask) => {
  const { headers } = await ask({ origin: stranger });
  expect([headers[allowOrigin], headers[allowCredentials]]).toEqual([stranger, "true"]);
};
const allows = (origin: string) => async (ask: Ask) => expect(await sent(ask, origin)).toBe(origin);
const allowsNone =
  (...origins: string[]) =>
  async (ask: Ask) => {
    for (const origin of [...origins, stranger]) expect((await sent(ask, origin)) === origin).toBe(false);
  };
/** Why a browser does not let a page of the application read the answer; undefined if it does. */
const blocked = async (url: string, init: object) => {
  const outcome = await new Browser().open(`${app}/`).attempt(url, init);
  return outcome.kind === "network-error" ? outcome.problem.code : undefined;
};
const fails = async (ask: Ask) => expect((await ask({ origin: app })).status).toBe(500);
const preflighted = (origin: string, method: string, name: string, want: string | undefined) => async (ask: Ask) =>
  expect((await preflight(ask, origin, method)).headers[name]).toBe(want);

const varyIsOverwritten = async (ask: Ask) =>
  expect((await ask({ origin: app }, { path: "/vary" })).headers.vary).toBe("Accept");

const set = new Set([app]);

const rows: readonly Row[] = [
  // Origins.
  ...each(["cors", "@fastify/cors"], {
    title: "a Set",
    options: { origin: set, credentials: true },
    code: "reflects-every-origin",
    prove: reflects,
    policy: { origins: [app], credentials: true },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "a Set, with credentials",
    options: { origin: set, credentials: true },
    code: "credentials-for-every-origin",
    prove: reflectsWithCredentials,
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "a Map",
    options: { origin: new Map() },
    code: "reflects-every-origin",
    prove: reflects,
    policy: { origins: "*" },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "true in a list",
    options: { origin: [app, true] },
    code: "reflects-every-origin",
    prove: reflects,
    policy: { origins: [app] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "a function in a list",
    options: { origin: [() => false] },
    code: "reflects-every-origin",
    prove: reflects,
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "a Set in a list in a list",
    options: { origin: [[set]] },
    code: "reflects-every-origin",
    prove: reflects,
    policy: { origins: [app] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "true with credentials",
    options: { origin: true, credentials: true },
    code: "credentials-for-every-origin",
    prove: reflectsWithCredentials,
    policy: null,
  }),
  {
    peer: "@koa/cors",
    title: "credentials and no origin",
    options: { credentials: true },
    code: "credentials-for-every-origin",
    prove: reflectsWithCredentials,
    policy: null,
  },
  {
    peer: "@koa/cors",
    title: "credentials and *: null too",
    options: { credentials: true, origin: "*" },
    code: "reflects-every-origin",
    prove: async (ask) => expect(await sent(ask, "null")).toBe("null"),
    policy: null,
  },
  ...each(["cors", "@fastify/cors", "hono/cors"], {
    title: "* with credentials",
    options: { origin: "*", credentials: true },
    code: "wildcard-with-credentials",
    prove: async (_, url) =>
      expect(await blocked(url, { credentials: "include" })).toBe("allow-origin-wildcard-with-credentials"),
    policy: { origins: "*" },
  }),
  ...each(all, {
    title: "no options",
    options: undefined,
    code: "any-origin-by-default",
    prove: async (ask) => expect(await sent(ask, stranger)).toBe("*"),
    policy: { origins: "*" },
  }),
  ...each(["cors", "@fastify/cors", "@koa/cors"], {
    title: "a string",
    options: { origin: app },
    code: "fixed-origin-sent-to-all",
    prove: async (ask) => expect(await sent(ask, stranger)).toBe(app),
    policy: { origins: [app] },
  }),
  ...each(["cors", "@fastify/cors", "hono/cors"], {
    title: "no scheme",
    options: { origin: ["app.example"] },
    code: "origin-never-matches",
    prove: allowsNone(app, "http://app.example"),
    policy: { origins: [app] },
  }),
  ...each(all, {
    title: "a slash at the end",
    options: { origin: `${app}/` },
    code: "origin-never-matches",
    prove: allowsNone(app),
    policy: { origins: [app] },
  }),
  ...each(["cors", "@fastify/cors", "hono/cors"], {
    title: "upper case",
    options: { origin: ["https://App.Example"] },
    code: "origin-never-matches",
    prove: allowsNone(app),
    policy: { origins: [app] },
  }),
  ...each(["cors", "@fastify/cors", "hono/cors"], {
    title: "a wildcard",
    options: { origin: ["https://*.example.com"] },
    code: "pattern-never-matches",
    prove: allowsNone("https://a.example.com"),
    policy: { origins: ["https://*.example.com"] },
  }),
  ...each(all, {
    title: "two in one string",
    options: { origin: `${app}, https://b.example` },
    code: "list-in-one-string",
    prove: allowsNone(app, "https://b.example"),
    policy: { origins: [app, "https://b.example"] },
  }),
  ...each(["cors", "hono/cors"], {
    title: "* in a list",
    options: { origin: ["*"] },
    code: "wildcard-entry-matches-nobody",
    prove: allowsNone(app),
    policy: { origins: "*" },
  }),
  ...each(["cors", "@fastify/cors", "hono/cors"], {
    title: "null in the list",
    options: { origin: [app, "null"], credentials: true },
    code: "null-origin-allowed",
    prove: allows("null"),
    policy: { origins: [app] },
  }),
  ...each(["cors", "@fastify/cors", "hono/cors"], {
    title: "http with credentials",
    options: { origin: ["http://app.example", "http://localhost:3000"], credentials: true },
    code: "insecure-origin-with-credentials",
    prove: allows("http://app.example"),
    policy: { origins: [app, "http://localhost:3000"] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "an entry that is nothing",
    options: { origin: [app, undefined, ""] },
    code: "origin-entry-ignored",
    prove: allowsNone("undefined", ""),
    policy: { origins: [app] },
  }),
  {
    peer: "hono/cors",
    title: "a RegExp in a list",
    options: { origin: [app, /\.example\.com$/] },
    code: "origin-entry-ignored",
    prove: allowsNone("https://a.example.com"),
    policy: { origins: [app, "https://*.example.com"] },
  },
  // Regular expressions.
  ...each(["cors", "@fastify/cors"], {
    title: "a RegExp without ^",
    options: { origin: /example\.com$/ },
    code: "regexp-matches-more",
    prove: allows("https://evilexample.com"),
    policy: { origins: ["https://example.com", "https://*.example.com"] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "a RegExp without $",
    options: { origin: [/^https:\/\/example\.com/] },
    code: "regexp-matches-more",
    prove: allows("https://example.com.evil.example"),
    policy: { origins: ["https://example.com"] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "a RegExp with a bare dot",
    options: { origin: /^https:\/\/api.example.com$/ },
    code: "regexp-matches-more",
    prove: allows("https://apixexample.com"),
    policy: { origins: ["https://api.example.com"] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "a RegExp for everything",
    options: { origin: /.*/ },
    code: "regexp-matches-more",
    prove: reflects,
    policy: null,
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "a RegExp that nobody can translate",
    options: { origin: /^https:\/\/app-\d+\.example\.com$/ },
    code: "regexp-not-translated",
    prove: allows("https://app-7.example.com"),
    policy: null,
  }),
  {
    peer: "cors",
    title: "a RegExp with state",
    options: { origin: /^https:\/\/app\.example$/g },
    code: "regexp-by-turns",
    prove: async (ask) =>
      expect([await sent(ask, app), await sent(ask, app), await sent(ask, app)]).toEqual([app, undefined, app]),
    policy: { origins: [app] },
  },
  // Origins that switch off, break or hang.
  ...each(["cors"], {
    title: "undefined",
    options: { origin: undefined },
    code: "cors-disabled",
    prove: async (ask) => expect(Object.keys((await ask({ origin: app })).headers)).not.toContain(allowOrigin),
    policy: null,
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "false",
    options: { origin: false },
    code: "cors-disabled",
    prove: async (ask) => {
      const { headers } = await ask({ origin: app });
      expect([headers[allowOrigin], headers.vary]).toEqual([undefined, undefined]);
    },
    policy: null,
  }),
  {
    peer: "cors",
    title: "the empty string",
    options: { origin: "" },
    code: "cors-disabled",
    prove: allowsNone(app),
    policy: null,
  },
  {
    peer: "@fastify/cors",
    title: "the empty string",
    options: { origin: "" },
    code: "every-request-fails",
    prove: fails,
    policy: null,
  },
  {
    peer: "@fastify/cors",
    title: "undefined",
    options: { origin: undefined },
    code: "every-request-fails",
    prove: fails,
    policy: null,
  },
  {
    peer: "hono/cors",
    title: "undefined",
    options: { origin: undefined },
    code: "every-request-fails",
    prove: fails,
    policy: null,
  },
  {
    peer: "hono/cors",
    title: "a Set",
    options: { origin: set },
    code: "every-request-fails",
    prove: fails,
    policy: { origins: [app] },
  },
  {
    peer: "hono/cors",
    title: "a RegExp",
    options: { origin: /^https:\/\/app\.example$/ },
    code: "every-request-fails",
    prove: fails,
    policy: { origins: [app] },
  },
  {
    peer: "hono/cors",
    title: "true",
    options: { origin: true },
    code: "every-request-fails",
    prove: fails,
    policy: null,
  },
  {
    peer: "hono/cors",
    title: "the empty string",
    options: { origin: "" },
    code: "origin-never-matches",
    prove: allowsNone(app),
    policy: null,
  },
  ...each(["@koa/cors"], {
    title: "undefined",
    options: { origin: undefined },
    code: "any-origin-by-default",
    prove: async (ask) => expect(await sent(ask, stranger)).toBe("*"),
    policy: { origins: "*" },
  }),
  {
    peer: "@koa/cors",
    title: "a list",
    options: { origin: [app, "https://b.example"] },
    code: "origin-sent-as-text",
    prove: async (ask) => expect(await sent(ask, app)).toBe(`${app}, https://b.example`),
    policy: { origins: [app, "https://b.example"] },
  },
  {
    peer: "@koa/cors",
    title: "a Set",
    options: { origin: set },
    code: "origin-sent-as-text",
    prove: async (ask) => expect(await sent(ask, app)).toBe("[object Set]"),
    policy: { origins: [app] },
  },
  {
    peer: "@koa/cors",
    title: "a RegExp",
    options: { origin: /^https:\/\/app\.example$/ },
    code: "origin-sent-as-text",
    prove: async (ask) => expect(await sent(ask, app)).toContain("/^https"),
    policy: { origins: [app] },
  },
  {
    peer: "cors",
    title: "an async function",
    options: { origin: async () => true },
    code: "every-request-hangs",
    prove: async (ask) => {
      let isAnswered = false;
      const answered = () => {
        isAnswered = true;
      };
      ask({ origin: app }).then(answered, () => {});
      // Requests of later are answered long since.
      for (let times = 0; times < 5; times++) await ask({}, { path: "/plain" });
      expect(isAnswered).toBe(false);
    },
  },
  {
    peer: "cors",
    title: "a function that says no",
    options: {
      origin: (origin: string, callback: (error: null, allow: boolean) => void) => callback(null, origin === app),
    },
    code: "vary-missing",
    prove: async (ask) => {
      expect((await ask({ origin: app })).headers.vary).toBe("Origin");
      expect((await ask({ origin: stranger })).headers.vary).toBeUndefined();
    },
  },
  ...each(["@fastify/cors", "hono/cors"], {
    title: "an async function",
    options: { origin: async (origin: string) => (origin === app ? origin : false) },
    code: "origin-function",
    prove: allows(app),
  }),
  {
    peer: "@koa/cors",
    title: "a function",
    options: { origin: (context: { get(name: string): string }) => context.get("Origin") },
    code: "origin-function-needs-request",
    prove: reflects,
    policy: null,
  },
  {
    peer: "hono/cors",
    title: "a function of two",
    options: { origin: (origin: string, _context: unknown) => origin },
    code: "origin-function-needs-request",
    prove: reflects,
    policy: null,
  },
  {
    peer: "cors",
    title: "a function for options",
    options: (_: unknown, callback: (error: null, options: object) => void) => callback(null, { origin: app }),
    code: "options-from-function",
    prove: async (ask) => expect(await sent(ask, stranger)).toBe(app),
    policy: null,
  },
  {
    peer: "@fastify/cors",
    title: "a function for options",
    options: { delegator: async () => ({ origin: app }) },
    code: "options-from-function",
    prove: async (ask) => expect(await sent(ask, stranger)).toBe(app),
    policy: null,
  },
  // Methods.
  ...each(["cors", "@koa/cors", "hono/cors"], {
    title: "no methods",
    options: {},
    code: "methods-by-default",
    prove: async (ask) =>
      expect((await preflight(ask, app, "DELETE")).headers["access-control-allow-methods"]).toContain("DELETE"),
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "lower case",
    options: { methods: ["put", "patch"] },
    code: "method-case-never-matches",
    prove: async (_, url) => {
      for (const method of ["PUT", "PATCH"]) expect(await blocked(url, { method })).toBe("method-case-mismatch");
    },
    policy: { methods: ["PUT", "PATCH"] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "TRACE",
    options: { methods: "PUT,TRACE" },
    code: "method-unusable",
    prove: async (ask) => expect((await preflight(ask, app)).headers["access-control-allow-methods"]).toBe("PUT,TRACE"),
    policy: { methods: ["PUT"] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "OPTIONS",
    options: { methods: ["PUT", "OPTIONS"] },
    code: "options-method-listed",
    prove: async (ask) =>
      expect((await preflight(ask, app)).headers["access-control-allow-methods"]).toMatch(/^PUT, ?OPTIONS$/),
    policy: { methods: ["PUT"] },
  }),
  {
    peer: "cors",
    title: "methods undefined",
    options: { methods: undefined },
    code: "preflight-fails",
    prove: async (ask) => expect((await preflight(ask, app)).status).toBe(500),
  },
  {
    peer: "hono/cors",
    title: "a function for methods",
    options: { allowMethods: () => ["PUT"] },
    code: "methods-from-function",
    prove: preflighted(app, "PUT", "access-control-allow-methods", "PUT"),
  },
  // Headers.
  ...each(all, {
    title: "no request headers",
    options: { origin: app, credentials: true },
    code: "reflects-request-headers",
    prove: async (ask) => {
      const { headers } = await preflight(ask, app, "PUT", "authorization,x-anything");
      expect(headers["access-control-allow-headers"]).toBe("authorization,x-anything");
    },
    policy: { requestHeaders: "*" },
  }),
  ...each(["@koa/cors", "hono/cors"], {
    title: "an empty list of request headers",
    options: { allowHeaders: [] },
    code: "empty-header-list-reflects",
    prove: async (ask) =>
      expect((await preflight(ask, app, "PUT", "x-anything")).headers["access-control-allow-headers"]).toBe(
        "x-anything",
      ),
    policy: { origins: "*" },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "names of headers that are none, or not for pages",
    options: { allowedHeaders: ["Cookie", "X Bad", "X-Ok"], exposedHeaders: ["Set-Cookie"] },
    code: "header-name-unusable",
    prove: async (ask) => {
      const { headers } = await preflight(ask, app, "PUT", "x-ok");
      expect(headers["access-control-allow-headers"]).toMatch(/^Cookie, ?X Bad, ?X-Ok$/);
    },
    policy: { requestHeaders: ["X-Ok"] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "* exposed with credentials",
    options: { origin: app, credentials: true, exposedHeaders: "*" },
    code: "exposed-wildcard-with-credentials",
    prove: async (ask) => {
      const { headers } = await ask({ origin: app });
      expect([headers["access-control-expose-headers"], headers[allowCredentials]]).toEqual(["*", "true"]);
    },
  }),
  // The rest of the options.
  ...each(all, {
    title: "a max-age beyond every limit",
    options: { maxAge: 1_000_000 },
    code: "max-age-ignored",
    prove: preflighted(app, "PUT", "access-control-max-age", "1000000"),
    policy: { maxAge: 86_400 },
  }),
  ...each(["cors", "@fastify/cors", "@koa/cors"], {
    title: "a max-age that is no number",
    options: { maxAge: "1 day" },
    code: "max-age-ignored",
    prove: preflighted(app, "PUT", "access-control-max-age", "1 day"),
  }),
  {
    peer: "@koa/cors",
    title: "max-age 0",
    options: { maxAge: 0 },
    code: "max-age-ignored",
    prove: preflighted(app, "PUT", "access-control-max-age", undefined),
    policy: { maxAge: 0 },
  },
  {
    peer: "cors",
    title: "credentials in another form than true",
    options: { origin: [app], credentials: "true" },
    code: "credentials-ignored",
    prove: async (ask) => expect((await ask({ origin: app })).headers[allowCredentials]).toBeUndefined(),
    policy: { credentials: true },
  },
  {
    peer: "@koa/cors",
    title: "a function for credentials",
    options: { credentials: () => true },
    code: "credentials-from-function",
    prove: reflectsWithCredentials,
    policy: null,
  },
  ...each(["cors", "@fastify/cors"], {
    title: "a status that refuses",
    options: { optionsSuccessStatus: 302 },
    code: "preflight-status-not-ok",
    prove: async (ask) => expect((await preflight(ask, app)).status).toBe(302),
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "an option of other libraries",
    options: { origin: [app], allowHeaders: ["X-Ok"], exposeHeaders: ["X-A"] },
    code: "option-ignored",
    prove: async (ask) => {
      expect((await preflight(ask, app, "PUT", "x-other")).headers["access-control-allow-headers"]).toBe("x-other");
      expect((await ask({ origin: app })).headers["access-control-expose-headers"]).toBeUndefined();
    },
    policy: { requestHeaders: ["X-Ok"], exposedHeaders: ["X-A"] },
  }),
  ...each(["@koa/cors", "hono/cors"], {
    title: "an option of other libraries",
    options: { origin: app, allowedHeaders: ["X-Ok"], methods: ["PUT"], exposedHeaders: ["X-A"] },
    code: "option-ignored",
    prove: async (ask) => {
      const { headers } = await preflight(ask, app, "PUT", "x-other");
      expect(headers["access-control-allow-headers"]).toBe("x-other");
      expect(headers["access-control-allow-methods"]).toContain("DELETE");
    },
    policy: { requestHeaders: ["X-Ok"], exposedHeaders: ["X-A"], methods: ["PUT"] },
  }),
  ...each(["cors", "@fastify/cors"], {
    title: "preflightContinue",
    options: { preflightContinue: true },
    code: "option-without-counterpart",
    prove: async (ask) => expect((await preflight(ask, app)).headers["x-app"]).toBe("reached"),
  }),
  {
    peer: "@koa/cors",
    title: "keepHeadersOnError, secureContext, privateNetworkAccess",
    options: { secureContext: true, privateNetworkAccess: true, keepHeadersOnError: false },
    code: "option-without-counterpart",
    prove: async (ask) =>
      expect((await ask({ origin: app })).headers["cross-origin-opener-policy"]).toBe("same-origin"),
  },
  {
    peer: "@fastify/cors",
    title: "preflight: false",
    options: { preflight: false },
    code: "preflight-not-answered",
    prove: async (ask) => expect((await preflight(ask, app)).headers["x-app"]).toBe("reached"),
  },
  // What is so whatever the options are.
  ...each(["cors", "hono/cors"], {
    title: "OPTIONS for the application",
    options: { origin: [app] },
    code: "every-options-answered",
    prove: async (ask) => {
      const { status, headers } = await ask({}, { method: "OPTIONS" });
      expect([status, headers["x-app"]]).toEqual([204, undefined]);
    },
  }),
  {
    peer: "@fastify/cors",
    title: "OPTIONS for the application",
    options: { origin: [app] },
    code: "options-refused",
    prove: async (ask) => expect((await ask({ origin: app }, { method: "OPTIONS" })).status).toBe(400),
  },
  {
    peer: "@fastify/cors",
    title: "OPTIONS for the application, strictPreflight: false",
    options: { origin: [app], strictPreflight: false },
    code: "every-options-answered",
    prove: async (ask) => expect((await ask({}, { method: "OPTIONS" })).headers["x-app"]).toBeUndefined(),
  },
  {
    peer: "@koa/cors",
    title: "OPTIONS for the application",
    options: { origin: app },
    code: "options-without-cors-headers",
    prove: async (ask) => {
      const { headers } = await ask({ origin: app }, { method: "OPTIONS" });
      expect([headers["x-app"], headers[allowOrigin]]).toEqual(["reached", undefined]);
    },
  },
  ...each(["cors", "@fastify/cors", "hono/cors"], {
    title: "a preflight of a stranger",
    options: { origin: [app], credentials: true },
    code: "denied-preflight-looks-granted",
    prove: async (ask) => {
      const { status, headers } = await preflight(ask, stranger);
      expect([status, headers[allowOrigin], headers[allowCredentials]]).toEqual([204, undefined, "true"]);
      expect(headers["access-control-allow-methods"]).toContain("GET");
    },
  }),
  {
    peer: "@koa/cors",
    title: "a preflight of a stranger",
    options: { origin: app },
    code: "denied-preflight-looks-granted",
    prove: async (ask) => expect((await preflight(ask, stranger)).status).toBe(204),
  },
  ...each(["cors", "@fastify/cors"], {
    title: "a handler that sets Vary",
    options: { origin: [app] },
    code: "vary-overwritten",
    prove: varyIsOverwritten,
  }),
  {
    peer: "@koa/cors",
    title: "a handler that sets Vary",
    options: { origin: app },
    code: "vary-overwritten",
    prove: varyIsOverwritten,
  },
  ...each(all, {
    title: "a handler that allows everybody",
    options: { origin: app },
    code: "foreign-allow-origin-kept",
    prove: async (ask) => expect((await ask({ origin: stranger }, { path: "/own" })).headers[allowOrigin]).toBe("*"),
  }),
  {
    peer: "@koa/cors",
    title: "Vary for *",
    options: {},
    code: "vary-unneeded",
    prove: async (ask) =>
      expect((await ask({ origin: app })).headers).toMatchObject({ [allowOrigin]: "*", vary: "Origin" }),
  },
];

test.each(rows)("$peer, $title: $code", async ({ peer, options, code, prove, policy }) => {
  const { read, start } = peers[peer];
  const migration = read(options);
  expect(migration.findings.map((finding) => finding.code)).toContain(code);
  const server = await start(options);
  servers.push(server);
  await prove(askerOf(server), urlOf(server));
  if (policy === null) expect(migration.policy).toBeNull();
  else if (policy !== undefined) expect(migration.policy).toMatchObject(policy);
  if (migration.policy !== null) expect(() => definePolicy(migration.policy as PolicyOptions)).not.toThrow();
});

test("every finding there can be is proven", () => {
  expect(new Set(rows.map(({ code }) => code))).toEqual(new Set(Object.keys(findingSeverities)));
});

describe("options without a fault", () => {
  const lists = { origin: [app, "http://localhost:3000"], credentials: true, maxAge: 600 };
  test.each<[PeerName, object]>([
    ["cors", { ...lists, methods: ["GET", "PUT"], allowedHeaders: ["Content-Type"], exposedHeaders: ["ETag"] }],
    [
      "@fastify/cors",
      { ...lists, methods: ["GET", "PUT"], allowedHeaders: ["Content-Type"], exposedHeaders: ["ETag"] },
    ],
    ["hono/cors", { ...lists, allowMethods: ["GET", "PUT"], allowHeaders: ["Content-Type"], exposeHeaders: ["ETag"] }],
  ])("of %s become a policy that allows the same, and no danger is found", (peer, options) => {
    const { policy, findings } = peers[peer].read(options);
    expect(policy).toEqual({
      origins: [app, "http://localhost:3000"],
      credentials: true,
      methods: ["PUT"],
      requestHeaders: ["Content-Type"],
      exposedHeaders: ["ETag"],
      maxAge: 600,
    });
    expect(findings.filter(({ severity }) => severity !== "difference")).toEqual([]);
  });

  test("the worst comes first", () => {
    const { findings } = peers.cors.read({ origin: [true, "x.example"], credentials: true });
    const order = findings.map(({ severity }) => ["danger", "broken", "difference"].indexOf(severity));
    expect(order).toEqual(order.toSorted());
  });
});

describe("functions for origins", () => {
  test("become resolvers, which never hang", async () => {
    const { policy } = peers.cors.read({ origin: async (origin: string) => origin === app });
    const made = definePolicy(policy as PolicyOptions);
    const reason = async (origin: string) => (await made.decide({ method: "GET", headers: { origin } })).reason;
    expect(await reason(app)).toBe("allowed");
    expect(await reason(stranger)).toBe("origin-not-allowed");
  });

  test.each<[PeerName, (...given: never[]) => unknown]>([
    ["cors", (origin: string, callback: (error: null, answer: unknown) => void) => callback(null, [origin === app])],
    [
      "cors",
      (_: string, callback: (error: null, answer: unknown) => void) => callback(null, [/^https:\/\/app\.example$/g]),
    ],
    ["@fastify/cors", (_: string, callback: (error: null, answer: unknown) => void) => callback(null, app)],
    ["@fastify/cors", async () => [app]],
    ["hono/cors", () => app],
  ])("%s: what they answer means the same", async (peer, origin) => {
    const made = definePolicy(peers[peer].read({ origin }).policy as PolicyOptions);
    for (const [asked, want] of [
      [app, "allowed"],
      [stranger, "origin-not-allowed"],
      [app, "allowed"],
    ] as const) {
      expect((await made.decide({ method: "GET", headers: { origin: asked } })).reason).toBe(want);
    }
  });

  test("an error denies", async () => {
    const origin = (_: string, callback: (error: Error) => void) => callback(new Error("down"));
    const made = definePolicy(peers.cors.read({ origin }).policy as PolicyOptions);
    expect((await made.decide({ method: "GET", headers: { origin: app } })).reason).toBe("resolver-failed");
  });
});

describe.each(all)("whatever the options of %s are", (peer) => {
  const leaf = fc.constantFrom<unknown>(
    ...[
      app,
      "*",
      "",
      "null",
      `${app}/`,
      true,
      false,
      null,
      undefined,
      0,
      1,
      set,
      new Map(),
      {},
      /^https:\/\/app\.example$/,
      /a^/g,
    ],
  );
  const value = fc.oneof(leaf, fc.array(fc.oneof(leaf, fc.array(leaf, { maxLength: 2 })), { maxLength: 3 }));
  const options = fc.record(
    { origin: value, credentials: fc.constantFrom<unknown>(true, false, undefined, "true", 1) },
    { requiredKeys: [] },
  );

  test("everybody is found to be allowed if and only if the library allows everybody", async () => {
    await fc.assert(
      fc.asyncProperty(options, async (given) => {
        const { findings, policy } = peers[peer].read(given);
        const server = await peers[peer].start(given);
        try {
          const { headers } = await askerOf(server)({ origin: stranger });
          const found = (code: MigrationFindingCode) => findings.some((finding) => finding.code === code);
          expect(found("reflects-every-origin")).toBe(headers[allowOrigin] === stranger);
          expect(found("credentials-for-every-origin")).toBe(
            headers[allowOrigin] === stranger && headers[allowCredentials] === "true",
          );
        } finally {
          server.close();
          server.closeAllConnections();
        }
        if (policy === null) return;
        const { reason } = definePolicy(policy as PolicyOptions & { origins: string[] }).decide({
          headers: { origin: stranger },
        });
        expect(reason === "allowed").toBe(policy.origins === "*" && policy.credentials !== true);
      }),
      { numRuns: 80 },
    );
  });
});
