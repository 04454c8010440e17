import { Browser, type BrowserOptions, type Page } from "@corsac/browser";
import type { Exchange, FetchOutcome, ProfileName } from "@corsac/protocol";
import type { MadeFetch } from "corsac";
import type { LabOrigins } from "../situation/origins.ts";
import type { CorsacAttempt, CorsacExchange } from "../situation/run-report.ts";
import type { Seen } from "../situation/seen.ts";
import type { HeaderLine, Situation } from "../situation/situation.ts";

/** How many characters of a body are kept. */
const bodyLimit = 4096;

/** What corsac's browser did, and the fetch of its last attempt for whoever explains it. */
export interface CorsacRun {
  readonly attempts: readonly CorsacAttempt[];
  /** `null` when `fetch()` itself refused. */
  readonly last: MadeFetch | null;
}

/** What a run in corsac's browser needs to know. */
export interface CorsacRunOptions {
  readonly situation: Situation;
  readonly profile: ProfileName;
  /** The URL to ask, with the prefix of the side. */
  readonly url: URL;
  readonly origins: LabOrigins;
  /** What the target has set in the browser before. */
  readonly cookieLines: readonly string[];
  readonly connect?: BrowserOptions["connect"];
  /** Whether it blocks cookies of third parties, as the visitor's browser may be told to. Default: as the profile says. */
  readonly blocksThirdParties?: boolean;
}

/** Makes the request of a situation as the visitor's browser makes it: from the same page, as often, with the same cookies. */
export async function runCorsac(options: CorsacRunOptions): Promise<CorsacRun> {
  const { situation, profile, url, cookieLines, connect } = options;
  const browser = new Browser({
    profile,
    ...(options.blocksThirdParties === true ? { cookies: { thirdParty: "block" } } : {}),
    ...(connect === undefined ? {} : { connect }),
  });
  try {
    for (const line of cookieLines) browser.cookieJar.set(new URL("/", url), line);
    const page = openPage(browser, options);
    const attempts: CorsacAttempt[] = [];
    let last: MadeFetch | null = null;
    for (let time = 0; time < situation.times; time++) {
      const before = page.inspector.fetches.length;
      const seen = await ask(page, situation, url);
      const made = page.inspector.fetches[before] ?? null;
      last = made;
      attempts.push({
        seen,
        problem: made?.outcome.kind === "network-error" ? made.outcome.problem : null,
        exchanges: made?.outcome.exchanges.map(writeExchange) ?? [],
        cookies: made?.cookies ?? [],
      });
    }
    return { attempts, last };
  } finally {
    await browser.close();
  }
}

function openPage(browser: Browser, { situation, origins }: CorsacRunOptions): Page {
  const { page, place } = situation;
  if (page.kind === "typed") return browser.open(`${page.origin}/`);
  const runner = `${origins[page.name]}/.lab/runner`;
  if (place === "window") return browser.open(runner);
  const lab = browser.open(`${origins.lab}/`);
  return page.kind === "sandboxed" ? lab.frame(runner, { sandbox: ["allow-scripts"] }) : lab.frame(runner);
}

async function ask(page: Page, { request, place }: Situation, url: URL): Promise<Seen> {
  const { via, mode, credentials } = request;
  if (via === "form") {
    const method = request.method === "POST" ? "post" : "get";
    const target = place === "frame" ? "frame" : "_self";
    await page.submit({ action: url, method, enctype: request.enctype, fields: request.fields, target });
    return { kind: "submitted" };
  }
  if (via === "image" || via === "script") {
    const attribute = credentials === "include" ? "use-credentials" : "anonymous";
    const crossOrigin = mode === "cors" ? attribute : null;
    const { event } = await page.load(url, { destination: via, crossOrigin });
    return { kind: "element", event, callback: null };
  }
  const { method, headers, body, redirect } = request;
  const init = { method, mode, credentials, redirect, ...(body === null ? {} : { body }) };
  try {
    const lines = headers.map(([name, value]): [string, string] => [name, value]);
    return await seenOf(page, await page.attempt(url, { ...init, headers: lines }));
  } catch (error) {
    return { kind: "type-error", message: (error as Error).message };
  }
}

async function seenOf(page: Page, outcome: FetchOutcome): Promise<Seen> {
  if (outcome.kind === "network-error") return { kind: "type-error", message: "Failed to fetch" };
  const response = page.toResponse(outcome.response);
  const { type, status, redirected } = outcome.response;
  const body = (await response.text()).slice(0, bodyLimit);
  const headers = [...response.headers].map(([name, value]): HeaderLine => [name, value]);
  return { kind: "response", type, status, redirected, headers, body };
}

function writeExchange({ request, response }: Exchange): CorsacExchange {
  const { kind, method, url, preflightReasons, preflight } = request;
  return {
    ...{ kind, method, url: url.href, preflightReasons, preflight },
    requestHeaders: response.sentHeaders ?? request.headers,
    response:
      response.kind === "network-error"
        ? { kind: "network-error", reason: response.reason, message: response.message }
        : {
            kind: "response",
            status: response.status,
            statusText: response.statusText,
            headers: response.headers,
            fromCache: response.fromCache ?? false,
          },
  };
}
