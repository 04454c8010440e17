import { describe, expect, test } from "vitest";
import type { Exchange, NetworkRequest } from "../fetch/exchange.ts";
import type { HeaderList } from "../header/header-list.ts";
import { createOpaqueOrigin, originOf } from "../origin/origin.ts";
import type { Problem } from "../problem/problem.ts";
import { createRequest, type FetchRequest } from "../request/request.ts";
import { type BrowserName, consoleMessages } from "./console-messages.ts";

const page = new URL("http://localhost:3000/page");
const api = new URL("http://127.0.0.1:4000/a");

interface Answer {
  readonly kind?: "actual" | "preflight";
  readonly status?: number;
  readonly headers?: HeaderList;
  readonly urlList?: readonly URL[];
  readonly origin?: string;
}

function exchange(
  request: FetchRequest,
  { kind = "actual", status = 200, headers = [], urlList = [api], origin = page.origin }: Answer,
): Exchange {
  const asks: HeaderList =
    kind === "actual"
      ? [["Origin", origin]]
      : [
          ["Origin", origin],
          ["Access-Control-Request-Method", request.method],
          [
            "Access-Control-Request-Headers",
            request.headers
              .map(([name]) => name.toLowerCase())
              .sort()
              .join(","),
          ],
        ];
  const sent: NetworkRequest = {
    kind,
    method: kind === "preflight" ? "OPTIONS" : request.method,
    url: urlList.at(-1) ?? api,
    headers: asks,
    body: null,
    includeCredentials: request.credentialsMode === "include",
    credentialsMode: request.credentialsMode,
    cacheMode: "default",
    mode: request.mode,
    destination: "",
    initiatorType: "fetch",
    responseTainting: "cors",
    origin: request.origin,
    client: null,
    urlList,
    preflightReasons: [],
    preflight: "not-needed",
  };
  return { request: sent, response: { kind: "response", status, statusText: "", headers, body: null } };
}

function codes(browser: BrowserName, problem: Problem, answer: Answer, init: Partial<FetchRequest> = {}): string[] {
  const request = createRequest(api, null, originOf(page), init);
  return consoleMessages({ request, problem, exchanges: [exchange(request, answer)] }, browser).map(
    ({ code, parameter, text }) =>
      browser === "webkit" ? text : browser === "chromium" ? `${code}(${parameter})` : code,
  );
}

const due = "Fetch API cannot load http://127.0.0.1:4000/a due to access control checks.";
const expected = page.origin;

interface Row {
  readonly title: string;
  readonly problem: Problem;
  readonly answer: Answer;
  readonly init?: Partial<FetchRequest>;
  readonly chromium: string[];
  readonly firefox: string[];
  readonly webkit: string[];
}

const rows: Row[] = [
  {
    title: "no Access-Control-Allow-Origin: only Firefox and WebKit tell the status",
    problem: { code: "allow-origin-missing", stage: "response", expected, status: 500 },
    answer: { status: 500 },
    chromium: ["MissingAllowOriginHeader()"],
    firefox: ["CORSMissingAllowOrigin2"],
    webkit: [`Origin ${expected} is not allowed by Access-Control-Allow-Origin. Status code: 500`, due],
  },
  {
    title: "a trailing slash is a mismatch to Chromium, since the value is a URL",
    problem: { code: "allow-origin-invalid", stage: "response", expected, actual: `${expected}/` },
    answer: { headers: [["Access-Control-Allow-Origin", `${expected}/`]] },
    chromium: [`AllowOriginMismatch(${expected}/)`],
    firefox: ["CORSAllowOriginNotMatchingOrigin"],
    webkit: [`Origin ${expected} is not allowed by Access-Control-Allow-Origin. Status code: 200`, due],
  },
  {
    title: "a value that is no URL is invalid to Chromium",
    problem: { code: "allow-origin-invalid", stage: "response", expected, actual: "true" },
    answer: { headers: [["Access-Control-Allow-Origin", "true"]] },
    chromium: ["InvalidAllowOriginValue(true)"],
    firefox: ["CORSAllowOriginNotMatchingOrigin"],
    webkit: [`Origin ${expected} is not allowed by Access-Control-Allow-Origin. Status code: 200`, due],
  },
  {
    title: "two lines are several values to all three",
    problem: { code: "allow-origin-multiple", stage: "response", expected, actual: "*, *", lines: 2 },
    answer: {
      headers: [
        ["Access-Control-Allow-Origin", "*"],
        ["Access-Control-Allow-Origin", "*"],
      ],
    },
    chromium: ["MultipleAllowOriginValues(*, *)"],
    firefox: ["CORSMultipleAllowOriginNotAllowed"],
    webkit: ["Access-Control-Allow-Origin cannot contain more than one origin.", due],
  },
  {
    title: "one line with a list is a mismatch to Firefox",
    problem: { code: "allow-origin-multiple", stage: "response", expected, actual: "https://a, https://b", lines: 1 },
    answer: { headers: [["Access-Control-Allow-Origin", "https://a, https://b"]] },
    chromium: ["MultipleAllowOriginValues(https://a, https://b)"],
    firefox: ["CORSAllowOriginNotMatchingOrigin"],
    webkit: ["Access-Control-Allow-Origin cannot contain more than one origin.", due],
  },
  {
    title: "a refused preflight without CORS headers: the status is first in WebKit only",
    problem: { code: "allow-origin-missing", stage: "preflight", expected, status: 401 },
    answer: { kind: "preflight", status: 401 },
    init: { method: "PUT" },
    chromium: ["PreflightMissingAllowOriginHeader()"],
    firefox: ["CORSMissingAllowOrigin2", "CORSDidNotSucceed2"],
    webkit: ["Preflight response is not successful. Status code: 401", due],
  },
  {
    title: "a redirected preflight: Chromium looks at the redirect before the headers",
    problem: { code: "allow-origin-missing", stage: "preflight", expected, status: 308 },
    answer: { kind: "preflight", status: 308, headers: [["Location", "/b"]] },
    init: { method: "PUT" },
    chromium: ["net::ERR_INVALID_REDIRECT()", "PreflightDisallowedRedirect()"],
    firefox: ["CORSMissingAllowOrigin2", "CORSDidNotSucceed2"],
    webkit: ["Preflight response is not successful. Status code: 308", due],
  },
  {
    title: "method before headers, in all three",
    problem: { code: "method-not-allowed", stage: "preflight", method: "PUT", allowed: [] },
    answer: { kind: "preflight", status: 204, headers: [["Access-Control-Allow-Origin", "*"]] },
    init: { method: "PUT", headers: [["X-Custom", "1"]] },
    chromium: ["MethodDisallowedByPreflightResponse(PUT)"],
    firefox: ["CORSMethodNotFound", "CORSDidNotSucceed2"],
    webkit: ["Method PUT is not allowed by Access-Control-Allow-Methods.", due],
  },
  {
    title: "of several header names each browser names one, by its own order",
    problem: {
      code: "header-not-allowed",
      stage: "preflight",
      names: ["accept-language", "cache-control"],
      allowed: [],
    },
    answer: { kind: "preflight", status: 204, headers: [["Access-Control-Allow-Origin", "*"]] },
    init: {
      headers: [
        ["Cache-Control", "no-cache"],
        ["Accept-Language", "en_GB"],
      ],
    },
    chromium: ["HeaderDisallowedByPreflightResponse(cache-control)"],
    firefox: ["CORSMissingAllowHeaderFromPreflight2", "CORSDidNotSucceed2"],
    webkit: ["Request header field Cache-Control is not allowed by Access-Control-Allow-Headers.", due],
  },
  {
    title: "a redirect that is not readable: WebKit speaks of the redirection, Firefox adds a line",
    problem: { code: "allow-origin-missing", stage: "redirect", expected, status: 302 },
    answer: { status: 302, headers: [["Location", "https://login.example/"]] },
    chromium: ["MissingAllowOriginHeader()"],
    firefox: ["CORSMissingAllowOrigin2", "CORSDidNotSucceed2"],
    webkit: [
      `Cross-origin redirection to https://login.example/ denied by Cross-Origin Resource Sharing policy: Origin ${expected} is not allowed by Access-Control-Allow-Origin. Status code: 302`,
      due,
    ],
  },
];

describe("consoleMessages", () => {
  test.each(rows)("$title", ({ problem, answer, init, ...want }) => {
    expect(codes("chromium", problem, answer, init)).toEqual(want.chromium);
    expect(codes("firefox", problem, answer, init)).toEqual(want.firefox);
    expect(codes("webkit", problem, answer, init)).toEqual(want.webkit);
  });

  test("a redirected fetch is told with the URL that it started from", () => {
    const first = new URL("http://127.0.0.1:4000/start");
    const request = createRequest(first, null, originOf(page));
    const exchanges = [exchange(request, { urlList: [first, api], origin: "null" })];
    const problem: Problem = { code: "allow-origin-missing", stage: "response", expected: "null", status: 200 };
    expect(consoleMessages({ request, problem, exchanges }, "chromium")[0]?.text).toBe(
      "Access to fetch at 'http://127.0.0.1:4000/a' (redirected from 'http://127.0.0.1:4000/start') from origin 'http://localhost:3000' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    );
  });

  test("what was never sent is told by the request alone", () => {
    const request = createRequest(api, null, createOpaqueOrigin(), { mode: "same-origin" });
    const problem: Problem = { code: "mode-same-origin", stage: "request", url: api.href };
    expect(consoleMessages({ request, problem, exchanges: [] }, "webkit")).toEqual([]);
    expect(consoleMessages({ request, problem, exchanges: [] }, "firefox")[0]?.code).toBe("SOP");
  });

  test("bytes that are not printable stay visible in Chromium's words", () => {
    const actual = `${expected}\x01`;
    const request = createRequest(api, null, originOf(page));
    const exchanges = [exchange(request, { headers: [["Access-Control-Allow-Origin", actual]] })];
    const problem: Problem = { code: "allow-origin-invalid", stage: "response", expected, actual };
    expect(consoleMessages({ request, problem, exchanges }, "chromium")[0]?.text).toContain("3000\\u0001'");
  });
});
