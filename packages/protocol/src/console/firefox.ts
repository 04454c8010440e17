import { type CorsCheckProblem, isCorsCheckProblem } from "../cors/cors-check.ts";
import type { Exchange } from "../fetch/exchange.ts";
import { byteLowercase } from "../header/bytes.ts";
import { extractHeaderListValues } from "../header/extract-header-list-values.ts";
import { getHeader } from "../header/header-list.ts";
import type { Problem } from "../problem/problem.ts";
import type { BlockedFetch, ConsoleMessage, FailingStep } from "./console-message.ts";

/**
 * What Firefox reports. It looks in this order: repeated, missing, then wrong `Access-Control-Allow-Origin`;
 * `Access-Control-Allow-Credentials`; redirect and status; method; headers. After a failing preflight a second message
 * says that the request did not succeed, and so does the only message about every other failure across origins.
 */
export function firefoxMessages(blocked: BlockedFetch, step: FailingStep): ConsoleMessage[] {
  const problem = firstProblem(step);
  const messages = isCorsCheckProblem(problem) ? [corsCheckMessage(problem, step)] : messagesOf(blocked, step, problem);
  const follows =
    isCorsCheckProblem(problem) && problem.stage === "redirect" && blocked.request.redirectMode === "follow";
  return problem.stage === "preflight" || follows ? [...messages, didNotSucceed(step.url)] : messages;
}

function messagesOf(
  blocked: BlockedFetch,
  step: FailingStep,
  problem: Exclude<Problem, CorsCheckProblem>,
): ConsoleMessage[] {
  const because = (category: string, reason: string) => [crossOriginBlocked(category, step.url, reason)];
  switch (problem.code) {
    case "preflight-redirected": {
      const failed = didNotSucceedWith(step.url, problem.status);
      if (problem.location === null || blocked.request.redirectMode !== "follow") return [failed];
      return [...because("CORSExternalRedirectNotAllowed", "CORS request external redirect not allowed"), failed];
    }
    case "preflight-status-not-ok":
      return [didNotSucceedWith(step.url, problem.status)];
    case "allow-methods-unparsable":
      return because(
        "CORSInvalidAllowMethod",
        `invalid token ‘${invalidToken(problem.actual)}’ in CORS header ‘Access-Control-Allow-Methods’`,
      );
    case "allow-headers-unparsable":
      return because(
        "CORSInvalidAllowHeader",
        `invalid token ‘${invalidToken(problem.actual)}’ in CORS header ‘Access-Control-Allow-Headers’`,
      );
    case "method-not-allowed":
    case "method-case-mismatch":
    case "allow-methods-wildcard-with-credentials":
      return because("CORSMethodNotFound", "Did not find method in CORS header ‘Access-Control-Allow-Methods’");
    case "header-not-allowed":
    case "allow-headers-wildcard-with-credentials":
    case "authorization-not-covered-by-wildcard":
      return because(
        "CORSMissingAllowHeaderFromPreflight2",
        `header ‘${problem.names[0] ?? ""}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response`,
      );
    case "preflight-network-error":
      return [didNotSucceed(step.url)];
    case "mode-same-origin":
      return /^https?:/.test(problem.url) ? [securityError(step.pageUrl, problem.url)] : [];
    case "corp-blocked":
      return [
        message(
          "COEP",
          `The resource at “${step.url}” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#`,
        ),
      ];
    case "integrity-mismatch":
      return [
        blocked.request.mode === "no-cors"
          ? message(
              "Sub-resource Integrity",
              `“${step.url}” is not eligible for integrity checks since it’s neither CORS-enabled nor same-origin.`,
            )
          : message(
              "Sub-resource Integrity",
              `None of the “${problem.integrity.split("-")[0] ?? ""}” hashes in the integrity attribute match the content of the subresource at “${step.url}”.`,
            ),
      ];
    case "mixed-content":
      return [
        message("Mixed Content Blocker", `Blocked loading mixed active content “${problem.url}”`),
        ...(step.redirectedFrom === null ? [] : [didNotSucceed(step.url)]),
      ];
    case "redirect-scheme":
      return isCrossOrigin(step)
        ? [
            didNotSucceed(step.url),
            ...(problem.location.startsWith("blob:") ? [securityError(step.url, problem.location)] : []),
          ]
        : [];
    case "redirect-mode-error":
      return [];
    case "bad-port":
    case "url-scheme-unsupported":
    case "url-unknown":
      // Nothing was asked of the network yet, and nothing is said.
      if (problem.stage === "request") return [];
      return isCrossOrigin(step) && blocked.request.mode === "cors" ? [didNotSucceed(step.url)] : [];
    case "keepalive-body-too-large":
    case "mime-type-blocked":
    case "network-error":
    case "no-cors-redirect-mode":
    case "nosniff-blocked":
    case "only-if-cached-miss":
    case "proxy-authentication-required":
    case "redirect-body-not-replayable":
    case "redirect-count":
    case "redirect-location-invalid":
    case "redirect-with-credentials-in-url":
      return isCrossOrigin(step) && blocked.request.mode === "cors" ? [didNotSucceed(step.url)] : [];
  }
}

/** What Firefox has to say although the page gets its response: that `*` is going to stop covering `Authorization`. */
export function firefoxWarnings(exchanges: readonly Exchange[]): ConsoleMessage[] {
  return exchanges
    .filter(isAuthorizationUnderWildcard)
    .map(({ request }) =>
      message(
        "CORSAllowHeaderFromPreflightDeprecation",
        `Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at ${request.url.href} soon. (Reason: When the \`Access-Control-Allow-Headers\` is \`*\`, the \`Authorization\` header is not covered. To include the \`Authorization\` header, it must be explicitly listed in CORS header \`Access-Control-Allow-Headers\`).`,
      ),
    );
}

function isAuthorizationUnderWildcard({ request, response }: Exchange): boolean {
  if (request.kind !== "preflight" || response.kind === "network-error") return false;
  const asked = getHeader(request.headers, "access-control-request-headers")?.split(",") ?? [];
  const allowed = extractHeaderListValues("access-control-allow-headers", response.headers);
  if (!asked.includes("authorization") || allowed === null || allowed === "failure") return false;
  return allowed.includes("*") && !allowed.some((name) => byteLowercase(name) === "authorization");
}

// A preflight that came back to the page's own origin is not held against the CORS check.
function firstProblem({ problems, url, pageOrigin }: FailingStep): Problem {
  const home = new URL(url).origin === pageOrigin;
  const found = (home ? problems.find((problem) => !isCorsCheckProblem(problem)) : undefined) ?? problems[0];
  if (found === undefined) throw new TypeError("A failing step has at least one problem.");
  return found;
}

function corsCheckMessage(problem: CorsCheckProblem, { url, status, headers }: FailingStep): ConsoleMessage {
  switch (problem.code) {
    case "allow-origin-missing":
      return crossOriginBlocked(
        "CORSMissingAllowOrigin2",
        url,
        "CORS header ‘Access-Control-Allow-Origin’ missing",
        ` Status code: ${status}.`,
      );
    case "allow-origin-wildcard-with-credentials":
      return crossOriginBlocked(
        "CORSNotSupportingCredentials",
        `‘${url}’`,
        "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’",
      );
    case "allow-credentials-not-true":
      return crossOriginBlocked(
        "CORSMissingAllowCredentials",
        url,
        "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’",
      );
    case "allow-origin-invalid":
    case "allow-origin-mismatch":
    case "allow-origin-multiple": {
      if (headers.filter(([name]) => byteLowercase(name) === "access-control-allow-origin").length > 1) {
        return crossOriginBlocked(
          "CORSMultipleAllowOriginNotAllowed",
          url,
          "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed",
        );
      }
      return crossOriginBlocked(
        "CORSAllowOriginNotMatchingOrigin",
        url,
        `CORS header ‘Access-Control-Allow-Origin’ does not match ‘${problem.actual}’`,
      );
    }
  }
}

// The first item which is no token. The list is split at commas; blanks around an item do not count.
function invalidToken(list: string): string {
  const items = list.split(",").map((item) => item.replace(/^[\t ]+|[\t ]+$/g, ""));
  return items.find((item) => item !== "" && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(item)) ?? list;
}

// Whether any URL of the fetch, the one it was about to go to included, is of another origin.
function isCrossOrigin({ url, redirectedFrom, pageOrigin, headers }: FailingStep): boolean {
  const location = getHeader(headers, "location");
  const target = location !== null && URL.canParse(location, url) ? new URL(location, url) : null;
  const used = [new URL(url), redirectedFrom === null ? null : new URL(redirectedFrom), isHttp(target) ? target : null];
  return used.some((each) => each !== null && each.origin !== pageOrigin);
}

function isHttp(url: URL | null): boolean {
  return url?.protocol === "http:" || url?.protocol === "https:";
}

function securityError(page: string, url: string): ConsoleMessage {
  return message("SOP", `Security Error: Content at ${page} may not load data from ${url}.`);
}

function didNotSucceed(url: string): ConsoleMessage {
  return crossOriginBlocked("CORSDidNotSucceed2", url, "CORS request did not succeed", " Status code: (null).");
}

function didNotSucceedWith(url: string, status: number): ConsoleMessage {
  return crossOriginBlocked(
    "CORSPreflightDidNotSucceed3",
    url,
    "CORS preflight response did not succeed",
    ` Status code: ${status}.`,
  );
}

function crossOriginBlocked(category: string, url: string, reason: string, end = ""): ConsoleMessage {
  return message(
    category,
    `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ${url}. (Reason: ${reason}).${end}`,
  );
}

function message(category: string, text: string): ConsoleMessage {
  return { code: category, parameter: "", text };
}
