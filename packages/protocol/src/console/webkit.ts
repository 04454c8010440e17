import { type CorsCheckProblem, isCorsCheckProblem } from "../cors/cors-check.ts";
import { byteLowercase } from "../header/bytes.ts";
import { getHeader } from "../header/header-list.ts";
import type { Problem } from "../problem/problem.ts";
import type { BlockedFetch, ConsoleMessage, FailingStep } from "./console-message.ts";

/**
 * What WebKit reports: prose, the reason in one line and the URL in the next. Of a preflight it looks at the status
 * first. It never shows the value of `Access-Control-Allow-Origin`.
 */
export function webkitMessages(blocked: BlockedFetch, step: FailingStep): ConsoleMessage[] {
  const status = step.problems.find(
    ({ code }) => code === "preflight-status-not-ok" || code === "preflight-redirected",
  );
  const problem = status ?? step.problems[0];
  if (problem === undefined) throw new TypeError("A failing step has at least one problem.");
  const gist = gistOf(blocked, step, problem);
  if (gist === null) return [];
  const url = problem.code === "mode-same-origin" ? problem.url : step.url;
  const { initiatorType, destination } = blocked.request;
  const isAboutCors = problem.code !== "corp-blocked";
  if (destination === "image") {
    const cannotLoad = message(`Cannot load image ${url} due to access control checks.`);
    return isAboutCors ? [cannotLoad] : [message(gist), cannotLoad];
  }
  // Scripts and stylesheets fail in silence.
  if (destination !== "" && isAboutCors) return [];
  if (initiatorType === "beacon") return [message(gist), message(`Beacon API cannot load ${url}. ${gist}`)];
  return [message(gist), message(`${subjectOf(blocked)} cannot load ${url} due to access control checks.`)];
}

function gistOf(blocked: BlockedFetch, step: FailingStep, problem: Problem): string | null {
  if (isCorsCheckProblem(problem)) {
    const gist = corsCheckGist(problem, step);
    return problem.stage === "redirect" ? denied(step, gist) : gist;
  }
  switch (problem.code) {
    case "preflight-status-not-ok":
    case "preflight-redirected":
      return `Preflight response is not successful. Status code: ${problem.status}`;
    case "allow-methods-unparsable":
      return `Header Access-Control-Allow-Methods has an invalid value: ${shown(problem.actual)}`;
    case "allow-headers-unparsable":
      return `Header Access-Control-Allow-Headers has an invalid value: ${shown(problem.actual)}`;
    case "method-not-allowed":
    case "method-case-mismatch":
    case "allow-methods-wildcard-with-credentials":
      return `Method ${problem.method} is not allowed by Access-Control-Allow-Methods.`;
    case "header-not-allowed":
    case "allow-headers-wildcard-with-credentials":
    case "authorization-not-covered-by-wildcard":
      return `Request header field ${firstSet(blocked, problem.names)} is not allowed by Access-Control-Allow-Headers.`;
    case "redirect-mode-error":
      return `Not allowed to follow a redirection while loading ${step.url}`;
    case "redirect-count":
      return `Load cannot follow more than ${problem.limit} redirections`;
    case "redirect-with-credentials-in-url":
      return denied(step, `redirection URL ${problem.location} has credentials`);
    case "redirect-scheme":
      if (isBlobOfPage(step, problem.location)) return null;
      return denied(step, "not allowed to follow a cross-origin CORS redirection with non CORS scheme");
    case "redirect-location-invalid":
      if (problem.location === "" || new URL(step.url).origin === step.pageOrigin) return null;
      return denied(step, "not allowed to follow a cross-origin CORS redirection with non CORS scheme");
    case "mode-same-origin":
      return problem.stage === "redirect"
        ? `Unsafe attempt to load URL ${problem.url} from origin ${step.pageOrigin}. Domains, protocols and ports must match.`
        : null;
    case "corp-blocked": {
      const gist = `Cancelled load to ${step.url} because it violates the resource's Cross-Origin-Resource-Policy response header.`;
      return problem.stage === "redirect" ? denied(step, gist) : gist;
    }
    case "integrity-mismatch":
      return `Failed integrity metadata check. ${step.url}. Failed integrity metadata check.`;
    case "mixed-content":
      return problem.stage === "request"
        ? null
        : `[blocked] The page at ${step.pageUrl} requested insecure content from ${problem.url}. This content was blocked and must be served over HTTPS.`;
    // Without a word.
    case "bad-port":
    case "keepalive-body-too-large":
    case "mime-type-blocked":
    case "network-error":
    case "no-cors-redirect-mode":
    case "nosniff-blocked":
    case "only-if-cached-miss":
    case "preflight-network-error":
    case "proxy-authentication-required":
    case "redirect-body-not-replayable":
    case "url-scheme-unsupported":
    case "url-unknown":
      return null;
  }
}

function corsCheckGist(problem: CorsCheckProblem, { expectedOrigin, status, headers }: FailingStep): string {
  switch (problem.code) {
    case "allow-origin-wildcard-with-credentials":
      return "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.";
    case "allow-credentials-not-true":
      return 'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".';
    case "allow-origin-invalid":
    case "allow-origin-mismatch":
    case "allow-origin-missing":
    case "allow-origin-multiple":
      if (getHeader(headers, "access-control-allow-origin")?.includes(",") === true) {
        return "Access-Control-Allow-Origin cannot contain more than one origin.";
      }
      return `Origin ${expectedOrigin} is not allowed by Access-Control-Allow-Origin. Status code: ${status}`;
  }
}

function denied({ headers, url }: FailingStep, reason: string): string {
  const location = getHeader(headers, "location") ?? "";
  const target = URL.canParse(location, url) ? new URL(location, url) : null;
  if (target !== null) target.username = target.password = "";
  return `Cross-origin redirection to ${target?.href ?? location} denied by Cross-Origin Resource Sharing policy: ${reason}`;
}

// Bytes that are no ASCII come out as replacement characters.
function shown(value: string): string {
  return value.replace(/[\x80-\xff]+/g, "\ufffd");
}

function isBlobOfPage({ url, pageOrigin }: FailingStep, location: string): boolean {
  return location.startsWith("blob:") && new URL(url).origin === pageOrigin;
}

// WebKit names the first in the order in which the script set them, spelt as registered or as set.
function firstSet({ request }: BlockedFetch, names: readonly string[]): string {
  const first = request.headers.find(([name]) => names.includes(byteLowercase(name)));
  return first?.[0] ?? names[0] ?? "";
}

function subjectOf({ request: { initiatorType, headers } }: BlockedFetch): string {
  if (initiatorType === "xmlhttprequest") return "XMLHttpRequest";
  // Resource Timing has no name of its own for it.
  return getHeader(headers, "accept") === "text/event-stream" ? "EventSource" : "Fetch API";
}

function message(text: string): ConsoleMessage {
  return { code: "", parameter: "", text };
}
