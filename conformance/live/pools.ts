import type { HeaderPair, Scenario, StepBody } from "../verdicts/verdict.ts";

/** The origins that pages and servers may have. */
export const origins = [
  "http://localhost:{P1}",
  "http://localhost:{P2}",
  "http://127.0.0.1:{P1}",
  "http://127.0.0.1:{P2}",
  "http://[::1]:{P2}",
  "http://shop.localhost:{P1}",
  "http://app.shop.localhost:{P1}",
  "http://api.shop.localhost:{P2}",
  "http://evil.localhost:{P3}",
  "https://localhost:{S1}",
  "https://localhost:{S2}",
  "https://127.0.0.1:{S1}",
  "https://app.shop.localhost:{S1}",
  "https://api.shop.localhost:{S2}",
] as const;

/** Methods: the common ones, unusual letter case, forbidden and invalid ones. */
export const methods: readonly string[] = [
  ..."GET HEAD POST PUT DELETE PATCH OPTIONS QUERY get Get head post Post put delete patch Patch options CHICKEN".split(
    " ",
  ),
  ..."chicken PROPFIND LOCK TRACE connect M-SEARCH G@T GET/ PUT1 GET,PUT * X_Y".split(" "),
];

/** Statuses of every class. */
export const statuses: readonly number[] = [
  200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 250, 299, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 399,
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 415, 416, 417, 418, 421, 422, 425, 426, 428,
  429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 511, 599, 600, 700, 999,
];

/** Statuses that redirect. */
export const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

const longValues = [127, 128, 129, 500, 1025].map((length) => "a".repeat(length));

const mediaTypes = [
  "text/plain",
  "TEXT/Plain;charset=UTF-8",
  "text/plain;charset=utf-8;x=y",
  'text/plain;x="a,b"',
  "text/plain,text/plain",
  "text/plain; charset",
  "text/plain;;",
  " text/plain ",
  "text/plain\t;x=y",
  "text/plainx",
  "text/*",
  "*/*",
  "plain",
  "application/json",
  "application/JSON;charset=utf-8",
  "application/x-www-form-urlencoded; charset=UTF-8",
  "APPLICATION/X-WWW-FORM-URLENCODED",
  "multipart/form-data; boundary=x",
  "multipart/mixed",
  "application/xml",
  "application/wasm",
  "application/dns-message",
  "application/x-protobuf",
  "application/expect-ct-report+json",
  "application/x-json-stream",
  "text/csv",
  "text/html",
  "image/png",
  "t/",
  "",
  " ",
];

const ranges = [
  "bytes=0-",
  "bytes=0-0",
  "bytes=5-10",
  "bytes=10-5",
  "bytes=00-01",
  "bytes=-1",
  "bytes=1-2,4-5",
  "bytes=0-,",
  "bytes=0-1;x",
  "bytes=0-1\t",
  "bytes=\t0-1",
  "bytes=0 - 1",
  "bytes:0-1",
  "bytes=0",
  "bytes=0--1",
  "bytes=0x0-1",
  "bytes=1.0-2",
  "bytes=18446744073709551615-18446744073709551616",
  "bytes=18446744073709551616-",
  "bytes=4294967296-",
  "Bytes=0-",
  "byte=0-1",
  "bytes",
  "",
];

/** Values that request headers may have, by name; what is allowed without a preflight is a matter of their syntax. */
export const requestHeaders: Readonly<Record<string, readonly string[]>> = {
  Accept: ["text/html", "application/json;q=0.5", "*/*", "", "a b", "a=b", "(", ...longValues],
  "Accept-Language": ["de", "de-CH, en;q=0.5", "*", "", "de_CH", "d'e", "de=1", "de; q=1.0", ...longValues],
  "Content-Language": ["de", "de, en", "*", "", "de-CH;q=1", "d(e", ...longValues],
  "Content-Type": [...mediaTypes, `text/plain;x=${"a".repeat(128)}`, `text/plain;x=${"a".repeat(115)}`],
  Range: ranges,
  Authorization: ["Basic dTpw", "Bearer t", ""],
  "X-Custom": ["1", "", "a, b"],
  "X-Requested-With": ["XMLHttpRequest"],
  "Content-Encoding": ["gzip", "identity"],
  "Content-Location": ["/x"],
  "If-Match": ['"1"'],
  "If-None-Match": ['"1"'],
  "If-Range": ['"1"'],
  "If-Unmodified-Since": ["Mon, 02 Nov 2026 00:00:00 GMT"],
  "If-Modified-Since": ["Mon, 02 Nov 2026 00:00:00 GMT"],
  "Cache-Control": ["no-cache", "max-age=0", "no-store"],
  Pragma: ["no-cache", "x"],
  "Last-Event-ID": ["1"],
  "Save-Data": ["on", "1"],
  DPR: ["1.0", "x"],
  Width: ["100"],
  "Viewport-Width": ["100"],
  "Device-Memory": ["1"],
  Downlink: ["1.5"],
  ECT: ["4g"],
  RTT: ["100"],
  Purpose: ["prefetch"],
  "Sec-Purpose": ["prefetch"],
  "Sec-X": ["1"],
  "Proxy-Authorization": ["x"],
  "Upgrade-Insecure-Requests": ["1"],
  Priority: ["u=1"],
  "Early-Data": ["1"],
  Via: ["x"],
  Upgrade: ["x"],
  Expect: ["100-continue"],
  Cookie: ["a=b"],
  Cookie2: ["a=b"],
  "Content-Length": ["1"],
  Connection: ["close"],
  Date: ["x"],
  "Access-Control-Request-Private-Network": ["true"],
  "Access-Control-Allow-Origin": ["*"],
  "X-HTTP-Method-Override": ["GET", "TRACE", "trace, GET", "GET,CONNECT", "xTRACE", '"TRACE"', "CONNECT"],
  "X-HTTP-Method": ["TRACK", "PUT", "post,track"],
  "X-Method-Override": ["connect", "DELETE"],
  Forwarded: ["for=x"],
  "X-Forwarded-For": ["127.0.0.1"],
  "bad name": ["1"],
  "bad,name": ["1"],
  "1": ["1"],
  "~^!#$%&'*+-.|`": ["1"],
};

/** Bodies of every kind. */
export const bodies: readonly StepBody[] = [
  { type: "string", text: "x=1" },
  { type: "string", text: "" },
  { type: "bytes", text: "x" },
  { type: "params", text: "a=b&c=d" },
  { type: "form", text: "x" },
  { type: "blob", text: "x", contentType: "text/plain" },
  { type: "blob", text: "x", contentType: "Application/JSON" },
  { type: "blob", text: "x", contentType: "application/x-www-form-urlencoded" },
  { type: "blob", text: "x", contentType: "text/csv" },
  { type: "blob", text: "x", contentType: "multipart/form-data" },
  { type: "blob", text: "x" },
];

/** Members of a step and the values they may have. */
export const stepMembers: Readonly<Record<string, readonly unknown[]>> = {
  mode: ["cors", "no-cors", "same-origin"],
  credentials: ["include", "same-origin", "omit"],
  redirect: ["follow", "error", "manual"],
  cache: ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"],
  referrerPolicy: [
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
    "",
  ],
  integrity: [
    "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    "sha256-x",
    "sha512-x sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    "",
  ],
  keepalive: [true],
};

/** What is added to a value: where letter case, spaces, commas and control characters matter, rules differ. */
export const edits: readonly ((value: string) => string)[] = [
  (value) => ` ${value} `,
  (value) => `\t${value}\t`,
  (value) => value.toUpperCase(),
  (value) => value.toLowerCase(),
  (value) => `${value},`,
  (value) => `,${value}`,
  (value) => `${value}, ${value}`,
  (value) => `"${value}"`,
  (value) => `${value};`,
  (value) => `${value}\x00`,
  (value) => `\x0b${value}`,
  (value) => `${value}\x0c`,
  (value) => `${value}\xa0`,
  (value) => `${value}\xe9`,
  (value) => value.slice(1),
  (value) => value.slice(0, -1),
  (value) => value.replace(/, ?/g, ",\t"),
  (value) => value.replace(/, ?/g, " ,, "),
  (value) => value.replace(/, ?/g, " "),
  (value) => value.replace(/, ?/g, ";"),
];

/** Response headers beside those of CORS, and what they may say. */
export const otherHeaders: readonly HeaderPair[] = [
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-site"],
  ["Cross-Origin-Resource-Policy", "cross-origin"],
  ["Cross-Origin-Resource-Policy", "Same-Origin"],
  ["Cross-Origin-Resource-Policy", "same-origin, cross-origin"],
  ["Cross-Origin-Resource-Policy", ""],
  ["Cache-Control", "max-age=600"],
  ["Cache-Control", "no-store"],
  ["Cache-Control", "no-cache"],
  ["ETag", '"1"'],
  ["Vary", "Origin"],
  ["Vary", "*"],
  ["X-Content-Type-Options", "nosniff"],
  ["Content-Type", "text/html"],
  ["Content-Type", "text/javascript"],
  ["Content-Type", "application/json"],
  ["Content-Type", ""],
  ["Content-Language", "de"],
  ["Expires", "0"],
  ["Last-Modified", "Mon, 02 Nov 2026 00:00:00 GMT"],
  ["Pragma", "no-cache"],
  ["Referrer-Policy", "no-referrer"],
  ["Referrer-Policy", "unsafe-url"],
  ["Timing-Allow-Origin", "*"],
  ["Set-Cookie", "n=1"],
  ["Set-Cookie", "n=1; SameSite=None; Secure"],
  ["X-Data", ""],
  ["X-Data", " a , b "],
  ["x-UPPER", "\xe9"],
  ["WWW-Authenticate", "Bearer"],
  ["Access-Control-Max-Age", "600"],
  ["Access-Control-Allow-Private-Network", "true"],
];

/** Cookies of every kind, to be set by a visit. */
export const cookies: readonly string[] = [
  "none_sec=1; SameSite=None; Secure",
  "lax=1; SameSite=Lax",
  "strict=1; SameSite=Strict",
  "plain=1",
  "none=1; SameSite=None",
  "sec=1; Secure",
  "only=1; HttpOnly; SameSite=Strict",
  "odd=1; SameSite=odd",
  "part=1; SameSite=None; Secure; Partitioned",
  "__Secure-a=1; Secure",
  "__Host-a=1; Secure",
  "gone=1; Max-Age=0",
  "old=1; Max-Age=600; SameSite=lax",
];

/** Every value that a response header has in the published scenarios, by lower-case name. */
export function responseValues(scenarios: readonly Scenario[]): Map<string, string[]> {
  const values = new Map<string, Set<string>>();
  for (const { server } of scenarios)
    for (const { preflight = [], actual = [] } of Object.values(server))
      for (const [name, value] of [...preflight, ...actual].flatMap(({ headers }) => headers)) {
        const key = name.toLowerCase();
        values.set(key, (values.get(key) ?? new Set()).add(value));
      }
  return new Map([...values].map(([name, set]) => [name, [...set]]));
}

/** The response headers that decide. */
export const corsHeaders = [
  "Access-Control-Allow-Origin",
  "Access-Control-Allow-Credentials",
  "Access-Control-Allow-Methods",
  "Access-Control-Allow-Headers",
  "Access-Control-Expose-Headers",
  "Access-Control-Max-Age",
] as const;

/** What else but `fetch` makes requests. */
export const elementApis = ["xhr", "img", "script", "module", "stylesheet", "iframe", "eventsource", "beacon"] as const;

/** Values of the attribute `crossorigin`. */
export const crossOrigins = ["", "anonymous", "use-credentials", "Use-Credentials", "bogus"] as const;
