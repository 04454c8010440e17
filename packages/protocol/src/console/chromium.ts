import { isCorsCheckProblem } from "../cors/cors-check.ts";
import type { NetworkErrorReason } from "../fetch/exchange.ts";
import { getHeader } from "../header/header-list.ts";
import type { Problem } from "../problem/problem.ts";
import type { Destination } from "../request/request.ts";
import type { BlockedFetch, ConsoleMessage, FailingStep } from "./console-message.ts";

/**
 * What Chromium reports. It looks in this order: redirect of the preflight, `Access-Control-Allow-Origin`,
 * `Access-Control-Allow-Credentials`, status, syntax of the lists, method, headers; and names the first.
 */
export function chromiumMessages(blocked: BlockedFetch, step: FailingStep): ConsoleMessage[] {
  const problem = firstProblem(step);
  const cors = (code: string, parameter: string, reason: string): ConsoleMessage => ({
    code,
    parameter,
    text: escaped(
      `Access to ${kindOf(blocked)} at '${step.url}'${redirectNote(step)} from origin '${step.pageOrigin}' has been blocked by CORS policy: ${reason}`,
    ),
  });
  if (isCorsCheckProblem(problem)) {
    const [code, parameter, reason] = corsCheckError(problem, step, blocked);
    if (problem.stage !== "preflight") return [cors(code, parameter, reason)];
    return [cors(`Preflight${code}`, parameter, `${preflightPrefix}${reason}`)];
  }
  switch (problem.code) {
    case "preflight-redirected":
      if (!isRedirect(step)) return [cors("PreflightInvalidStatus", "", `${preflightPrefix}${notOkStatus}`)];
      return [
        networkMessage("net::ERR_INVALID_REDIRECT", blocked, step),
        cors("PreflightDisallowedRedirect", "", `${preflightPrefix}Redirect is not allowed for a preflight request.`),
      ];
    case "preflight-status-not-ok":
      return [cors("PreflightInvalidStatus", "", `${preflightPrefix}${notOkStatus}`)];
    case "allow-methods-unparsable":
      return [cors("InvalidAllowMethodsPreflightResponse", "", unparsable("Methods"))];
    case "allow-headers-unparsable":
      return [cors("InvalidAllowHeadersPreflightResponse", "", unparsable("Headers"))];
    case "method-not-allowed":
    case "method-case-mismatch":
    case "allow-methods-wildcard-with-credentials":
      return [
        cors(
          "MethodDisallowedByPreflightResponse",
          problem.method,
          `Method ${problem.method} is not allowed by Access-Control-Allow-Methods in preflight response.`,
        ),
      ];
    case "header-not-allowed":
    case "allow-headers-wildcard-with-credentials":
    case "authorization-not-covered-by-wildcard": {
      const name = namedHeader(problem.names);
      return [
        cors(
          "HeaderDisallowedByPreflightResponse",
          name,
          `Request header field ${name} is not allowed by Access-Control-Allow-Headers in preflight response.`,
        ),
      ];
    }
    case "redirect-with-credentials-in-url":
      if (blocked.request.mode !== "cors" || !isCrossOriginHop(blocked, step, problem.location))
        return [blockedByOrigin];
      return [
        cors(
          "RedirectContainsCredentials",
          "",
          "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
        ),
      ];
    case "redirect-scheme":
      return redirectScheme(blocked, step, problem.location);
    case "redirect-location-invalid":
      return [networkMessage("net::ERR_INVALID_REDIRECT", blocked, step)];
    case "redirect-count":
      return [networkMessage("net::ERR_TOO_MANY_REDIRECTS", blocked, step)];
    case "redirect-body-not-replayable":
      return [networkMessage("net::ERR_FAILED", blocked, step)];
    case "mode-same-origin":
      if (problem.stage === "redirect") {
        const text = `Unsafe attempt to load URL ${problem.url} from frame with URL ${step.pageUrl}. Domains, protocols and ports must match.\n`;
        return [{ ...blockedByOrigin, text }];
      }
      return [
        wordsOnly(
          `Fetch API cannot load ${step.url}. Request mode is "same-origin" but the URL's origin is not same as the request origin ${step.pageOrigin}.`,
        ),
      ];
    case "no-cors-redirect-mode":
      return [
        wordsOnly(
          `Fetch API cannot load ${step.url}. Request mode is "no-cors" but the redirect mode is not "follow".`,
        ),
      ];
    case "url-scheme-unsupported":
    case "url-unknown":
      return [
        wordsOnly(
          `Fetch API cannot load ${step.url}. URL scheme "${blocked.request.url.protocol.slice(0, -1)}" is not supported.`,
        ),
      ];
    case "mixed-content":
      return [
        wordsOnly(
          `Mixed Content: The page at '${step.pageUrl}' was loaded over HTTPS, but requested an insecure resource '${problem.url}'. This request has been blocked; the content must be served over HTTPS.`,
        ),
      ];
    case "corp-blocked": {
      const site = problem.policy === "same-site";
      return [networkMessage(`net::ERR_BLOCKED_BY_RESPONSE.${site ? "NotSameSite" : "NotSameOrigin"}`, blocked, step)];
    }
    case "integrity-mismatch":
      return [wordsOnly(`Fetch API cannot load ${step.url}. SRI's integrity checks failed.`)];
    case "nosniff-blocked":
    case "mime-type-blocked":
      return [
        wordsOnly(
          `Refused to execute script from '${step.url}' because its MIME type ('${problem.mimeType ?? ""}') is not executable.`,
        ),
      ];
    case "proxy-authentication-required":
      return [networkMessage("net::ERR_UNEXPECTED_PROXY_AUTH", blocked, step)];
    case "bad-port":
      return [networkMessage("net::ERR_UNSAFE_PORT", blocked, step)];
    case "only-if-cached-miss":
      return [networkMessage("net::ERR_CACHE_MISS", blocked, step)];
    case "network-error":
    case "preflight-network-error":
      return [networkMessage(networkErrors[problem.reason], blocked, step)];
    // Recorded without a word.
    case "redirect-mode-error":
    case "keepalive-body-too-large":
      return [];
  }
}

const preflightPrefix = "Response to preflight request doesn't pass access control check: ";
const notOkStatus = "It does not have HTTP ok status.";
const blockedByOrigin: ConsoleMessage = { code: "origin", parameter: "", text: "" };

function unparsable(which: "Headers" | "Methods"): string {
  return `Cannot parse Access-Control-Allow-${which} response header field in preflight response.`;
}

function firstProblem(step: FailingStep): Problem {
  const [first] = step.problems;
  const redirected = step.problems.find(({ code }) => code === "preflight-redirected");
  const found = redirected !== undefined && isRedirect(step) ? redirected : first;
  if (found === undefined) throw new TypeError("A failing step has at least one problem.");
  return found;
}

// The network stack sees a redirect only in a status of redirects with a Location to go to.
function isRedirect({ headers }: FailingStep): boolean {
  return (getHeader(headers, "location") ?? "") !== "";
}

function corsCheckError(
  problem: Problem,
  step: FailingStep,
  blocked: BlockedFetch,
): [code: string, parameter: string, reason: string] {
  const xhr =
    blocked.request.initiatorType === "xmlhttprequest"
      ? " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
      : "";
  if (problem.code === "allow-origin-missing") {
    return [
      "MissingAllowOriginHeader",
      "",
      "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    ];
  }
  if (problem.code === "allow-origin-wildcard-with-credentials") {
    return [
      "WildcardOriginNotAllowed",
      "",
      `The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.${xhr}`,
    ];
  }
  if (problem.code === "allow-credentials-not-true") {
    const actual = problem.actual ?? "";
    return [
      "InvalidAllowCredentials",
      actual,
      `The value of the 'Access-Control-Allow-Credentials' header in the response is '${actual}' which must be 'true' when the request's credentials mode is 'include'.${xhr}`,
    ];
  }
  const value = getHeader(step.headers, "access-control-allow-origin") ?? "";
  const advice =
    kindOf(blocked) === "fetch" || blocked.request.initiatorType === "xmlhttprequest"
      ? " Have the server send the header with a valid value."
      : "";
  const header = "The 'Access-Control-Allow-Origin' header";
  if (/[ ,]/.test(value)) {
    return [
      "MultipleAllowOriginValues",
      value,
      `${header} contains multiple values '${value}', but only one is allowed.${advice}`,
    ];
  }
  if (value !== "null" && !URL.canParse(value)) {
    return ["InvalidAllowOriginValue", value, `${header} contains the invalid value '${value}'.${advice}`];
  }
  return [
    "AllowOriginMismatch",
    value,
    `${header} has a value '${value}' that is not equal to the supplied origin.${advice}`,
  ];
}

// Chromium keeps headers in a hash table, so which of several it names cannot be told; the last by name, leaving
// content-type aside, is what it named whenever this was recorded.
function namedHeader(names: readonly string[]): string {
  return names.findLast((name) => name !== "content-type") ?? names[0] ?? "";
}

function redirectScheme(blocked: BlockedFetch, step: FailingStep, location: string): ConsoleMessage[] {
  if (/^(?:about|blob|data|file|filesystem):/i.test(location)) {
    return [networkMessage("net::ERR_UNSAFE_REDIRECT", blocked, step)];
  }
  const from = step.redirectedFrom ?? step.url;
  return [
    wordsOnly(
      `Access to ${kindOf(blocked)} at '${location}' (redirected from '${from}') from origin '${step.pageOrigin}' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app.`,
    ),
  ];
}

function isCrossOriginHop(blocked: BlockedFetch, step: FailingStep, location: string): boolean {
  const target = URL.canParse(location, step.url) ? new URL(location, step.url).origin : "";
  return target !== step.pageOrigin || new URL(step.url).origin !== step.pageOrigin || blocked.exchanges.length > 1;
}

// Header values may hold any byte; the console shows what is not printable ASCII by its code.
function escaped(text: string): string {
  return text.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

function redirectNote({ redirectedFrom }: FailingStep): string {
  return redirectedFrom === null ? "" : ` (redirected from '${redirectedFrom}')`;
}

function kindOf({ request }: BlockedFetch): string {
  if (request.initiatorType === "xmlhttprequest") return "XMLHttpRequest";
  return kinds[request.destination] ?? "fetch";
}

const kinds: Partial<Record<Destination, string>> = {
  image: "image",
  script: "script",
  style: "CSS stylesheet",
  font: "font",
  audio: "audio",
  video: "video",
};

const networkErrors: Readonly<Record<NetworkErrorReason, string>> = {
  aborted: "net::ERR_ABORTED",
  "connection-closed": "net::ERR_EMPTY_RESPONSE",
  "connection-refused": "net::ERR_CONNECTION_REFUSED",
  dns: "net::ERR_NAME_NOT_RESOLVED",
  "http-parse": "net::ERR_INVALID_HTTP_RESPONSE",
  timeout: "net::ERR_CONNECTION_TIMED_OUT",
  tls: "net::ERR_CERT_AUTHORITY_INVALID",
  unknown: "net::ERR_FAILED",
};

function networkMessage(code: string, { request }: BlockedFetch, { url }: FailingStep): ConsoleMessage {
  return { code, parameter: "", text: `${request.method} ${url} ${code}` };
}

function wordsOnly(text: string): ConsoleMessage {
  return { code: "", parameter: "", text };
}
