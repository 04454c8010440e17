import type { PolicyIssue, PolicyIssueCode } from "../src/index.ts";

/** A policy file that is fine, and what its policy says of itself. */
export interface ValidRow {
  readonly title: string;
  readonly json: object;
  readonly minimal: object;
}

const origins = ["https://app.example"];

export const validRows: readonly ValidRow[] = [
  { title: "origins are enough", json: { origins }, minimal: { origins } },
  { title: "* stands for all origins", json: { origins: "*" }, minimal: { origins: "*" } },
  { title: "* in a list does, too", json: { origins: ["*"] }, minimal: { origins: "*" } },
  { title: "* covers what else is listed", json: { origins: ["https://a.example", "*"] }, minimal: { origins: "*" } },
  { title: "an origin that is listed twice", json: { origins: [...origins, ...origins] }, minimal: { origins } },
  {
    title: "an origin that a pattern covers",
    json: { origins: ["https://a.shop.example", "https://*.shop.example", "https://shop.example"] },
    minimal: { origins: ["https://*.shop.example", "https://shop.example"] },
  },
  {
    title: "a pattern that a wider one covers, by host and by port",
    json: {
      origins: [
        "https://*.b.c.example",
        "https://*.c.example:*",
        "https://*.c.example:8443",
        "http://localhost:1",
        "http://localhost:*",
      ],
    },
    minimal: { origins: ["https://*.c.example:*", "http://localhost:*"] },
  },
  {
    title: "ports and schemes keep patterns apart",
    json: { origins: ["https://*.c.example", "http://a.c.example", "https://a.c.example:8443"] },
    minimal: { origins: ["https://*.c.example", "http://a.c.example", "https://a.c.example:8443"] },
  },
  {
    title: "loopback over http with credentials",
    json: {
      origins: [
        "http://localhost:*",
        "http://127.0.0.1:3000",
        "http://[::1]",
        "http://*.localhost:*",
        "http://app.localhost",
      ],
      credentials: true,
    },
    minimal: {
      origins: ["http://localhost:*", "http://127.0.0.1:3000", "http://[::1]", "http://*.localhost:*"],
      credentials: true,
    },
  },
  {
    title: "schemes of applications and extensions",
    json: {
      origins: ["capacitor://localhost", "chrome-extension://abcdefghijklmnopabcdefghijklmnop"],
      credentials: true,
    },
    minimal: {
      origins: ["capacitor://localhost", "chrome-extension://abcdefghijklmnopabcdefghijklmnop"],
      credentials: true,
    },
  },
  {
    title: "addresses, Punycode, underscore, a dot at the end",
    json: {
      origins: [
        "https://192.0.2.1:8443",
        "https://[2001:db8::1]",
        "https://xn--bcher-kva.example",
        "https://a_b.example",
        "https://app.example.",
      ],
    },
    minimal: {
      origins: [
        "https://192.0.2.1:8443",
        "https://[2001:db8::1]",
        "https://xn--bcher-kva.example",
        "https://a_b.example",
        "https://app.example.",
      ],
    },
  },
  {
    title: "wildcards below a registrable domain with credentials",
    json: { origins: ["https://*.app.example", "https://*.shop.co.uk", "https://*.user.github.io"], credentials: true },
    minimal: {
      origins: ["https://*.app.example", "https://*.shop.co.uk", "https://*.user.github.io"],
      credentials: true,
    },
  },
  {
    title: "insecure origins and public suffixes without credentials",
    json: { origins: ["http://app.example", "https://*.github.io"] },
    minimal: { origins: ["http://app.example", "https://*.github.io"] },
  },
  {
    title: "what is false is left out",
    json: { origins, credentials: false, timing: false, dangerously: { nullOrigin: false } },
    minimal: { origins },
  },
  {
    title: "what is the default is left out",
    json: { origins, preflightStatus: 204, refusalStatus: 403, methods: [], requestHeaders: [], exposedHeaders: [] },
    minimal: { origins },
  },
  {
    title: "methods are normalized as browsers do, safelisted ones left out",
    json: { origins, methods: ["get", "HEAD", "POST", "put", "Delete", "PATCH", "PUT", "PURGE", "purge"] },
    minimal: { origins, methods: ["PUT", "DELETE", "PATCH", "PURGE", "purge"] },
  },
  {
    title: "* covers all methods, with credentials too",
    json: { origins, credentials: true, methods: ["PUT", "*"] },
    minimal: { origins, credentials: true, methods: "*" },
  },
  {
    title: "safelisted methods alone are none",
    json: { origins, methods: ["GET", "HEAD", "POST"] },
    minimal: { origins },
  },
  {
    title: "request headers keep their case and lose their doubles",
    json: { origins, requestHeaders: ["Content-Type", "content-type", "X-HTTP-Method-Override"] },
    minimal: { origins, requestHeaders: ["Content-Type", "X-HTTP-Method-Override"] },
  },
  {
    title: "* for request headers",
    json: { origins, requestHeaders: ["X-A", "*"] },
    minimal: { origins, requestHeaders: "*" },
  },
  {
    title: "* does not cover Authorization",
    json: { origins, requestHeaders: ["Authorization", "X-A", "*"] },
    minimal: { origins, requestHeaders: ["*", "Authorization"] },
  },
  {
    title: "* covers Authorization with credentials",
    json: { origins, credentials: true, requestHeaders: ["Authorization", "*"] },
    minimal: { origins, credentials: true, requestHeaders: "*" },
  },
  {
    title: "exposed headers without safelisted ones",
    json: { origins, exposedHeaders: ["ETag", "Content-Type", "etag"] },
    minimal: { origins, exposedHeaders: ["ETag"] },
  },
  {
    title: "* for exposed headers",
    json: { origins, exposedHeaders: ["ETag", "*"] },
    minimal: { origins, exposedHeaders: "*" },
  },
  { title: "the ends of maxAge: 0", json: { origins, maxAge: 0 }, minimal: { origins, maxAge: 0 } },
  {
    title: "the ends of maxAge: -1 means 0, which all browsers read alike",
    json: { origins, maxAge: -1 },
    minimal: { origins, maxAge: 0 },
  },
  { title: "the ends of maxAge: a day", json: { origins, maxAge: 86400 }, minimal: { origins, maxAge: 86400 } },
  {
    title: "statuses",
    json: { origins, preflightStatus: 200, refusalStatus: 204 },
    minimal: { origins, preflightStatus: 200, refusalStatus: 204 },
  },
  {
    title: "timing and resource policy",
    json: { origins, timing: true, resourcePolicy: "same-site" },
    minimal: { origins, timing: true, resourcePolicy: "same-site" },
  },
  { title: "the place of the schema", json: { $schema: "./policy.schema.json", origins }, minimal: { origins } },
  {
    title: "everything that is dangerous, named",
    json: {
      origins: ["http://app.example", "https://*.github.io", "null"],
      credentials: true,
      dangerously: { insecureOriginsWithCredentials: true, publicSuffixWithCredentials: true, nullOrigin: true },
    },
    minimal: {
      origins: ["http://app.example", "https://*.github.io", "null"],
      credentials: true,
      dangerously: { insecureOriginsWithCredentials: true, publicSuffixWithCredentials: true, nullOrigin: true },
    },
  },
  {
    title: "all origins with credentials, named",
    json: { origins: "*", credentials: true, dangerously: { anyOriginWithCredentials: true } },
    minimal: { origins: "*", credentials: true, dangerously: { anyOriginWithCredentials: true } },
  },
];

/** A policy file that is not fine, and all that is wrong with it. */
export interface InvalidRow {
  readonly title: string;
  readonly json: unknown;
  readonly issues: readonly {
    readonly code: PolicyIssueCode;
    readonly path: PolicyIssue["path"];
    readonly suggestion?: PolicyIssue["suggestion"];
  }[];
  /** Why JSON Schema cannot see it; when it is there, the schema accepts the file. */
  readonly beyondSchema?: string;
}

function origin(
  value: unknown,
  code: PolicyIssueCode,
  suggestion: PolicyIssue["suggestion"] = null,
  more: object = {},
): InvalidRow {
  return {
    title: `origin ${JSON.stringify(value)}`,
    json: { origins: [value], ...more },
    issues: [{ code, path: ["origins", 0], suggestion }],
  };
}

const credentialed = { credentials: true };

export const invalidRows: readonly InvalidRow[] = [
  { title: "a list is no policy", json: [], issues: [{ code: "policy-not-an-object", path: [] }] },
  { title: "null is no policy", json: null, issues: [{ code: "policy-not-an-object", path: [] }] },
  { title: "a string is no policy", json: "*", issues: [{ code: "policy-not-an-object", path: [] }] },
  { title: "origins have no default", json: {}, issues: [{ code: "option-missing", path: ["origins"] }] },
  { title: "no origin at all", json: { origins: [] }, issues: [{ code: "origins-empty", path: ["origins"] }] },
  {
    title: "one origin is no list",
    json: { origins: "https://app.example" },
    issues: [{ code: "option-wrong-type", path: ["origins"], suggestion: ["https://app.example"] }],
  },
  {
    title: "a string that holds a list",
    json: { origins: "https://a.example, https://b.example" },
    issues: [{ code: "option-wrong-type", path: ["origins"], suggestion: ["https://a.example", "https://b.example"] }],
  },
  { title: "true is no origin", json: { origins: true }, issues: [{ code: "option-wrong-type", path: ["origins"] }] },
  {
    title: "true is none in a list either",
    json: { origins: [true, "https://a.example"] },
    issues: [{ code: "option-wrong-type", path: ["origins", 0] }],
  },
  { title: "null for origins", json: { origins: null }, issues: [{ code: "option-wrong-type", path: ["origins"] }] },

  origin("https://Example.com/", "origin-not-serialized", "https://example.com"),
  origin("https://example.com/", "origin-not-serialized", "https://example.com"),
  origin("https://example.com/path?query#fragment", "origin-not-serialized", "https://example.com"),
  origin("HTTPS://example.com", "origin-not-serialized", "https://example.com"),
  origin("https://example.com:443", "origin-not-serialized", "https://example.com"),
  origin("http://example.com:80", "origin-not-serialized", "http://example.com"),
  origin("https://example.com:", "origin-not-serialized", "https://example.com"),
  origin("https://example.com:0443", "origin-not-serialized", "https://example.com"),
  origin("https://example.com:08443", "origin-not-serialized", "https://example.com:8443"),
  origin("https://user:secret@example.com", "origin-not-serialized", "https://example.com"),
  origin(" https://example.com", "origin-not-serialized", "https://example.com"),
  origin("https://bücher.example", "origin-not-serialized", "https://xn--bcher-kva.example"),
  {
    ...origin("https://0x7f.1", "origin-not-serialized", "https://127.0.0.1"),
    beyondSchema: "numbers in other spellings",
  },
  {
    ...origin("https://127.0.0.01", "origin-not-serialized", "https://127.0.0.1"),
    beyondSchema: "numbers in other spellings",
  },
  {
    ...origin("https://[2001:db8:0:0::1]", "origin-not-serialized", "https://[2001:db8::1]"),
    beyondSchema: "compression of IPv6",
  },
  origin("https://[::ffff:127.0.0.1]", "origin-not-serialized", "https://[::ffff:7f00:1]"),
  origin("https://*.Example.com/", "origin-not-serialized", "https://*.example.com"),
  origin("https://EXAMPLE.com:*", "origin-not-serialized", "https://example.com:*"),
  origin("example.com", "origin-scheme-missing", "https://example.com"),
  origin("*.example.com", "origin-scheme-missing", "https://*.example.com"),
  origin("//example.com", "origin-scheme-missing", "https://example.com"),
  origin("https:example.com", "origin-scheme-missing", "https://example.com"),
  origin("localhost:3000", "origin-scheme-missing", "http://localhost:3000"),
  origin("127.0.0.1:3000", "origin-scheme-missing", "http://127.0.0.1:3000"),
  origin("", "origin-scheme-missing"),
  origin("https://", "origin-invalid"),
  origin("https://exa mple.com", "origin-invalid"),
  origin("https://example.com:65536", "origin-invalid"),
  origin("https://example.com:0", "origin-invalid"),
  origin("https://example.com:*:*", "origin-wildcard-misplaced"),
  { ...origin("https://1.2.3.4.5", "origin-invalid"), beyondSchema: "numbers at the end of a host" },
  { ...origin("https://xn--a.example", "origin-invalid"), beyondSchema: "Punycode" },
  { ...origin(`https://${"a".repeat(64)}.example`, "origin-invalid"), beyondSchema: "the length of labels" },
  origin(`https://${"a.".repeat(160)}example`, "origin-too-long"),
  origin("file:///", "origin-scheme-unsupported"),
  origin("file://*", "origin-scheme-unsupported"),
  origin("wss://app.example", "origin-scheme-unsupported", "https://app.example"),
  origin("data://app.example", "origin-scheme-unsupported"),
  origin("https://*", "origin-wildcard-misplaced"),
  origin("*://example.com", "origin-invalid"),
  origin("https://*example.com", "origin-wildcard-misplaced"),
  origin("https://app-*.example.com", "origin-wildcard-misplaced"),
  origin("https://a.*.example.com", "origin-wildcard-misplaced"),
  origin("https://*.*.example.com", "origin-wildcard-misplaced"),
  origin("https://example.*", "origin-wildcard-misplaced"),
  origin("https://example.com:80*", "origin-wildcard-misplaced"),
  origin("https://*.192.0.2.1", "origin-wildcard-misplaced"),
  origin("https://*.[2001:db8::1]", "origin-wildcard-misplaced"),
  origin("null", "origin-null"),
  origin("null", "origin-null", null, credentialed),
  origin("*", "origin-any-with-credentials", null, credentialed),
  {
    title: "* for origins with credentials",
    json: { origins: "*", credentials: true },
    issues: [{ code: "origin-any-with-credentials", path: ["origins"] }],
  },
  origin("http://app.example", "origin-insecure-with-credentials", "https://app.example", credentialed),
  origin("http://*.app.example:*", "origin-insecure-with-credentials", "https://*.app.example:*", credentialed),
  origin("http://192.168.0.1", "origin-insecure-with-credentials", "https://192.168.0.1", credentialed),
  origin(
    "http://localhost.app.example",
    "origin-insecure-with-credentials",
    "https://localhost.app.example",
    credentialed,
  ),
  ...["https://*.com", "https://*.co.uk", "https://*.github.io", "https://*.kawasaki.jp", "https://*.intranet"].map(
    (value): InvalidRow => ({
      ...origin(value, "origin-public-suffix-with-credentials", null, credentialed),
      beyondSchema: "the public suffix list",
    }),
  ),

  {
    title: "a method that is forbidden",
    json: { origins, methods: ["trace", "CONNECT", "Track"] },
    issues: [0, 1, 2].map((i) => ({ code: "method-forbidden", path: ["methods", i] })),
  },
  {
    title: "a method that is no token",
    json: { origins, methods: ["", "a b", "PUT,PATCH"] },
    issues: [
      { code: "method-invalid", path: ["methods", 0] },
      { code: "method-invalid", path: ["methods", 1] },
      { code: "method-invalid", path: ["methods", 2], suggestion: ["PUT", "PATCH"] },
    ],
  },
  {
    title: "lower case that browsers do not repair",
    json: { origins, methods: ["patch", "Query"] },
    issues: [
      { code: "method-case", path: ["methods", 0], suggestion: "PATCH" },
      { code: "method-case", path: ["methods", 1], suggestion: "QUERY" },
    ],
    beyondSchema: "a method of that name is possible",
  },
  {
    title: "methods in a string",
    json: { origins, methods: "PUT,DELETE" },
    issues: [{ code: "option-wrong-type", path: ["methods"], suggestion: ["PUT", "DELETE"] }],
  },
  {
    title: "request headers of the browser",
    json: { origins, requestHeaders: ["Cookie", "HOST", "Sec-Fetch-Site", "proxy-authorization", "origin"] },
    issues: [0, 1, 2, 3, 4].map((i) => ({ code: "request-header-forbidden", path: ["requestHeaders", i] })),
  },
  {
    title: "response headers among request headers",
    json: { origins, requestHeaders: ["Access-Control-Allow-Origin", "access-control-max-age"] },
    issues: [0, 1].map((i) => ({ code: "request-header-forbidden", path: ["requestHeaders", i] })),
  },
  {
    title: "request headers that are no names",
    json: { origins, requestHeaders: ["X A", "X-A: b", "X-A, X-B", "X-Ä"] },
    issues: [
      { code: "header-name-invalid", path: ["requestHeaders", 0] },
      { code: "header-name-invalid", path: ["requestHeaders", 1], suggestion: "X-A" },
      { code: "header-name-invalid", path: ["requestHeaders", 2], suggestion: ["X-A", "X-B"] },
      { code: "header-name-invalid", path: ["requestHeaders", 3] },
    ],
  },
  {
    title: "exposed headers that nobody sees",
    json: { origins, exposedHeaders: ["Set-Cookie", "Origin", "Access-Control-Allow-Methods"] },
    issues: [0, 1, 2].map((i) => ({ code: "exposed-header-forbidden", path: ["exposedHeaders", i] })),
  },
  {
    title: "* for exposed headers with credentials",
    json: { origins, credentials: true, exposedHeaders: "*" },
    issues: [{ code: "exposed-headers-wildcard-with-credentials", path: ["exposedHeaders"] }],
  },
  {
    title: "* among exposed headers with credentials",
    json: { origins, credentials: true, exposedHeaders: ["ETag", "*"] },
    issues: [{ code: "exposed-headers-wildcard-with-credentials", path: ["exposedHeaders", 1] }],
  },
  {
    title: "a header that is a number",
    json: { origins, exposedHeaders: [1] },
    issues: [{ code: "option-wrong-type", path: ["exposedHeaders", 0] }],
  },

  {
    title: "maxAge too long",
    json: { origins, maxAge: 86401 },
    issues: [{ code: "max-age-out-of-range", path: ["maxAge"], suggestion: 86400 }],
  },
  {
    title: "maxAge too short",
    json: { origins, maxAge: -2 },
    issues: [{ code: "max-age-out-of-range", path: ["maxAge"], suggestion: -1 }],
  },
  {
    title: "half a second",
    json: { origins, maxAge: 0.5 },
    issues: [{ code: "max-age-out-of-range", path: ["maxAge"], suggestion: 1 }],
  },
  {
    title: "maxAge as a string",
    json: { origins, maxAge: "600" },
    issues: [{ code: "option-wrong-type", path: ["maxAge"], suggestion: 600 }],
  },
  {
    title: "a preflight that redirects",
    json: { origins, preflightStatus: 302 },
    issues: [{ code: "status-out-of-range", path: ["preflightStatus"], suggestion: 299 }],
  },
  {
    title: "a refusal that redirects",
    json: { origins, refusalStatus: 302 },
    issues: [{ code: "status-out-of-range", path: ["refusalStatus"] }],
  },
  {
    title: "a refusal that is a fault of the server",
    json: { origins, refusalStatus: 500 },
    issues: [{ code: "status-out-of-range", path: ["refusalStatus"] }],
  },
  {
    title: "credentials as a string",
    json: { origins, credentials: "true" },
    issues: [{ code: "option-wrong-type", path: ["credentials"], suggestion: true }],
  },
  {
    title: "credentials as a word of fetch",
    json: { origins, credentials: "include" },
    issues: [{ code: "option-wrong-type", path: ["credentials"] }],
  },
  {
    title: "a resource policy that does not exist",
    json: { origins, resourcePolicy: "samesite" },
    issues: [{ code: "option-wrong-value", path: ["resourcePolicy"], suggestion: "same-site" }],
  },
  {
    title: "a resource policy that is no word",
    json: { origins, resourcePolicy: true },
    issues: [{ code: "option-wrong-type", path: ["resourcePolicy"] }],
  },
  {
    title: "dangerously is no switch",
    json: { origins, dangerously: true },
    issues: [{ code: "option-wrong-type", path: ["dangerously"] }],
  },
  {
    title: "a danger that does not exist",
    json: { origins, dangerously: { anyOrigin: true } },
    issues: [{ code: "option-unknown", path: ["dangerously", "anyOrigin"], suggestion: "anyOriginWithCredentials" }],
  },
  {
    title: "a resolver's options without a resolver",
    json: { origins, resolver: {} },
    issues: [{ code: "resolver-unused", path: ["resolver"] }],
  },
  {
    title: "the place of the schema is no place",
    json: { $schema: 7, origins },
    issues: [{ code: "option-wrong-type", path: ["$schema"] }],
  },

  ...(
    [
      ["origin", "origins"],
      ["orgins", "origins"],
      ["allowedOrigins", "origins"],
      ["Access-Control-Allow-Origin", "origins"],
      ["credential", "credentials"],
      ["allowMethods", "methods"],
      ["method", "methods"],
      ["allowedHeaders", "requestHeaders"],
      ["exposeHeaders", "exposedHeaders"],
      ["expose_headers", "exposedHeaders"],
      ["maxage", "maxAge"],
      ["maxAgeInSeconds", "maxAge"],
      ["optionsSuccessStatus", "preflightStatus"],
      ["timingAllowOrigin", "timing"],
      ["secureContext", null],
    ] as const
  ).map(
    ([name, suggestion]): InvalidRow => ({
      title: `option ${name}`,
      json: { origins, [name]: 1 },
      issues: [{ code: "option-unknown", path: [name], suggestion }],
    }),
  ),
  {
    title: "a name that objects are born with is no option",
    json: JSON.parse('{ "origins": ["https://app.example"], "__proto__": { "credentials": true }, "constructor": 1 }'),
    issues: [
      { code: "option-unknown", path: ["__proto__"] },
      { code: "option-unknown", path: ["constructor"] },
    ],
  },
  {
    title: "everything at once, in the order of the options",
    json: {
      origin: "*",
      origins: ["https://Example.com/", "http://app.example"],
      credentials: true,
      methods: ["TRACE"],
      requestHeaders: ["Cookie"],
      exposedHeaders: ["*"],
      maxAge: 1e9,
      timing: 1,
    },
    issues: [
      { code: "option-unknown", path: ["origin"], suggestion: "origins" },
      { code: "origin-not-serialized", path: ["origins", 0], suggestion: "https://example.com" },
      { code: "origin-insecure-with-credentials", path: ["origins", 1], suggestion: "https://app.example" },
      { code: "method-forbidden", path: ["methods", 0] },
      { code: "request-header-forbidden", path: ["requestHeaders", 0] },
      { code: "exposed-headers-wildcard-with-credentials", path: ["exposedHeaders", 0] },
      { code: "max-age-out-of-range", path: ["maxAge"], suggestion: 86400 },
      { code: "option-wrong-type", path: ["timing"] },
    ],
  },
];
