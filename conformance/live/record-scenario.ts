import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Replay, ReplayServer } from "../verdicts/replay-server.ts";
import type {
  HeaderPair,
  Observation,
  ProgrammedResponse,
  Scenario,
  StepApi,
  StepResult,
} from "../verdicts/verdict.ts";
import type { LiveBrowser } from "./live-browser.ts";

/** Milliseconds between steps, as in the recording. */
const pause = 30;

/** Milliseconds to wait for requests of which script hears nothing. */
const silence = 250;

/** Steps whose result comes before their last request. */
const silentApis: readonly StepApi[] = ["beacon", "websocket", "eventsource"];

/** What does the steps, inside of a page. */
export const performScript: string = readFileSync(new URL("./perform.js", import.meta.url), "utf8");

/** The document that asks; its path says from which origin, and whether it is in a frame. */
function document({ pageScript = "" }: LiveBrowser): ProgrammedResponse {
  const scripts = `<script>${performScript}</script><script>${pageScript}</script>`;
  return {
    status: 200,
    headers: [
      ["Content-Type", "text/html;charset=utf-8"],
      ["Cache-Control", "no-store"],
    ],
    body: `<!doctype html><title>live</title><link rel="icon" href="data:,"><body>${scripts}`,
  };
}

/** What the replay server has to answer outside of scenarios: the documents, and what the warm-up asks for. */
export function livePages(browser: LiveBrowser): Record<string, ProgrammedResponse> {
  const willing: readonly HeaderPair[] = [
    ["Access-Control-Allow-Origin", "*"],
    ["Access-Control-Allow-Methods", "PUT"],
  ];
  const { pageScript: _, ...framed } = browser;
  return { "/page": document(browser), "/frame": document(framed), "/warm": { status: 200, headers: willing } };
}

/** Makes some preflights from the document that is open. */
export async function warmUp(server: ReplayServer, browser: LiveBrowser): Promise<void> {
  for (let count = 0; count < 3; count += 1) {
    const url = server.ports.fill("http://127.0.0.1:{P2}/warm");
    await browser.ask({ live: "step", step: { url, method: "PUT" } });
  }
}

async function prepareCookies(browser: LiveBrowser, replay: Replay): Promise<Record<string, string> | undefined> {
  const { id, cookies } = replay.scenario;
  if (cookies === undefined) return undefined;
  const page = document(browser);
  const origins = [...new Set(cookies.map(({ setOn }) => setOn))];
  for (const origin of origins) {
    const lines = cookies.filter(({ setOn }) => setOn === origin);
    const headers: HeaderPair[] = lines.map(({ setCookie }) => ["Set-Cookie", setCookie]);
    replay.prepare(`${origin}/s/${id}/visit`, { ...page, headers: [...page.headers, ...headers] });
    await browser.goto(`${origin}/s/${id}/visit`);
  }
  const jar: Record<string, string> = {};
  for (const origin of origins) {
    replay.prepare(`${origin}/s/${id}/jar`, { status: 200, headers: [["Cache-Control", "no-store"]] });
    await browser.goto(`${origin}/page`);
    await browser.ask({ live: "step", step: { url: `${origin}/s/${id}/jar` } });
    jar[origin] = replay.latestCookie ?? "";
  }
  return jar;
}

/** Opens the page, or the sandboxed frame, whose script does the steps. */
export async function openPage(browser: LiveBrowser, { page }: Pick<Scenario, "page">): Promise<void> {
  await browser.goto(`${page.embedder ?? page.origin}/page`);
  if (page.embedder !== undefined) await browser.ask({ live: "frame", url: `${page.embedder}/frame` });
}

/** Plays one scenario in a real browser; the server must have {@link livePages}. */
export async function recordScenario(
  server: ReplayServer,
  browser: LiveBrowser,
  scenario: Scenario,
): Promise<Observation> {
  const replay = server.begin(scenario);
  try {
    const jar = await prepareCookies(browser, replay);
    await openPage(browser, replay.scenario);
    if (browser.needsWarmUp) await warmUp(server, browser);
    await browser.takeConsole();
    const steps: StepResult[] = [];
    for (const [index, step] of replay.scenario.steps.entries()) {
      await sleep(pause + (step.waitBeforeMs ?? 0));
      replay.enterStep(index);
      steps.push((await browser.ask({ live: "step", step })) as StepResult);
      if (step.keepalive || silentApis.includes(step.api ?? "fetch")) await sleep(silence);
    }
    await sleep(pause);
    const console = await browser.takeConsole();
    const seen: Observation = { id: scenario.id, steps, wire: [], console, ...(jar === undefined ? {} : { jar }) };
    return { ...(JSON.parse(server.ports.restore(JSON.stringify(seen))) as Observation), wire: replay.wire };
  } finally {
    server.end(replay);
  }
}
