import { describe, expect, test } from "vitest";
import { createCrossOriginProtection } from "./cross-origin-protection.ts";
import type { CrossOriginProtectionOptions } from "./protection-options.ts";
import type { ProtectionRow, RefusalCode } from "./verdict.ts";

interface Row {
  readonly title: string;
  readonly options?: CrossOriginProtectionOptions;
  readonly method?: string;
  readonly url?: string;
  readonly isTls?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** The row that decides; a code too if it refuses. */
  readonly want: readonly [ProtectionRow] | readonly [ProtectionRow, RefusalCode];
}

const own = { host: "app.example" };
const evil = "https://evil.example";
const partner = "https://partner.example";
const trusting = { trustedOrigins: [partner] };
const bypassing = { bypass: ["/hooks/pay", "/sso/*"] };
const named = { publicOrigins: ["https://app.example", "https://www.app.example"] };

const handshake = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
const cross: readonly [ProtectionRow, RefusalCode] = [9, "cross-origin"];
const malformed: readonly [ProtectionRow, RefusalCode] = [6, "malformed-origin"];
const bySite: readonly [ProtectionRow, RefusalCode] = [4, "sec-fetch-site"];
const notThis: readonly [ProtectionRow, RefusalCode] = [2, "not-this-application"];

const rows: Record<string, readonly Row[]> = {
  "1: safe methods": [
    ...["GET", "HEAD", "OPTIONS"].map(
      (method): Row => ({
        title: method,
        method,
        headers: { "sec-fetch-site": "cross-site", origin: evil },
        want: [1],
      }),
    ),
    ...["POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "QUERY", "get", "Head", "PURGE", ""].map(
      (method): Row => ({
        title: `not ${JSON.stringify(method)}`,
        method,
        headers: { "sec-fetch-site": "cross-site" },
        want: bySite,
      }),
    ),
    { title: "without a method it is GET", method: undefined as never, headers: { origin: evil }, want: [1] },
    {
      title: "not a WebSocket handshake of another origin",
      method: "GET",
      headers: { ...handshake, origin: evil },
      want: cross,
    },
    {
      title: "nor one that Sec-Fetch-Site tells about",
      method: "GET",
      headers: { ...handshake, origin: evil, "sec-fetch-site": "cross-site" },
      want: bySite,
    },
    { title: "nor one of a sandboxed frame", method: "GET", headers: { ...handshake, origin: "null" }, want: cross },
    {
      title: "nor one with Upgrade in any case, in a list",
      method: "GET",
      headers: { upgrade: "h2c, WebSocket", origin: evil },
      want: cross,
    },
    {
      title: "a WebSocket handshake of its own pages",
      method: "GET",
      headers: { ...handshake, origin: "https://app.example" },
      want: [7],
    },
    {
      title: "a WebSocket handshake of a trusted origin",
      options: trusting,
      method: "GET",
      headers: { ...handshake, origin: partner },
      want: [8],
    },
    { title: "a WebSocket handshake of no browser", method: "GET", headers: handshake, want: [5] },
    { title: "another upgrade is a GET", method: "GET", headers: { upgrade: "h2c", origin: evil }, want: [1] },
    {
      title: "overrides count for nothing by default",
      method: "GET",
      headers: { "x-http-method-override": "DELETE", "sec-fetch-site": "cross-site" },
      want: [1],
    },
    {
      title: "an honoured override makes it unsafe",
      options: { methodOverride: true },
      method: "GET",
      headers: { "x-http-method-override": "delete", "sec-fetch-site": "cross-site" },
      want: bySite,
    },
    {
      title: "in the query too",
      options: { methodOverride: true },
      method: "GET",
      url: "/books/1?%5fmethod=DELETE",
      headers: { "sec-fetch-site": "cross-site" },
      want: bySite,
    },
    {
      title: "in the query, as a list",
      options: { methodOverride: true },
      method: "GET",
      url: "/?_method[]=PUT",
      headers: { origin: evil },
      want: cross,
    },
    {
      title: "the strictest of several counts",
      options: { methodOverride: true },
      method: "GET",
      url: "/?_method=GET&_method=PUT",
      headers: { origin: evil },
      want: cross,
    },
    {
      title: "an override to a safe method changes nothing",
      options: { methodOverride: true },
      method: "GET",
      url: "/?_method=head",
      headers: { "x-http-method": "GET", origin: evil },
      want: [1],
    },
    {
      title: "an override never makes POST safe",
      options: { methodOverride: true },
      method: "POST",
      headers: { "x-http-method-override": "GET", "sec-fetch-site": "cross-site" },
      want: bySite,
    },
  ],
  "2: publicOrigins": [
    {
      title: "DNS rebinding: Host and Sec-Fetch-Site agree, the name is foreign",
      options: named,
      headers: { host: "rebound.example", origin: "http://rebound.example", "sec-fetch-site": "same-origin" },
      want: notThis,
    },
    {
      title: "and without Sec-Fetch-Site",
      options: named,
      headers: { host: "rebound.example", origin: "http://rebound.example" },
      want: notThis,
    },
    {
      title: "a handshake too",
      options: named,
      method: "GET",
      headers: { ...handshake, host: "rebound.example", origin: "http://rebound.example" },
      want: notThis,
    },
    {
      title: "one of them",
      options: named,
      headers: { host: "127.0.0.1:3000", origin: "https://www.app.example", "sec-fetch-site": "same-origin" },
      want: [3],
    },
    {
      title: "one of them, whatever the proxy did to Host",
      options: named,
      headers: { host: "127.0.0.1:3000", origin: "https://www.app.example" },
      want: [7],
    },
    { title: "scheme and port count", options: named, headers: { origin: "http://app.example" }, want: notThis },
    {
      title: "a trusted origin goes on to the next rows",
      options: { ...named, ...trusting },
      headers: { origin: partner, "sec-fetch-site": "cross-site" },
      want: [4],
    },
    { title: "null does too", options: named, headers: { origin: "null", "sec-fetch-site": "same-origin" }, want: [3] },
    { title: "and is refused there", options: named, headers: { origin: "null" }, want: cross },
    {
      title: "what is no origin is none of them",
      options: named,
      headers: { origin: "https://app.example/" },
      want: notThis,
    },
    {
      title: "a bypassed path is no exemption",
      options: { ...named, ...bypassing },
      url: "/hooks/pay",
      headers: { origin: evil },
      want: notThis,
    },
    { title: "no Origin", options: named, want: [5] },
    {
      title: "two of its own origins are two origins to the browser",
      options: named,
      headers: { origin: "https://app.example", "sec-fetch-site": "same-site" },
      want: bySite,
    },
  ],
  "3: Sec-Fetch-Site says the same origin or the user": [
    { title: "same-origin", headers: { "sec-fetch-site": "same-origin", origin: "https://app.example" }, want: [3] },
    { title: "none", headers: { "sec-fetch-site": "none" }, want: [3] },
    {
      title: "Origin null on a page without referrer",
      headers: { "sec-fetch-site": "same-origin", origin: "null" },
      want: [3],
    },
    {
      title: "Origin unlike Host behind a proxy",
      headers: { host: "127.0.0.1:3000", "sec-fetch-site": "same-origin", origin: "https://app.example" },
      want: [3],
    },
  ],
  "4: Sec-Fetch-Site says anything else": [
    ...["cross-site", "same-site", "Same-Origin", "NONE", "same-origin, same-origin", "unknown", " "].map(
      (site): Row => ({ title: JSON.stringify(site), headers: { "sec-fetch-site": site }, want: bySite }),
    ),
    {
      title: "Origin equal to Host does not help",
      headers: { "sec-fetch-site": "cross-site", origin: "https://app.example" },
      want: bySite,
    },
    {
      title: "a trusted origin",
      options: trusting,
      headers: { "sec-fetch-site": "cross-site", origin: partner },
      want: [4],
    },
    {
      title: "a trusted extension",
      options: { trustedOrigins: ["chrome-extension://abcdef"] },
      headers: { "sec-fetch-site": "cross-site", origin: "chrome-extension://abcdef" },
      want: [4],
    },
    {
      title: "trust is byte equality",
      options: trusting,
      headers: { "sec-fetch-site": "cross-site", origin: "https://PARTNER.example" },
      want: bySite,
    },
    {
      title: "null is never trusted",
      options: trusting,
      headers: { "sec-fetch-site": "cross-site", origin: "null" },
      want: bySite,
    },
    {
      title: "a bypassed path",
      options: bypassing,
      url: "/hooks/pay",
      headers: { "sec-fetch-site": "cross-site", origin: evil },
      want: [4],
    },
    {
      title: "same-site with allowSameSite",
      options: { allowSameSite: true },
      headers: { "sec-fetch-site": "same-site", origin: "https://blog.app.example" },
      want: [4],
    },
    {
      title: "cross-site with allowSameSite",
      options: { allowSameSite: true },
      headers: { "sec-fetch-site": "cross-site" },
      want: bySite,
    },
    {
      title: "whatever the content type",
      headers: { "sec-fetch-site": "cross-site", "content-type": "application/json" },
      want: bySite,
    },
    {
      title: "with no cookie either, since a login can be forged",
      headers: { "sec-fetch-site": "cross-site", "content-type": "application/x-www-form-urlencoded" },
      want: bySite,
    },
  ],
  "5: neither Sec-Fetch-Site nor Origin": [
    { title: "no browser", want: [5] },
    { title: "an empty Sec-Fetch-Site is none", headers: { "sec-fetch-site": "" }, want: [5] },
    { title: "another Sec-Fetch header proves nothing", headers: { "sec-fetch-mode": "no-cors" }, want: [5] },
    { title: "a cookie is fine by default", headers: { cookie: "a=1" }, want: [5] },
    {
      title: "strict refuses a cookie",
      options: { strict: true },
      headers: { cookie: "a=1" },
      want: [5, "cookie-without-origin"],
    },
    { title: "strict without a cookie", options: { strict: true }, want: [5] },
    {
      title: "strict leaves bypassed paths alone",
      options: { strict: true, ...bypassing },
      url: "/sso/back",
      headers: { cookie: "a=1" },
      want: [5],
    },
  ],
  "6: malformed Origin": [
    ...[
      "",
      "https://app.example/",
      "https://app.example/x",
      "https://user@app.example",
      "//app.example",
      "app.example",
      "ftp://app.example",
      "file://",
      "https://app.example, https://app.example",
      "https://app.example https://app.example",
      "https://APP.example",
      "https://app.example:443",
      "https://app.example?x",
      "https://app.example#x",
      "undefined",
      "https://",
      "NULL",
      `https://${"a.".repeat(300)}example`,
    ].map((origin): Row => ({ title: JSON.stringify(origin.slice(0, 60)), headers: { origin }, want: malformed })),
    { title: "an extension", headers: { origin: "chrome-extension://abcdef" }, want: malformed },
    {
      title: "a trusted extension",
      options: { trustedOrigins: ["chrome-extension://abcdef"] },
      headers: { origin: "chrome-extension://abcdef" },
      want: [8],
    },
    {
      title: "a bypassed path",
      options: bypassing,
      url: "/hooks/pay",
      headers: { origin: "https://evil.example/" },
      want: [8],
    },
    {
      title: "does not matter when Sec-Fetch-Site tells",
      headers: { origin: "https://app.example/", "sec-fetch-site": "same-origin" },
      want: [3],
    },
  ],
  "7: Origin is Host": [
    { title: "https behind a proxy that ended TLS", headers: { origin: "https://app.example" }, want: [7] },
    { title: "http", headers: { origin: "http://app.example" }, want: [7] },
    { title: "http when TLS is known", isTls: true, headers: { origin: "http://app.example" }, want: cross },
    { title: "https when TLS is known", isTls: true, headers: { origin: "https://app.example" }, want: [7] },
    {
      title: "an absolute https URL tells of TLS",
      url: "https://app.example/x",
      headers: { origin: "http://app.example" },
      want: cross,
    },
    { title: "a port", headers: { host: "app.example:8080", origin: "https://app.example:8080" }, want: [7] },
    { title: "another port", headers: { host: "app.example:8080", origin: "https://app.example:8081" }, want: cross },
    { title: "no port against one", headers: { host: "app.example:8080", origin: "https://app.example" }, want: cross },
    {
      title: "Host with the default port of https",
      headers: { host: "app.example:443", origin: "https://app.example" },
      want: [7],
    },
    {
      title: "Host with the default port of http",
      headers: { host: "app.example:80", origin: "http://app.example" },
      want: [7],
    },
    {
      title: "the default port of the other scheme",
      headers: { host: "app.example:443", origin: "http://app.example" },
      want: cross,
    },
    { title: "Host in upper case", headers: { host: "APP.Example", origin: "https://app.example" }, want: [7] },
    {
      title: "a dot at the end is another host",
      headers: { host: "app.example.", origin: "https://app.example" },
      want: cross,
    },
    { title: "IPv6", headers: { host: "[::1]:3000", origin: "http://[::1]:3000" }, want: [7] },
    { title: "an origin that ends with Host", headers: { origin: "https://evilapp.example" }, want: cross },
    { title: "an origin that begins with Host", headers: { origin: "https://app.example.evil.example" }, want: cross },
    {
      title: "HTTP/2 says :authority",
      headers: { host: "", ":authority": "app.example", origin: "https://app.example" },
      want: [7],
    },
    {
      title: "X-Forwarded-Host is not believed",
      headers: { "x-forwarded-host": "evil.example", origin: evil },
      want: cross,
    },
    {
      title: "unless the proxy is trusted",
      options: { trustProxy: true },
      headers: { host: "10.0.0.7:3000", "x-forwarded-host": "app.example", origin: "https://app.example" },
      want: [7],
    },
    {
      title: "then Host is not",
      options: { trustProxy: true },
      headers: { "x-forwarded-host": "other.example", origin: "https://app.example" },
      want: cross,
    },
    {
      title: "a list was not replaced by the proxy",
      options: { trustProxy: true },
      headers: { "x-forwarded-host": "evil.example, app.example", origin: evil },
      want: cross,
    },
    {
      title: "then Host is what there is",
      options: { trustProxy: true },
      headers: { "x-forwarded-host": "proxy.example, app.example", origin: "https://app.example" },
      want: [7],
    },
    {
      title: "X-Forwarded-Proto is not believed",
      headers: { "x-forwarded-proto": "https", origin: "http://app.example" },
      want: [7],
    },
    {
      title: "unless the proxy is trusted: https",
      options: { trustProxy: true },
      headers: { "x-forwarded-proto": "https", origin: "http://app.example" },
      want: cross,
    },
    {
      title: "unless the proxy is trusted: http",
      options: { trustProxy: true },
      isTls: true,
      headers: { "x-forwarded-proto": "http", origin: "http://app.example" },
      want: [7],
    },
  ],
  "8: trusted origins and bypassed paths": [
    { title: "a trusted origin", options: trusting, headers: { origin: partner }, want: [8] },
    {
      title: "with another port it is another",
      options: trusting,
      headers: { origin: `${partner}:8443` },
      want: cross,
    },
    { title: "with another scheme too", options: trusting, headers: { origin: "http://partner.example" }, want: cross },
    { title: "a bypassed path", options: bypassing, url: "/hooks/pay?x=1", headers: { origin: evil }, want: [8] },
    {
      title: "a bypassed path of an absolute URL",
      options: bypassing,
      url: "https://app.example/hooks/pay",
      headers: { origin: evil },
      want: [8],
    },
    { title: "a bypassed path below", options: bypassing, url: "/sso/a/b", headers: { origin: "null" }, want: [8] },
    {
      title: "not with a slash at the end",
      options: bypassing,
      url: "/hooks/pay/",
      headers: { origin: evil },
      want: cross,
    },
    { title: "not without the slash", options: bypassing, url: "/sso", headers: { origin: evil }, want: cross },
    { title: "not encoded", options: bypassing, url: "/hooks/%70ay", headers: { origin: evil }, want: cross },
    { title: "not in another case", options: bypassing, url: "/hooks/Pay", headers: { origin: evil }, want: cross },
    { title: "without a URL nothing is bypassed", options: bypassing, headers: { origin: evil }, want: cross },
    ...[
      "/sso/../api",
      "/sso/%2e%2e/api",
      "/sso/.%2E/api",
      "/sso/%252e%252e/api",
      "/sso/..\\api",
      "/sso/..%5capi",
      "/sso/..%2fapi",
      "/sso//api",
      "/sso/./x",
      "/sso/..;/api",
      "/sso/..%3b/api",
      "/sso/..%253Bx/api",
      "/sso/..%00/api",
      "/sso/.%09./api",
      "/sso/%c0%ae%c0%ae/api",
      "/sso/%25c0%25ae/api",
      "/sso/%u002e%u002e/api",
      "/sso/%2",
      "/sso/..",
      "/sso/\u00e9",
      "/sso/a#/../..",
      "//evil.example/sso/x",
    ].map((url): Row => ({ title: `not ${url}`, options: bypassing, url, headers: { origin: evil }, want: cross })),
  ],
  "9: any other origin": [
    { title: "another origin", headers: { origin: evil }, want: cross },
    { title: "null", headers: { origin: "null" }, want: cross },
    { title: "without Host", headers: { host: "", origin: evil }, want: cross },
    {
      title: "same-site is not asked without Sec-Fetch-Site",
      options: { allowSameSite: true },
      headers: { origin: "https://blog.app.example" },
      want: cross,
    },
  ],
  "10: requireJsonContentType": [
    {
      title: "JSON",
      options: { requireJsonContentType: true },
      headers: { "sec-fetch-site": "same-origin", "content-type": "application/json; charset=utf-8" },
      want: [3],
    },
    {
      title: "a JSON type of its own",
      options: { requireJsonContentType: true },
      headers: { "content-type": "application/merge-patch+json" },
      want: [5],
    },
    ...[
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonp",
      "json",
      "",
      "text/plain, application/json",
    ].map(
      (type): Row => ({
        title: `not ${JSON.stringify(type)}`,
        options: { requireJsonContentType: true },
        headers: { "sec-fetch-site": "same-origin", "content-type": type },
        want: [10, "not-json"],
      }),
    ),
    {
      title: "a body of no type",
      options: { requireJsonContentType: true },
      headers: { origin: "https://app.example", "content-length": "2" },
      want: [10, "not-json"],
    },
    {
      title: "a stream of no type",
      options: { requireJsonContentType: true },
      headers: { "transfer-encoding": "chunked" },
      want: [10, "not-json"],
    },
    {
      title: "no body",
      options: { requireJsonContentType: true },
      method: "DELETE",
      headers: { "sec-fetch-site": "same-origin", "content-length": "0" },
      want: [3],
    },
    {
      title: "trusted origins too",
      options: { ...trusting, requireJsonContentType: true },
      headers: { origin: partner, "content-type": "text/plain" },
      want: [10, "not-json"],
    },
    {
      title: "not bypassed paths",
      options: { ...bypassing, requireJsonContentType: true },
      url: "/hooks/pay",
      headers: { "content-type": "text/plain" },
      want: [5],
    },
    {
      title: "not reading",
      options: { requireJsonContentType: true },
      method: "GET",
      headers: { "content-type": "text/plain" },
      want: [1],
    },
    {
      title: "nor reading from a path of alsoProtect",
      options: { requireJsonContentType: true, alsoProtect: ["/books"] },
      method: "GET",
      headers: { "sec-fetch-site": "same-origin", "content-type": "text/plain" },
      want: [3],
    },
  ],
  alsoProtect: [
    ...["/export", "/EXPORT", "/export/", "/%65xport", "/old/x", "/./x", "/%"].map(
      (url): Row => ({
        title: `GET ${url}`,
        options: { alsoProtect: ["/export", "/old/*"] },
        method: "GET",
        url,
        headers: { "sec-fetch-site": "cross-site" },
        want: bySite,
      }),
    ),
    {
      title: "HEAD",
      options: { alsoProtect: ["/export"] },
      method: "HEAD",
      url: "/export",
      headers: { "sec-fetch-site": "cross-site" },
      want: bySite,
    },
    {
      title: "not OPTIONS",
      options: { alsoProtect: ["/export"] },
      method: "OPTIONS",
      url: "/export",
      headers: { "sec-fetch-site": "cross-site" },
      want: [1],
    },
    {
      title: "not another path",
      options: { alsoProtect: ["/export"] },
      method: "GET",
      url: "/exports",
      headers: { "sec-fetch-site": "cross-site" },
      want: [1],
    },
    {
      title: "not a link that the user follows",
      options: { alsoProtect: ["/export"] },
      method: "GET",
      url: "/export",
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
      want: [1],
    },
    {
      title: "but a frame",
      options: { alsoProtect: ["/export"] },
      method: "GET",
      url: "/export",
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
      want: bySite,
    },
    {
      title: "but what only has the destination of one",
      options: { alsoProtect: ["/export"] },
      method: "GET",
      url: "/export",
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "document" },
      want: bySite,
    },
  ],
};

describe.each(Object.entries(rows))("%s", (_, cases) => {
  test.each(cases)("$title", ({ options, want, headers, ...request }) => {
    const protection = createCrossOriginProtection(options as object);
    const verdict = protection.check({ method: "POST", url: "/books", ...request, headers: { ...own, ...headers } });
    expect(verdict.ok ? [verdict.row] : [verdict.row, verdict.code]).toEqual(want);
  });
});
