import { expect, test } from "vitest";
import type { Profile } from "../profile/profile.ts";
import { profiles } from "../profile/profiles.ts";
import type { HeaderList } from "./header-list.ts";
import { corsUnsafeRequestHeaderNames } from "./request-header.ts";

/**
 * What Chromium 156, Firefox ESR 153 and WebKitGTK 2.50 asked for in `Access-Control-Request-Headers` when a script
 * set these headers (the empty string: no preflight), and who of them left the standard.
 */
const recorded: [headers: HeaderList, standard: string, deviating?: Partial<Record<Profile["name"], string>>][] = [
  // acah-multi
  [
    [
      ["X-B", "1"],
      ["X-A", "2"],
      ["Content-Type", "application/json"],
      ["x-c", "3"],
    ],
    "content-type,x-a,x-b,x-c",
  ],
  [
    [
      ["X-A", "1"],
      ["x-a", "2"],
    ],
    "x-a",
    { firefox: "x-a,x-a" },
  ],
  [
    [
      ["X-Z", "1"],
      ["X_A", "1"],
      ["X-A", "1"],
      ["XA", "1"],
      ["X1", "1"],
      ["X'A", "1"],
    ],
    "x'a,x-a,x-z,x1,x_a,xa",
  ],
  // bytes-accept
  [[["Accept", "a\u0001b"]], "accept"],
  [[["Accept", "a\u0005b"]], "accept"],
  [[["Accept", "a\u0007b"]], "accept"],
  [[["Accept", "a\bb"]], "accept"],
  [[["Accept", "a\u000bb"]], "accept"],
  [[["Accept", "a\fb"]], "accept"],
  [[["Accept", "a\u000eb"]], "accept"],
  [[["Accept", "a\u000fb"]], "accept"],
  [[["Accept", "a\u0011b"]], "accept"],
  [[["Accept", "a\u0013b"]], "accept"],
  [[["Accept", "a\u0014b"]], "accept"],
  [[["Accept", "a\u0015b"]], "accept"],
  [[["Accept", "a\u0016b"]], "accept"],
  [[["Accept", "a\u0017b"]], "accept"],
  [[["Accept", "a\u0018b"]], "accept"],
  [[["Accept", "a\u001ab"]], "accept"],
  [[["Accept", "a\u001bb"]], "accept"],
  [[["Accept", "a\u001cb"]], "accept"],
  [[["Accept", "a\u001db"]], "accept"],
  [[["Accept", "a\u001eb"]], "accept"],
  [[["Accept", "a b"]], ""],
  [[["Accept", "a!b"]], ""],
  [[["Accept", 'a"b']], "accept"],
  [[["Accept", "a#b"]], ""],
  [[["Accept", "a$b"]], ""],
  [[["Accept", "a'b"]], ""],
  [[["Accept", "a(b"]], "accept"],
  [[["Accept", "a*b"]], ""],
  [[["Accept", "a+b"]], ""],
  [[["Accept", "a.b"]], ""],
  [[["Accept", "a;b"]], ""],
  [[["Accept", "a<b"]], "accept"],
  [[["Accept", "a=b"]], ""],
  [[["Accept", "a?b"]], "accept"],
  [[["Accept", "a\\b"]], "accept"],
  [[["Accept", "a]b"]], "accept"],
  [[["Accept", "a^b"]], ""],
  [[["Accept", "a|b"]], ""],
  [[["Accept", "a~b"]], ""],
  [[["Accept", "a\u007fb"]], "accept"],
  [[["Accept", "a\u0080b"]], "", { firefox: "accept" }],
  [[["Accept", "a\u00a0b"]], "", { firefox: "accept" }],
  [[["Accept", "a\u00e9b"]], "", { firefox: "accept" }],
  [[["Accept", "a\u00ffb"]], "", { firefox: "accept" }],
  // bytes-language
  [[["Accept-Language", "a\u0001b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=\u0001b"]], "content-type"],
  [[["Content-Type", "text/plain;a=\u001db"]], "content-type"],
  [[["Content-Type", "text/plain;a=\u001eb"]], "content-type"],
  // bytes-language
  [[["Accept-Language", "a\u001fb"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a= b"]], ""],
  // bytes-language
  [[["Accept-Language", "a!b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=!b"]], ""],
  // bytes-language
  [[["Accept-Language", 'a"b']], "accept-language"],
  [[["Accept-Language", "a#b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=%b"]], ""],
  // bytes-language
  [[["Accept-Language", "a&b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=&b"]], ""],
  [[["Content-Type", "text/plain;a='b"]], ""],
  [[["Content-Type", "text/plain;a=(b"]], "content-type"],
  // bytes-language
  [[["Accept-Language", "a)b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=)b"]], "content-type"],
  // bytes-language
  [[["Accept-Language", "a*b"]], ""],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=*b"]], ""],
  [[["Content-Type", "text/plain;a=+b"]], ""],
  // bytes-language
  [[["Accept-Language", "a,b"]], ""],
  [[["Accept-Language", "a-b"]], ""],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=-b"]], ""],
  // bytes-language
  [[["Accept-Language", "a.b"]], ""],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=/b"]], ""],
  // bytes-language
  [[["Accept-Language", "a:b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=:b"]], "content-type"],
  [[["Content-Type", "text/plain;a=;b"]], ""],
  [[["Content-Type", "text/plain;a=<b"]], "content-type"],
  // bytes-language
  [[["Accept-Language", "a=b"]], ""],
  // bytes-content-type
  [[["Content-Type", "text/plain;a==b"]], ""],
  [[["Content-Type", "text/plain;a=>b"]], "content-type"],
  // bytes-language
  [[["Accept-Language", "a?b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=?b"]], "content-type"],
  // bytes-language
  [[["Accept-Language", "a]b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=]b"]], "content-type"],
  // bytes-language
  [[["Accept-Language", "a^b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=^b"]], ""],
  // bytes-language
  [[["Accept-Language", "a_b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=_b"]], ""],
  // bytes-language
  [[["Accept-Language", "a`b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=`b"]], ""],
  // bytes-language
  [[["Accept-Language", "a{b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a={b"]], "content-type"],
  [[["Content-Type", "text/plain;a=|b"]], ""],
  // bytes-language
  [[["Accept-Language", "a}b"]], "accept-language"],
  [[["Accept-Language", "a~b"]], "accept-language"],
  [[["Accept-Language", "a\u007fb"]], "accept-language"],
  [[["Accept-Language", "a\u0080b"]], "accept-language"],
  [[["Accept-Language", "a\u00a0b"]], "accept-language"],
  // bytes-content-type
  [[["Content-Type", "text/plain;a=\u00a0b"]], "", { firefox: "content-type" }],
  // bytes-language
  [[["Accept-Language", "a\u00e9b"]], "accept-language"],
  [[["Content-Language", "a\tb"]], "content-language"],
  [[["Content-Language", "a b"]], ""],
  [[["Content-Language", "a(b"]], "content-language"],
  [[["Content-Language", "a;b"]], ""],
  [[["Content-Language", "a_b"]], "content-language"],
  // length
  [[["Accept-Language", ""]], ""],
  [[["Accept", "a"]], ""],
  [[["Content-Language", "a".repeat(127)]], ""],
  [[["Content-Type", `text/plain;a=${"b".repeat(114)}`]], ""],
  [[["Accept", "a".repeat(128)]], ""],
  [[["Content-Language", "a".repeat(128)]], ""],
  [[["Accept", "a".repeat(129)]], "accept"],
  [[["Accept-Language", "a".repeat(129)]], "accept-language"],
  [[["Content-Type", `text/plain;a=${"b".repeat(116)}`]], "content-type"],
  [[["Range", `bytes=${"0".repeat(122)}-`]], "range"],
  [[["Accept", "a".repeat(1000)]], "accept"],
  [[["Accept-Language", "a".repeat(1000)]], "accept-language"],
  [[["Content-Language", "a".repeat(1000)]], "content-language"],
  [[["Content-Type", `text/plain;a=${"b".repeat(987)}`]], "content-type"],
  [
    [
      ["Accept", "a".repeat(128)],
      ["Accept-Language", "a".repeat(128)],
      ["Content-Language", "a".repeat(128)],
      ["Content-Type", `text/plain;a=${"b".repeat(115)}`],
    ],
    "",
  ],
  [Array.from({ length: 2 }, () => ["Accept", "a".repeat(100)] as const), "", { chromium: "accept", webkit: "accept" }],
  [Array.from({ length: 8 }, () => ["Accept", "a".repeat(16)] as const), "", { chromium: "accept", webkit: "accept" }],
  [Array.from({ length: 8 }, () => ["Accept", "a".repeat(128)] as const), "", { chromium: "accept", webkit: "accept" }],
  [Array.from({ length: 9 }, () => ["Accept", "a".repeat(114)] as const), "accept", { firefox: "" }],
  [Array.from({ length: 20 }, () => ["Accept", "a".repeat(60)] as const), "accept", { firefox: "" }],
  // content-type
  [[["Content-Type", "text/plain"]], ""],
  [[["Content-Type", 'text/plain;charset="utf-8"']], "content-type"],
  [[["Content-Type", "text/plain;"]], ""],
  [[["Content-Type", "text/plain ; x=y"]], ""],
  [[["Content-Type", "text/plain, application/json"]], "content-type"],
  [[["Content-Type", "text/plain; a=b, application/json"]], "", { firefox: "content-type" }],
  [[["Content-Type", "application/x-www-form-urlencoded"]], ""],
  [[["Content-Type", "application/x-www-form-urlencoded;charset=utf-8"]], ""],
  [[["Content-Type", "multipart/form-data"]], ""],
  [[["Content-Type", "application/json"]], "content-type"],
  [[["Content-Type", "application/JSON; charset=utf-8"]], "content-type"],
  [[["Content-Type", "application/vnd.api+json"]], "content-type"],
  [[["Content-Type", "text/json"]], "content-type"],
  [[["Content-Type", "application/xml"]], "content-type"],
  [[["Content-Type", "application/csp-report"]], "content-type"],
  [[["Content-Type", "application/grpc-web"]], "content-type"],
  [[["Content-Type", "application/graphql"]], "content-type"],
  [[["Content-Type", "application/octet-stream"]], "content-type"],
  [[["Content-Type", "/"]], "content-type"],
  [[["Content-Type", "/plain"]], "content-type"],
  [[["Content-Type", "text/plain/x"]], "content-type"],
  [[["Content-Type", "text plain"]], "content-type"],
  [[["Content-Type", ""]], "content-type"],
  [[["Content-Type", ";"]], "content-type"],
  [[["Content-Type", "text/plain;=y"]], ""],
  [[["Content-Type", "text/plain;application/json"]], ""],
  [[["Content-Type", "text/pl ain"]], "content-type"],
  [[["Content-Type", "application/reports+json"]], "content-type"],
  [[["Content-Type", "application/ocsp-request"]], "content-type"],
  [[["Content-Type", "application/xss-auditor-report"]], "content-type"],
  [
    [
      ["Content-Type", "application/json"],
      ["Content-Type", "text/plain"],
    ],
    "content-type",
  ],
  [
    [
      ["Content-Type", "text/plain"],
      ["Content-Type", "application/json"],
    ],
    "content-type",
  ],
  // range
  [[["Range", "bytes=0-10"]], ""],
  [[["Range", "bytes=10-10"]], ""],
  [[["Range", "bytes=-5"]], "range"],
  [[["Range", "bytes=0-1, 2-3"]], "range"],
  [[["Range", "Bytes=0-1"]], "range", { webkit: "" }],
  [[["Range", "BYTES=0-"]], "range", { webkit: "" }],
  [[["Range", "bytes = 0-1"]], "range"],
  [[["Range", "bytes =0-1"]], "range"],
  [[["Range", "bytes= 0-1"]], "range"],
  [[["Range", "bytes=0 -1"]], "range"],
  [[["Range", "bytes 0-1"]], "range"],
  [[["Range", "items=0-1"]], "range"],
  [[["Range", "bytes="]], "range"],
  [[["Range", "bytes=-"]], "range"],
  [[["Range", "bytes=a-b"]], "range"],
  [[["Range", "bytes=+0-"]], "range", { webkit: "" }],
  [[["Range", "bytes=0-+1"]], "range", { webkit: "" }],
  [[["Range", "bytes=0-1"]], ""],
  [[["Range", "bytes=9007199254740993-"]], ""],
  [[["Range", "0-1"]], "range"],
  [[["Range", "bytes=9-10"]], ""],
  // header-name
  [[["DPR", "1"]], "dpr", { chromium: "" }],
  [[["Width", "1"]], "width", { chromium: "" }],
  [[["Viewport-Width", "1"]], "viewport-width", { chromium: "" }],
  [[["Device-Memory", "1"]], "device-memory", { chromium: "" }],
  [[["RTT", "1"]], "rtt", { chromium: "" }],
  [[["Downlink", "1"]], "downlink", { chromium: "" }],
  [[["ECT", "1"]], "ect"],
  [[["Priority", "1"]], "priority"],
  [[["If-Modified-Since", "1"]], "if-modified-since"],
  [[["Cache-Control", "1"]], "cache-control"],
  [[["Pragma", "1"]], "pragma"],
  [[["X-Requested-With", "1"]], "x-requested-with"],
  [[["traceparent", "1"]], "traceparent"],
  [[["Idempotency-Key", "1"]], "idempotency-key"],
  [[["Service-Worker", "1"]], "service-worker"],
  [[["Max-Forwards", "1"]], "max-forwards"],
  [[["Content-Disposition", "1"]], "content-disposition"],
  [[["Access-Control-Request-Private-Network", "1"]], "access-control-request-private-network"],
];

const rows = recorded.flatMap(([headers, standard, deviating = {}]) =>
  Object.values(profiles).map((profile) => ({
    title: `${profile.name}: ${JSON.stringify(headers).slice(0, 60)}`,
    headers,
    profile,
    want: deviating[profile.name] ?? standard,
  })),
);

test.each(rows)("$title", ({ headers, profile, want }) => {
  expect(corsUnsafeRequestHeaderNames(headers, profile.requestHeaders).join(",")).toBe(want);
});
