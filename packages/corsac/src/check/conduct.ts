import { Browser, type Page } from "@corsac/browser";
import {
  byteLowercase,
  createRequest,
  type Exchange,
  type FetchOutcome,
  type FetchRequest,
  getHeader,
  isSafeMethod,
  type NetworkRequest,
  type Profile,
  profiles,
} from "@corsac/protocol";
import type { CheckPlan } from "./check-plan.ts";
import { narrowRefusal, type RefusedParts } from "./narrow-refusal.ts";

/** What was sent and what came of it. */
export interface Conduct {
  readonly request: FetchRequest;
  /** `null` when corsac stopped before a request that may change something. */
  readonly outcome: FetchOutcome | null;
  /** The request that corsac did not send. */
  readonly unsent: NetworkRequest | null;
  readonly exchanges: readonly Exchange[];
  /** The fetch as if its preflight had been allowed; `null` when there was no need or no safe way to see. */
  readonly ahead: FetchOutcome | null;
  /** What the server refuses of a preflight that it answered with an error; `null` when that was not asked. */
  readonly refused: RefusedParts | null;
  /** The same URL asked without an origin and from elsewhere. */
  readonly others: readonly Exchange[];
}

/** Another page, for seeing whether answers depend on who asks. */
const otherOrigin = "https://other.example";

/** Makes the request as a browser does, with as many further safe ones as the plan allows. */
export async function conduct(plan: CheckPlan): Promise<Conduct> {
  const browser = openBrowser(plan, profiles[plan.browser]);
  try {
    const page = openPage(browser, plan);
    const request = fetchRequest(page, plan);
    const maySend = isSafeMethod(plan.method) || plan.send;
    if (!maySend) {
      const { request: unsent, problem, exchanges } = await page.preflight(plan.url.href, fetchInit(plan));
      const outcome: FetchOutcome | null = problem === null ? null : { kind: "network-error", problem, exchanges };
      const refused = await askInParts(page, plan, exchanges);
      return { request, outcome, unsent, exchanges, ahead: null, others: [], refused };
    }
    const outcome = await page.attempt(plan.url.href, fetchInit(plan));
    giveUpBody(outcome);
    const { exchanges } = outcome;
    const ahead = plan.probe && isStoppedByPreflight(plan, outcome) ? await lookAhead(plan) : null;
    const others = plan.probe && mayVary(plan, exchanges) ? await askAsOthers(plan) : [];
    const refused = await askInParts(page, plan, exchanges);
    return { request, outcome, unsent: null, exchanges, ahead, others, refused };
  } finally {
    await browser.close();
  }
}

/** Asks the URL without CORS, to tell a server that drops OPTIONS from one that is not there. */
export async function answersAtAll(plan: CheckPlan): Promise<boolean> {
  const [exchange] = await attemptOnce(plan, profiles[plan.browser], { mode: "no-cors", credentials: "omit" });
  return exchange?.response.kind === "response";
}

function openBrowser(plan: CheckPlan, profile: Profile): Browser {
  return new Browser({
    profile,
    httpCacheBytes: 0,
    // A cookie given to corsac is one that the browser has, whatever attributes it was set with.
    ...(plan.cookies.length > 0 ? { cookies: { sameSiteDefault: "none", sameSiteNoneNeedsSecure: false } } : {}),
    connect: {
      timeout: plan.timeout,
      resolve: plan.resolve,
      rejectUnauthorized: !plan.insecure,
      ...(plan.ca === null ? {} : { ca: plan.ca }),
      ...(plan.permits === null ? {} : { permits: plan.permits }),
      ...(plan.proxy === null ? {} : { proxy: plan.proxy }),
    },
  });
}

function openPage(browser: Browser, plan: CheckPlan, origin: string = plan.origin): Page {
  const target = browser.open(plan.url);
  for (const cookie of plan.cookies) target.setCookie(`${cookie}; Path=/`);
  if (origin !== "null") return browser.open(`${origin}/`);
  const embedder = `${plan.url.protocol === "http:" ? "http" : "https"}://sandbox.invalid/`;
  return browser.open(embedder).frame(embedder, { sandbox: ["allow-scripts"] });
}

function fetchInit(plan: CheckPlan) {
  return {
    method: plan.method,
    headers: plan.headers.map(([name, value]): [string, string] => [name, value]),
    mode: plan.mode,
    credentials: plan.credentials,
    redirect: plan.redirect,
    ...(plan.body === null ? {} : { body: plan.body }),
  };
}

// For judging under other profiles: what the page's fetch() makes of the same arguments.
function fetchRequest(page: Page, plan: CheckPlan): FetchRequest {
  const length = plan.body === null ? 0 : new TextEncoder().encode(plan.body).length;
  return createRequest(plan.url, page.client, page.client.origin, {
    method: plan.method,
    headers: plan.headers,
    body: plan.body === null ? null : { payload: plan.body, length, replayable: true },
    mode: plan.mode,
    credentialsMode: plan.credentials,
    redirectMode: plan.redirect,
  });
}

// 401, 404, 405 and the like are about OPTIONS itself, whatever it asks for.
async function askInParts(page: Page, plan: CheckPlan, exchanges: readonly Exchange[]): Promise<RefusedParts | null> {
  const last = exchanges.at(-1);
  if (!plan.probe || last?.request.kind !== "preflight" || last.response.kind === "network-error") return null;
  return last.response.status === 403 ? narrowRefusal(page, plan) : null;
}

function isStoppedByPreflight({ method }: CheckPlan, outcome: FetchOutcome): boolean {
  const isSimple = method === "GET" || method === "HEAD";
  const last = outcome.exchanges.at(-1);
  return (
    isSimple &&
    outcome.exchanges.length === 1 &&
    outcome.kind === "network-error" &&
    outcome.problem.stage === "preflight" &&
    last?.response.kind === "response"
  );
}

// With every header name safelisted nothing asks for a preflight, and the request goes out as it would afterwards.
async function lookAhead(plan: CheckPlan): Promise<FetchOutcome> {
  const profile = profiles[plan.browser];
  const additionalSafelistedNames = plan.headers.map(([name]) => byteLowercase(name));
  const lenient = { ...profile, requestHeaders: { ...profile.requestHeaders, additionalSafelistedNames } };
  const browser = openBrowser(plan, lenient);
  try {
    const outcome = await openPage(browser, plan).attempt(plan.url.href, fetchInit(plan));
    giveUpBody(outcome);
    return outcome;
  } finally {
    await browser.close();
  }
}

function mayVary({ method, mode }: CheckPlan, exchanges: readonly Exchange[]): boolean {
  const actual = exchanges.find(({ request }) => request.kind === "actual");
  if (method !== "GET" || mode !== "cors" || actual?.response.kind !== "response") return false;
  const allowOrigin = getHeader(actual.response.headers, "access-control-allow-origin");
  return allowOrigin !== null && allowOrigin !== "*";
}

async function askAsOthers(plan: CheckPlan): Promise<Exchange[]> {
  const profile = profiles[plan.browser];
  const simple = { ...plan, headers: [], cookies: [] };
  const [silent, other] = await Promise.all([
    attemptOnce(simple, profile, { mode: "no-cors", credentials: "omit" }),
    attemptOnce(simple, profile, { mode: "cors", credentials: "omit" }, otherOrigin),
  ]);
  return [...silent, ...other];
}

async function attemptOnce(
  plan: CheckPlan,
  profile: Profile,
  init: { mode: "cors" | "no-cors"; credentials: "omit" },
  origin: string = plan.origin,
): Promise<readonly Exchange[]> {
  const browser = openBrowser(plan, profile);
  try {
    const outcome = await openPage(browser, plan, origin).attempt(plan.url.href, init);
    giveUpBody(outcome);
    // A redirect's target is another URL: the first answer is the one to compare.
    return outcome.exchanges.slice(0, 1);
  } finally {
    await browser.close();
  }
}

// Headers are all that matters here.
function giveUpBody(outcome: FetchOutcome): void {
  if (outcome.kind === "network-error") return;
  const { body } = outcome.response.internal;
  if (isCancellable(body)) body.cancel();
}

function isCancellable(body: unknown): body is { cancel(): void } {
  return typeof body === "object" && body !== null && "cancel" in body;
}
