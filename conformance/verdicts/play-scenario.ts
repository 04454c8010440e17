import { type BodyInit, Browser, type FormEnctype, type Page, type SubresourceKind } from "@corsac/browser";
import { consoleMessages, type FilteredResponse } from "@corsac/protocol";
import type { Configuration } from "./configurations.ts";
import { webkitGist } from "./reasons.ts";
import type { Replay, ReplayServer } from "./replay-server.ts";
import type { HeaderPair, Observation, Scenario, Step, StepBody, StepResult } from "./verdict.ts";

/** Milliseconds after which a step has no result. */
const patience = 20_000;

/** Milliseconds between the steps of a scenario; on the browser's clock, nobody waits for them. */
const pause = 30;

const elements = { img: "image", script: "script", module: "module", stylesheet: "style", iframe: "iframe" } as const;

function bodyOf({ type, text, contentType }: StepBody): BodyInit {
  switch (type) {
    case "string":
      return text;
    case "bytes":
      return new TextEncoder().encode(text);
    case "blob":
      return new Blob([text], contentType === undefined ? {} : { type: contentType });
    case "params":
      return new URLSearchParams(text);
    case "form": {
      const form = new FormData();
      form.append("k", text);
      return form;
    }
  }
}

/** The members of a step that are members of `RequestInit` too. */
const initMembers = [
  "method",
  "mode",
  "credentials",
  "redirect",
  "cache",
  "referrerPolicy",
  "integrity",
  "keepalive",
  "headers",
] as const satisfies readonly (keyof Step)[];

function requestInit(step: Step): Record<string, unknown> {
  const init: Record<string, unknown> = {};
  for (const name of initMembers) if (step[name] !== undefined) init[name] = step[name];
  if (step.body !== undefined) init.body = bodyOf(step.body);
  return init;
}

interface ReadableBody {
  arrayBuffer(): Promise<ArrayBuffer>;
}

async function readBody(response: ReadableBody): Promise<{ body: string } | { bodyError: string }> {
  try {
    return {
      body: Buffer.from(await response.arrayBuffer())
        .subarray(0, 200)
        .toString("latin1"),
    };
  } catch (error) {
    return { bodyError: (error as Error).name };
  }
}

function sorted(pairs: Iterable<HeaderPair>): HeaderPair[] {
  return [...pairs].map(([name, value]) => [name, value] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

async function fetchStep(page: Page, step: Step): Promise<StepResult> {
  const response = await page.fetch(step.url, requestInit(step));
  const { type, status, statusText, url, redirected } = response;
  const headers = sorted(response.headers as Iterable<[string, string]>);
  return {
    outcome: "ok",
    response: { type, status, statusText, url, redirected, headers, ...(await readBody(response)) },
  };
}

/** What XMLHttpRequest does: mode cors, and a preflight whenever somebody listens to the upload. */
async function xhrStep(page: Page, step: Step): Promise<StepResult> {
  const { body: _, ...bodiless } = requestInit(step);
  const init = {
    ...(/^(GET|HEAD)$/i.test(step.method ?? "GET") ? bodiless : requestInit(step)),
    credentials: step.credentials === "include" ? "include" : "same-origin",
  } as const;
  const outcome = await page.attempt(step.url, init, {
    initiatorType: "xmlhttprequest",
    uploadListener: step.uploadListener === true,
  });
  if (outcome.kind === "network-error") return { outcome: "error", error: "xhr error event" };
  const { status, statusText, url, headers } = page.toResponse(outcome.response);
  const body = await readBody(page.toResponse(outcome.response as FilteredResponse));
  return {
    outcome: "ok",
    response: { type: "xhr", status, statusText, url, headers: sorted(headers as Iterable<[string, string]>), ...body },
  };
}

function event(name: string): StepResult {
  return name === "error" ? { outcome: "error", error: "error event" } : { outcome: "ok", event: name };
}

function firstEvent(target: EventTarget): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ["open", "error"]) target.addEventListener(name, () => resolve(name), { once: true });
  });
}

async function perform(page: Page, step: Step): Promise<StepResult> {
  const { api = "fetch", url } = step;
  switch (api) {
    case "fetch":
      return fetchStep(page, step);
    case "xhr":
      return xhrStep(page, step);
    case "img":
    case "script":
    case "module":
    case "stylesheet":
    case "iframe": {
      const destination: SubresourceKind = elements[api];
      const { crossOrigin = null, referrerPolicy = "" } = step;
      return event((await page.load(url, { destination, crossOrigin, referrerPolicy: referrerPolicy as "" })).event);
    }
    case "form-iframe":
    case "form-top": {
      const target = api === "form-top" ? "_blank" : "frame";
      const method = step.method === "post" ? "post" : "get";
      const enctype = (step.enctype ?? "application/x-www-form-urlencoded") as FormEnctype;
      const { page: reached } = await page.submit({ action: url, method, enctype, fields: [["k", "v"]], target });
      if (reached === null) return event("error");
      return event(api === "form-top" ? "navigated" : "load");
    }
    case "open-top":
      return event((await page.navigate(url, { target: "_blank" })).page === null ? "error" : "navigated");
    case "beacon":
      return event(page.beacon(url, step.body === undefined ? null : bodyOf(step.body)) ? "queued" : "error");
    case "eventsource": {
      const source = page.eventSource(url, { withCredentials: step.credentials === "include" });
      const first = await firstEvent(source);
      source.close();
      return event(first);
    }
    case "websocket":
      return event(await firstEvent(page.webSocket(url.replace(/^http/, "ws"))));
  }
}

/** Does one step in a page, and tells what a script would see; `timeout` after 20 seconds. */
export async function stepResult(page: Page, step: Step): Promise<StepResult> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<StepResult>((resolve) => {
    timer = setTimeout(() => resolve({ outcome: "timeout" }), patience);
  });
  const failure = (error: unknown): StepResult => ({ outcome: "error", error: (error as Error).name });
  const result = await Promise.race([perform(page, step).catch(failure), timeout]);
  clearTimeout(timer);
  return result;
}

/** Visits every origin that sets cookies, as a user would, and tells which it then gets back. */
async function prepareCookies(browser: Browser, replay: Replay): Promise<Record<string, string> | undefined> {
  const { id, cookies } = replay.scenario;
  if (cookies === undefined) return undefined;
  const origins = [...new Set(cookies.map(({ setOn }) => setOn))];
  for (const origin of origins) {
    const lines = cookies.filter(({ setOn }) => setOn === origin);
    const headers: HeaderPair[] = lines.map(({ setCookie }) => ["Set-Cookie", setCookie]);
    replay.prepare(`${origin}/s/${id}/visit`, { status: 200, headers: [["Content-Type", "text/html"], ...headers] });
    await browser.visit(`${origin}/s/${id}/visit`);
  }
  const jar: Record<string, string> = {};
  for (const origin of origins) {
    replay.prepare(`${origin}/s/${id}/jar`, { status: 200, headers: [["Cache-Control", "no-store"]] });
    await browser.open(`${origin}/page`).fetch(`${origin}/s/${id}/jar`);
    jar[origin] = replay.latestCookie ?? "";
  }
  return jar;
}

/** Opens the page, or the sandboxed frame, whose script does the steps. */
export function openPage(browser: Browser, { page }: Pick<Scenario, "page">): Page {
  if (page.embedder === undefined) return browser.open(`${page.origin}/page`);
  return browser.open(`${page.embedder}/page`).frame(`${page.embedder}/frame`, { sandbox: ["allow-scripts"] });
}

/** What the browser would report: reasons alone, as `recordedReasons` gives those of the recording. */
function reasons(browser: Browser, { recording, profile }: Configuration): string[] {
  const name = profile === "standard" ? "chromium" : profile;
  const messages = browser.inspector.fetches.flatMap(({ request, outcome }) => {
    const problem = outcome.kind === "network-error" ? outcome.problem : null;
    return consoleMessages({ request, problem, exchanges: outcome.exchanges }, name, browser.profile);
  });
  // The recording has each entry once. Chromium's machine-readable ones do not tell the URL.
  const once = new Map(
    messages.map(({ code, parameter, text }) => {
      const reason = recording === "webkit" ? webkitGist(text) : code;
      return [recording === "chromium" ? `${code} ${parameter}` : `${code} ${text}`, reason];
    }),
  );
  return [...once.values()].filter((reason) => reason !== "").sort();
}

/** Plays one scenario in a browser of its own and notes what a recording would say of it. */
export async function playScenario(
  server: ReplayServer,
  scenario: Scenario,
  configuration: Configuration,
): Promise<Observation> {
  let now = Date.now();
  const browser = new Browser({
    profile: configuration.rules ?? configuration.profile,
    connect: { rejectUnauthorized: false },
    now: () => now,
    ...(configuration.cookies === undefined ? {} : { cookies: configuration.cookies }),
  });
  const replay = server.begin(scenario);
  const jar = await prepareCookies(browser, replay);
  browser.inspector.clear();
  const page = openPage(browser, replay.scenario);
  const steps: StepResult[] = [];
  for (const [index, step] of replay.scenario.steps.entries()) {
    now += pause + (step.waitBeforeMs ?? 0);
    replay.enterStep(index);
    steps.push(await stepResult(page, step));
    await browser.idle();
  }
  const console = reasons(browser, configuration).map((text) => ({ text }));
  await browser.close();
  server.end(replay);
  const seen: Observation = { id: scenario.id, steps, wire: [], console, ...(jar === undefined ? {} : { jar }) };
  return { ...(JSON.parse(server.ports.restore(JSON.stringify(seen))) as Observation), wire: replay.wire };
}
