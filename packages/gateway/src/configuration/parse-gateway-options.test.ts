import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { formatIssue, GatewayConfigurationError } from "./configuration-issue.ts";
import type { GatewayConfiguration } from "./gateway-configuration.ts";
import { parseGatewayOptions } from "./parse-gateway-options.ts";

const schema = JSON.parse(readFileSync(new URL("../../gateway.schema.json", import.meta.url), "utf8"));
const isValid = new Ajv({ strict: true, strictRequired: false, strictTypes: false }).compile(schema);

const upstream = "https://api.weather.example";
const policy = { origins: ["https://app.example"] };

function configurationOf(options: unknown): GatewayConfiguration {
  const parsing = parseGatewayOptions(options);
  if (!parsing.ok) throw new GatewayConfigurationError(parsing.issues);
  return parsing.configuration;
}

const everything = {
  $schema: "./gateway.schema.json",
  path: "/*",
  host: "*.example",
  methods: ["GET", "REPORT"],
  upstream,
  policy: { origins: ["https://app.example"], credentials: true, methods: ["PUT"], requestHeaders: ["X-Key"] },
  protection: { trustedOrigins: ["https://shop.example"], bypass: ["/hooks/*"], strict: true },
  cache: { store: { sqlite: "cache.db" }, maxBytes: 1000, maxEntryBytes: 100, maxWait: 0.5 },
  retries: { statuses: [502, 503, 504], idempotencyKey: true, maxBodyBytes: 0, maxRetryAfter: 0 },
  rewrite: { location: true, cookies: false },
  timeouts: { connect: 1, response: 0.5, idle: 86_400 },
  privateAddresses: true,
  forwardOrigin: true,
  requestHeaders: { "X-Key": "secret" },
  routes: [
    { path: "/books", mock: { status: 201, headers: { Location: "/books/1" }, body: { title: "Dune" }, delay: 0 } },
    { path: "/v1/*", upstream: "http://127.0.0.1:4000/api/", host: "[::1]", policy: null, cache: true, rewrite: false },
  ],
  open: { allow: ["https://*.api.example", "http://localhost:*", "https://[2001:db8::1]:8443"] },
  hosts: ["gateway.example", "*.internal.example", "10.0.0.1"],
  limits: { headerBytes: 1, bodyBytes: 0, requestTime: 1, inFlight: 1, rate: { requests: 1, window: 60 } },
  listen: { port: 0, address: "::", tls: { key: "key.pem", certificate: "cert.pem" } },
  observe: { accessLog: "-", metrics: "/-/metrics", har: "gateway.har" },
};

describe("options that are right", () => {
  test.each([
    ["one upstream", { upstream }],
    ["a mock", { mock: {} }],
    ["routes only", { routes: [{ upstream }] }],
    ["open mode only", { open: { allow: ["https://api.example"] } }],
    ["a store in Redis", { upstream, cache: { store: { redis: "rediss://user:secret@redis.example/1" } } }],
    ["every member", everything],
  ])("%s: parser and schema agree", (_, options) => {
    expect(() => configurationOf(options)).not.toThrow();
    expect(isValid(options), JSON.stringify(isValid.errors)).toBe(true);
  });
});

interface Row {
  readonly title: string;
  readonly options: unknown;
  /** Each issue's place and code. */
  readonly issues: readonly string[];
  readonly suggestion?: unknown;
  /** What only the parser can know. */
  readonly schemaAccepts?: true;
}

const wrong: Row[] = [
  { title: "no object", options: [], issues: [" options-not-an-object"] },
  { title: "nowhere to go", options: { policy }, issues: [" upstream-missing"] },
  { title: "upstream and mock", options: { upstream, mock: {} }, issues: [" upstream-and-mock"] },
  {
    title: "a misspelt member",
    options: { upstream, retires: true },
    issues: ["retires option-unknown"],
    suggestion: "retries",
  },
  {
    title: "one in another case",
    options: { upstream, Policy: policy },
    issues: ["Policy option-unknown"],
    suggestion: "policy",
  },
  {
    title: "one deep inside",
    options: { upstream, cache: { maxEntrySize: 1 } },
    issues: ["cache.maxEntrySize option-unknown"],
    suggestion: "maxEntryBytes",
  },
  {
    title: "an upstream without scheme",
    options: { upstream: "localhost:3000" },
    issues: ["upstream upstream-invalid"],
    suggestion: "http://localhost:3000",
  },
  {
    title: "an upstream by WebSocket",
    options: { upstream: "wss://api.example" },
    issues: ["upstream upstream-invalid"],
    suggestion: "https://api.example",
  },
  {
    title: "a password in the upstream",
    options: { upstream: "https://me:secret@api.example" },
    issues: ["upstream upstream-invalid"],
  },
  {
    title: "a query in the upstream",
    options: { upstream: "https://api.example/v1?key=1" },
    issues: ["upstream upstream-invalid"],
    suggestion: "https://api.example/v1",
  },
  {
    title: "a path without slash",
    options: { upstream, path: "books/*" },
    issues: ["path path-invalid"],
    suggestion: "/books/*",
  },
  { title: "a star inside", options: { upstream, path: "/a*/b" }, issues: ["path path-invalid"], schemaAccepts: true },
  {
    title: "a dot segment",
    options: { upstream, path: "/a/../b" },
    issues: ["path path-invalid"],
    schemaAccepts: true,
  },
  {
    title: "a host with a port",
    options: { upstream, host: "API.example:80" },
    issues: ["host host-invalid"],
    suggestion: "api.example",
  },
  {
    title: "a method in lower case",
    options: { upstream, methods: ["get"] },
    issues: ["methods[0] method-case"],
    suggestion: "GET",
    schemaAccepts: true,
  },
  { title: "no method", options: { upstream, methods: ["G E T"] }, issues: ["methods[0] method-invalid"] },
  {
    title: "issues of a policy, in their place",
    options: { upstream, policy: { origins: ["app.example"], credentails: true } },
    issues: ["policy.credentails option-unknown", "policy.origins[0] origin-scheme-missing"],
  },
  {
    title: "issues of a route's policy",
    options: { routes: [{ upstream, policy: {} }] },
    issues: ["routes[0].policy.origins option-missing"],
  },
  {
    title: "a policy by file in a program",
    options: { upstream, policy: "policy.json" },
    issues: ["policy policy-not-an-object"],
    schemaAccepts: true,
  },
  {
    title: "issues of a protection",
    options: { upstream, protection: { bypass: ["hooks"] } },
    issues: ["protection.bypass[0] path-not-absolute"],
  },
  { title: "a number of retries", options: { upstream, retries: 2 }, issues: ["retries option-wrong-type"] },
  {
    title: "a status that says nothing of trying again",
    options: { upstream, retries: { statuses: [503, 500] } },
    issues: ["retries.statuses[1] option-wrong-value"],
  },
  {
    title: "true as a text",
    options: { upstream, forwardOrigin: "true" },
    issues: ["forwardOrigin option-wrong-type"],
    suggestion: true,
  },
  {
    title: "no time to connect",
    options: { upstream, timeouts: { connect: 0 } },
    issues: ["timeouts.connect option-out-of-range"],
    suggestion: 0.001,
  },
  {
    title: "half a byte",
    options: { upstream, limits: { bodyBytes: 0.5 } },
    issues: ["limits.bodyBytes option-out-of-range"],
  },
  {
    title: "half a rate",
    options: { upstream, limits: { rate: { requests: 1 } } },
    issues: ["limits.rate.window option-missing"],
  },
  {
    title: "two stores",
    options: { upstream, cache: { store: { sqlite: "a", redis: "redis://b" } } },
    issues: ["cache.store option-wrong-value"],
  },
  {
    title: "a store of another kind",
    options: { upstream, cache: { store: "redis" } },
    issues: ["cache.store option-wrong-value"],
  },
  {
    title: "what the gateway says about the client",
    options: { upstream, requestHeaders: { "X-Forwarded-For": "192.0.2.1" } },
    issues: ["requestHeaders.X-Forwarded-For header-forbidden"],
    schemaAccepts: true,
  },
  {
    title: "a hop-by-hop field",
    options: { upstream, requestHeaders: { Connection: "close" } },
    issues: ["requestHeaders.Connection header-forbidden"],
    schemaAccepts: true,
  },
  {
    title: "a field in two lines",
    options: { upstream, requestHeaders: { "X-Key": "a\r\nb: c" } },
    issues: ["requestHeaders.X-Key header-value-invalid"],
  },
  {
    title: "content where none has place",
    options: { mock: { status: 204, body: "x" } },
    issues: ["mock.body content-without-place"],
    schemaAccepts: true,
  },
  { title: "an interim status", options: { mock: { status: 103 } }, issues: ["mock.status option-out-of-range"] },
  { title: "open to everything", options: { open: { allow: ["*"] } }, issues: ["open.allow[0] open-to-all"] },
  { title: "open to all names", options: { open: { allow: ["https://*"] } }, issues: ["open.allow[0] open-to-all"] },
  {
    title: "open to a public suffix",
    options: { open: { allow: ["https://*.co.uk"] } },
    issues: ["open.allow[0] open-to-all"],
    schemaAccepts: true,
  },
  {
    title: "open to an app",
    options: { open: { allow: ["app://x"] } },
    issues: ["open.allow[0] origin-scheme-unsupported"],
  },
  { title: "open to nobody", options: { open: {} }, issues: ["open.allow option-missing"] },
  {
    title: "a path among origins",
    options: { open: { allow: ["https://api.example/x"] } },
    issues: ["open.allow[0] origin-not-serialized"],
    suggestion: "https://api.example",
  },
  {
    title: "a name to listen on",
    options: { upstream, listen: { address: "localhost" } },
    issues: ["listen.address address-invalid"],
    suggestion: "127.0.0.1",
  },
  {
    title: "a key without certificate",
    options: { upstream, listen: { tls: { key: "key.pem" } } },
    issues: ["listen.tls.certificate option-missing"],
  },
  {
    title: "metrics at no path",
    options: { upstream, observe: { metrics: "metrics" } },
    issues: ["observe.metrics path-invalid"],
  },
  { title: "no routes", options: { routes: [] }, issues: ["routes option-wrong-type"] },
  {
    title: "a route without target",
    options: { routes: [{ path: "/a" }] },
    issues: ["routes[0] upstream-missing"],
    schemaAccepts: true,
  },
  {
    title: "routes in routes",
    options: { routes: [{ upstream, routes: [] }] },
    issues: ["routes[0].routes option-unknown"],
  },
  {
    title: "a route behind the same one",
    options: { upstream, routes: [{ methods: ["GET", "PUT"] }, { methods: ["PUT"] }] },
    issues: ["routes[1] route-duplicate"],
    schemaAccepts: true,
  },
  {
    title: "everything wrong at once",
    options: { upstream: 1, cache: 2, listen: { port: 70_000 }, hosts: [""], observe: { har: "" } },
    issues: [
      "upstream option-wrong-type",
      "cache option-wrong-type",
      "listen.port option-out-of-range",
      "hosts[0] host-invalid",
      "observe.har option-wrong-type",
    ],
  },
];

describe("options that are wrong", () => {
  test.each(wrong)("$title", ({ options, issues, suggestion, schemaAccepts }) => {
    const parsing = parseGatewayOptions(options);
    const found = parsing.ok ? [] : parsing.issues;
    expect(
      found.map((issue) =>
        formatIssue(issue)
          .replace(/^configuration:/, ":")
          .replace(/: .*\((.*)\)$/s, " $1"),
      ),
    ).toEqual(issues);
    if (suggestion !== undefined) expect(found[0]?.suggestion).toEqual(suggestion);
    expect(isValid(options)).toBe(schemaAccepts === true);
  });

  test("secrets are in no message", () => {
    const parsing = parseGatewayOptions({
      upstream: "https://me:hunter2@api.example",
      requestHeaders: { Authorization: "hunter2\n", "bad name": "hunter2" },
      cache: { store: { redis: "http://:hunter2@redis.example" } },
    });
    expect(JSON.stringify(parsing)).not.toContain("hunter2");
    expect(parsing).toMatchObject({ ok: false, issues: { length: 4 } });
  });
});

test("the schema has the schema of policies in it", () => {
  const { $schema: _, ...policySchema } = JSON.parse(
    readFileSync(new URL("../../../server/policy.schema.json", import.meta.url), "utf8"),
  );
  expect(schema.definitions.policy).toEqual(policySchema);
});

describe("what options become", () => {
  test("the defaults of one upstream", () => {
    const { routes, ...rest } = configurationOf({ upstream });
    expect(routes).toEqual([
      {
        path: { text: "/*", base: "", below: true },
        host: null,
        methods: null,
        target: { kind: "upstream", url: new URL(upstream), prefix: "" },
        policy: null,
        protection: null,
        cache: null,
        retries: { statuses: [], idempotencyKey: false, maxBodyBytes: 65_536, maxRetryAfter: 2 },
        rewrite: { location: true, cookies: true },
        timeouts: { connect: 10, response: 60, idle: 300 },
        privateAddresses: false,
        forwardOrigin: false,
        requestHeaders: {},
      },
    ]);
    expect(rest).toEqual({
      open: null,
      policy: null,
      hosts: [
        { name: "localhost", below: false },
        { name: "localhost", below: true },
        { name: "127.0.0.1", below: false },
        { name: "[::1]", below: false },
      ],
      limits: { headerBytes: 16_384, bodyBytes: 10_485_760, requestTime: 300, inFlight: 1000, rate: null },
      listen: { port: 8080, address: "127.0.0.1", tls: null },
      observe: { accessLog: null, metrics: null, har: null },
    });
  });

  test.each([
    ["a policy that names origins protects", { policy }, true],
    ["a policy for everybody does not", { policy: { origins: "*" } }, false],
    ["no policy does not", {}, false],
    ["unless it is said", { protection: true }, true],
    ["or denied", { policy, protection: false }, false],
  ])("%s", (_, options, isProtected) => {
    expect(configurationOf({ upstream, ...options }).routes[0]?.protection !== null).toBe(isProtected);
  });

  test("a protection trusts the policy of its route, though it is written around it", async () => {
    const { routes } = configurationOf({
      upstream,
      protection: { trustedOrigins: ["https://shop.example"] },
      routes: [{ path: "/a" }, { path: "/b", policy }],
    });
    const allows = (i: number, origin: string) =>
      routes[i]?.protection?.check({ method: "PUT", url: "/", headers: { host: "gateway.example", origin } });
    expect(await allows(0, "https://app.example")).toMatchObject({ ok: false });
    expect(await allows(1, "https://app.example")).toMatchObject({ ok: true });
    expect(await allows(0, "https://shop.example")).toMatchObject({ ok: true });
  });

  test.each([
    ["http://localhost:3000", true],
    ["http://127.1", true],
    ["http://api:3000", true],
    ["http://[fd00::1]", true],
    ["https://api.example", false],
    ["http://93.184.216.34", false],
  ])("%s may be at a private address: %s", (url, isPrivate) => {
    expect(configurationOf({ upstream: url }).routes[0]?.privateAddresses).toBe(isPrivate);
    expect(configurationOf({ upstream: url, privateAddresses: false }).routes[0]?.privateAddresses).toBe(false);
  });

  test.each([
    ["what stands before the star", { path: "/weather/*", upstream }, "/weather"],
    ["nothing of an exact path without a path upstream", { path: "/books", upstream }, ""],
    ["the whole of an exact path with one", { path: "/books", upstream: `${upstream}/v1/books` }, "/books"],
  ])("the upstream's path replaces %s", (_, options, prefix) => {
    expect(configurationOf(options).routes[0]?.target).toMatchObject({ prefix });
  });

  test("routes take what is around them, its target with its path, and share its cache", () => {
    const { routes } = configurationOf({
      upstream: "http://localhost:4000",
      cache: true,
      timeouts: { connect: 1 },
      routes: [
        { path: "/books/*" },
        { path: "/slow/*", timeouts: { response: 600 } },
        { path: "/new", mock: {}, cache: false },
      ],
    });
    expect(routes.map(({ target }) => (target.kind === "upstream" ? target.prefix : target.kind))).toEqual([
      "",
      "",
      "mock",
    ]);
    expect(routes[0]?.cache).toBe(routes[1]?.cache);
    expect(routes[2]?.cache).toBeNull();
    expect(routes.map(({ timeouts }) => timeouts.connect)).toEqual([1, 10, 1]);
  });

  test("names on Object.prototype are no options", () => {
    Object.defineProperty(Object.prototype, "privateAddresses", { value: true, configurable: true });
    try {
      expect(configurationOf({ upstream }).routes[0]?.privateAddresses).toBe(false);
    } finally {
      Reflect.deleteProperty(Object.prototype, "privateAddresses");
    }
  });
});
