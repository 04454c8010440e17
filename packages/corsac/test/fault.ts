import type { IncomingMessage, ServerResponse } from "node:http";
import type { CheckOptions } from "../src/index.ts";

/** The origins of the servers that a fault runs on. */
export interface Origins {
  /** The API that the page calls. */
  readonly api: string;
  /** Another server, for redirects. */
  readonly cdn: string;
}

/** A way in which a server, or a page, gets CORS wrong. */
export interface Fault {
  /** The finding that `check` is to report first. */
  readonly code: string;
  /** For a second fault of the same code. */
  readonly variant?: string;
  /** What is checked; the path is that of {@link handler}. */
  readonly options: (origins: Origins) => Partial<CheckOptions>;
  /** The API. Missing: nothing is ever asked. */
  readonly api?: (request: IncomingMessage, response: ServerResponse, origins: Origins) => void;
  /** The other server. */
  readonly cdn?: (request: IncomingMessage, response: ServerResponse, origins: Origins) => void;
  readonly verdict?: "allowed" | "blocked" | "unknown" | "unreachable";
}

/** The origin of the page in every fault that does not say otherwise. */
export const pageOrigin = "http://localhost:3000";

type Headers = Record<string, string | string[]>;

/** A handler that answers OPTIONS and everything else alike, or each with its own. */
function answer(
  status: number,
  headers: Headers,
  preflight?: readonly [status: number, headers: Headers],
): NonNullable<Fault["api"]> {
  return (request, response) => {
    const [code, lines] = request.method === "OPTIONS" && preflight !== undefined ? preflight : [status, headers];
    response.sendDate = false;
    response.writeHead(code, { Connection: "close", ...lines }).end(code === 204 ? "" : "{}");
  };
}

const allowed = { "Access-Control-Allow-Origin": pageOrigin, Vary: "Origin" };
const put = { method: "PUT", headers: { "Content-Type": "application/json" }, body: '{"title":"Dune"}' } as const;
const putAllowed = {
  ...allowed,
  "Access-Control-Allow-Methods": "PUT",
  "Access-Control-Allow-Headers": "content-type",
};

/** At least one fault for every code that `check` can meet. */
export const faults: readonly Fault[] = [
  { code: "allow-origin-missing", options: () => ({}), api: answer(200, { "X-Powered-By": "Express" }) },
  {
    code: "allow-origin-missing",
    variant: "answer",
    options: () => ({ ...put, send: true }),
    api: answer(200, {}, [204, putAllowed]),
  },
  {
    code: "allow-origin-missing",
    variant: "preflight",
    options: () => ({ ...put }),
    api: answer(200, allowed, [200, { Allow: "GET,HEAD,PUT" }]),
  },
  {
    code: "allow-origin-invalid",
    options: () => ({}),
    api: answer(200, { "Access-Control-Allow-Origin": `${pageOrigin}/`, Server: "Caddy" }),
  },
  {
    code: "allow-origin-mismatch",
    options: () => ({}),
    api: answer(200, { "Access-Control-Allow-Origin": "http://localhost:5173", Vary: "Origin" }),
  },
  {
    code: "allow-origin-multiple",
    options: () => ({}),
    api: answer(200, { "Access-Control-Allow-Origin": ["*", pageOrigin], Server: "nginx/1.28.0" }),
  },
  {
    code: "allow-origin-wildcard-with-credentials",
    options: () => ({ credentials: "include" }),
    api: answer(200, { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true" }),
  },
  {
    code: "allow-credentials-not-true",
    options: () => ({ credentials: "include" }),
    api: answer(200, { ...allowed, "Access-Control-Allow-Credentials": "True", Server: "Kestrel" }),
  },
  {
    code: "preflight-status-not-ok",
    options: () => ({ headers: { Authorization: "Bearer abc" } }),
    api: answer(200, allowed, [401, { "WWW-Authenticate": "Bearer" }]),
  },
  {
    code: "preflight-redirected",
    options: ({ api }) => ({ ...put, url: `${api}/books/Dune` }),
    api: (request, response, { api }) =>
      answer(200, allowed, [308, { Location: `${api}/books/Dune/` }])(request, response, { api, cdn: "" }),
  },
  {
    code: "preflight-network-error",
    options: () => ({ ...put }),
    api: (request, response, origins) => {
      if (request.method === "OPTIONS") request.socket.destroy();
      else answer(200, allowed)(request, response, origins);
    },
  },
  {
    code: "allow-methods-unparsable",
    options: () => ({ ...put }),
    api: answer(200, allowed, [204, { ...putAllowed, "Access-Control-Allow-Methods": "GET;PUT" }]),
  },
  {
    code: "allow-headers-unparsable",
    options: () => ({ ...put }),
    api: answer(200, allowed, [204, { ...putAllowed, "Access-Control-Allow-Headers": "'content-type', \"accept\"" }]),
  },
  {
    code: "method-not-allowed",
    options: () => ({ ...put }),
    api: answer(200, allowed, [204, { ...putAllowed, "Access-Control-Allow-Methods": "GET, POST" }]),
  },
  {
    code: "method-case-mismatch",
    options: () => ({ ...put, method: "patch" }),
    api: answer(200, allowed, [204, { ...putAllowed, "Access-Control-Allow-Methods": "PATCH" }]),
  },
  {
    code: "allow-methods-wildcard-with-credentials",
    options: () => ({ ...put, credentials: "include" }),
    api: answer(200, allowed, [
      204,
      { ...putAllowed, "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Methods": "*" },
    ]),
  },
  {
    code: "header-not-allowed",
    options: () => ({ headers: { "X-Client-Info": "web", apikey: "abc" } }),
    api: answer(200, allowed, [204, { ...allowed, "Access-Control-Allow-Headers": "content-type" }]),
  },
  {
    code: "allow-headers-wildcard-with-credentials",
    options: () => ({ credentials: "include", headers: { "X-Request-Id": "1" } }),
    api: answer(200, { ...allowed, "Access-Control-Allow-Credentials": "true" }, [
      204,
      { ...allowed, "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Headers": "*" },
    ]),
  },
  {
    code: "authorization-not-covered-by-wildcard",
    options: () => ({ headers: { Authorization: "Bearer abc" } }),
    api: answer(200, allowed, [204, { ...allowed, "Access-Control-Allow-Headers": "*" }]),
  },
  {
    code: "redirect-mode-error",
    options: () => ({ redirect: "error" }),
    api: answer(302, { ...allowed, Location: "/elsewhere" }),
  },
  { code: "redirect-location-invalid", options: () => ({}), api: answer(302, { ...allowed, Location: "http://[" }) },
  { code: "redirect-scheme", options: () => ({}), api: answer(302, { ...allowed, Location: "myapp://open/book" }) },
  { code: "redirect-count", options: () => ({}), api: answer(302, { ...allowed, Location: "/books" }) },
  {
    code: "redirect-with-credentials-in-url",
    options: () => ({}),
    api: (request, response, origins) =>
      answer(302, { ...allowed, Location: origins.cdn.replace("//", "//user:secret@") })(request, response, origins),
  },
  { code: "url-scheme-unsupported", options: () => ({ url: "ftp://127.0.0.1/books" }) },
  { code: "url-unknown", options: () => ({ url: "about:books", mode: "no-cors" }) },
  { code: "mode-same-origin", options: () => ({ mode: "same-origin" }) },
  { code: "no-cors-redirect-mode", options: () => ({ mode: "no-cors", redirect: "error" }) },
  { code: "bad-port", options: () => ({ url: "http://127.0.0.1:6000/books" }) },
  { code: "mixed-content", options: () => ({ url: "http://api.example/books", origin: "https://app.example" }) },
  {
    code: "corp-blocked",
    options: () => ({ mode: "no-cors" }),
    api: answer(200, { "Cross-Origin-Resource-Policy": "same-origin" }),
  },
  { code: "proxy-authentication-required", options: () => ({}), api: answer(407, allowed) },
  {
    code: "network-error",
    options: () => ({}),
    api: answer(302, { ...allowed, Location: "http://127.0.0.1:4/" }),
  },
  { code: "error-response-without-cors", options: () => ({}), api: answer(502, { Server: "nginx/1.28.0" }) },
  {
    code: "redirect-response-blocked",
    options: () => ({}),
    api: answer(302, { Location: "/login?next=/books" }),
  },
  {
    code: "redirect-target-blocked",
    options: () => ({}),
    api: (request, response, origins) =>
      answer(302, { ...allowed, Location: `${origins.cdn}/books.json` })(request, response, origins),
    cdn: answer(200, {}),
  },
  {
    code: "redirect-origin-tainted",
    options: () => ({}),
    api: (request, response, origins) =>
      answer(302, { ...allowed, Location: `${origins.cdn}/books.json` })(request, response, origins),
    cdn: answer(200, allowed),
  },
  { code: "origin-null", options: () => ({ origin: "null" }), api: answer(200, allowed) },
  {
    code: "cors-header-on-request",
    options: () => ({ headers: { "Access-Control-Allow-Origin": "*" } }),
    api: answer(200, allowed, [204, { ...allowed, "Access-Control-Allow-Headers": "content-type" }]),
  },
  { code: "cors-header-misspelled", options: () => ({}), api: answer(200, { "Access-Control-Allow-Orgin": "*" }) },
  {
    code: "header-not-exposed",
    options: () => ({ readHeaders: ["X-Total-Count"] }),
    api: answer(200, { ...allowed, "X-Total-Count": "42" }),
  },
  {
    code: "expose-headers-wildcard-with-credentials",
    options: () => ({ credentials: "include", readHeaders: ["ETag"] }),
    api: answer(200, {
      ...allowed,
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Expose-Headers": "*",
      ETag: '"1"',
    }),
  },
  { code: "opaque-response", options: () => ({ mode: "no-cors" }), api: answer(200, {}), verdict: "allowed" },
  {
    code: "opaque-response",
    variant: "redirect",
    options: () => ({ redirect: "manual" }),
    api: answer(302, { ...allowed, Location: "/elsewhere" }),
    verdict: "allowed",
  },
  { code: "no-cors-misuse", options: () => ({ mode: "no-cors", method: "DELETE" }) },
  {
    code: "no-cors-misuse",
    variant: "headers",
    options: () => ({
      mode: "no-cors",
      method: "POST",
      body: "{}",
      headers: { "Content-Type": "application/json" },
      send: true,
    }),
    api: answer(200, {}),
    verdict: "allowed",
  },
  {
    code: "vary-origin-missing",
    options: () => ({}),
    api: (request, response, origins) =>
      answer(200, request.headers.origin === pageOrigin ? { "Access-Control-Allow-Origin": pageOrigin } : {})(
        request,
        response,
        origins,
      ),
    verdict: "allowed",
  },
  {
    code: "cache-poisoned-allow-origin",
    options: () => ({}),
    api: answer(200, {
      "Access-Control-Allow-Origin": "https://other.example",
      Age: "120",
      "X-Cache": "Hit from cloudfront",
    }),
  },
  {
    code: "preflight-cached-stale",
    options: () => ({ ...put, send: true }),
    api: answer(200, allowed, [204, { ...putAllowed, "Access-Control-Max-Age": "86400" }]),
    verdict: "allowed",
  },
  {
    code: "response-not-verified",
    options: () => ({ ...put }),
    api: answer(200, allowed, [204, putAllowed]),
    verdict: "unknown",
  },
];

/** Codes of the standard that `check` never meets, since it fetches like a script and has strings for bodies. */
export const unobservable: readonly string[] = [
  "integrity-mismatch",
  "keepalive-body-too-large",
  "mime-type-blocked",
  "nosniff-blocked",
  "only-if-cached-miss",
  "redirect-body-not-replayable",
];
