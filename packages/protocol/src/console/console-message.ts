import { corsCheckProblems, isCorsCheckProblem } from "../cors/cors-check.ts";
import { corsPreflightProblems, type PreflightedRequest } from "../cors/cors-preflight.ts";
import type { Exchange } from "../fetch/exchange.ts";
import { byteLowercase } from "../header/bytes.ts";
import { getHeader, type Header, type HeaderList } from "../header/header-list.ts";
import { serializeOrigin } from "../origin/origin.ts";
import type { Problem } from "../problem/problem.ts";
import type { Profile } from "../profile/profile.ts";
import type { FetchRequest } from "../request/request.ts";

/** One thing a browser reports about a fetch: in its console, or in its network panel. */
export interface ConsoleMessage {
  /**
   * The browser's own name for the reason: in Chromium the `CorsError` of the DevTools protocol or a `net::ERR_…`
   * name, in Firefox the category of the message. Empty where the browser has none: in WebKit always.
   */
  readonly code: string;
  /** What Chromium adds to a `CorsError`: the offending value or name. */
  readonly parameter: string;
  /** The words that a developer reads. */
  readonly text: string;
}

/** A fetch that came to its end, with everything that messages about it are made of. */
export interface FinishedFetch {
  /** The request as the page made it. */
  readonly request: FetchRequest;
  /** Why it failed; `null` when the page got a response. */
  readonly problem: Problem | null;
  /** What went over the wire, the failing exchange last. */
  readonly exchanges: readonly Exchange[];
}

/** A fetch that ended in a network error. */
export type BlockedFetch = FinishedFetch & { readonly problem: Problem };

/** The failing step of a {@link BlockedFetch}, laid out for the three browsers to look at. */
export interface FailingStep {
  /** The page's origin, whatever redirects made of it. */
  readonly pageOrigin: string;
  /** The page's URL. */
  readonly pageUrl: string;
  /** The URL that was asked when it failed. */
  readonly url: string;
  /** The first URL, if redirects led away from it. */
  readonly redirectedFrom: string | null;
  readonly status: number;
  readonly headers: HeaderList;
  /** The origin the response was held against: the page's, or `null` after a tainting redirect. */
  readonly expectedOrigin: string;
  /** Everything the response fails, in the order of the standard: empty when no response was judged. */
  readonly problems: readonly Problem[];
}

type AnnouncedRequest = Pick<PreflightedRequest, "headers" | "method" | "useCorsPreflight">;

/**
 * Looks at the exchange that a fetch failed at and lists all that is wrong with it, not only the first: browsers look
 * in different orders, so each reports another part of it.
 */
export function failingStep({ request, problem, exchanges }: BlockedFetch, profile: Profile): FailingStep {
  // A browser may have sent a preflight to the next URL before it judged the redirect.
  const last = problem.stage === "redirect" ? exchanges.findLast(isActual) : exchanges.at(-1);
  const pageOrigin = serializeOrigin(request.origin);
  const pageUrl = request.client?.creationUrl.href ?? "";
  const base = { pageOrigin, pageUrl, url: displayed(last?.request.url ?? request.url), redirectedFrom: null };
  if (last === undefined) {
    return { ...base, status: 0, headers: [], expectedOrigin: pageOrigin, problems: [problem] };
  }
  const first = displayed(last.request.urlList[0] ?? last.request.url);
  const expectedOrigin = getHeader(last.request.headers, "origin") ?? pageOrigin;
  const step = { ...base, redirectedFrom: last.request.urlList.length > 1 ? first : null, expectedOrigin };
  if (last.response.kind === "network-error") return { ...step, status: 0, headers: [], problems: [problem] };
  const { status, headers } = last.response;
  const asked = { serializedOrigin: expectedOrigin, credentialsMode: last.request.credentialsMode };
  const response = { status, headers };
  const found =
    problem.stage === "preflight"
      ? corsPreflightProblems({ ...asked, ...announcedRequest(request, last) }, response, profile)
      : isCorsCheckProblem(problem)
        ? corsCheckProblems(asked, response, problem.stage)
        : [];
  const problems = found.some(({ code }) => code === problem.code) ? found : [problem];
  return { ...step, status, headers, problems };
}

// After redirects the announced request is no longer the page's: the preflight itself says what it became.
function announcedRequest(request: FetchRequest, { request: preflight }: Exchange): AnnouncedRequest {
  const names = (getHeader(preflight.headers, "access-control-request-headers") ?? "").split(",").filter(Boolean);
  const set = request.headers.filter(([name]) => names.includes(byteLowercase(name)));
  const known = new Set(set.map(([name]) => byteLowercase(name)));
  return {
    method: getHeader(preflight.headers, "access-control-request-method") ?? request.method,
    headers: [...set, ...names.filter((name) => !known.has(name)).map((name): Header => [name, ""])],
    useCorsPreflight: request.useCorsPreflight,
  };
}

function isActual({ request }: Exchange): boolean {
  return request.kind === "actual";
}

// A browser prints URLs without their fragment.
function displayed(url: URL): string {
  const shown = new URL(url.href);
  shown.hash = "";
  return shown.href;
}

/**
 * Lists everything that is wrong with the response that a fetch failed at, in the order of the standard, where the fetch
 * itself ends at the first.
 */
export function failingProblems(blocked: BlockedFetch, profile: Profile): readonly Problem[] {
  return failingStep(blocked, profile).problems;
}
