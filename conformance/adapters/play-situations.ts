import { Browser } from "@corsac/browser";
import type { Harness, RunningServer } from "../../packages/server/test/application.ts";
import type { LiveBrowser, Product } from "../live/live-browser.ts";
import { livePages, openPage, performScript, warmUp } from "../live/record-scenario.ts";
import { openPage as openAgentPage, stepResult } from "../verdicts/play-scenario.ts";
import { ReplayServer, type StaticAnswer } from "../verdicts/replay-server.ts";
import type { HeaderPair, ProgrammedResponse, Step, StepResult } from "../verdicts/verdict.ts";
import { partMounts, wholeMounts } from "./mounts.ts";
import { type Observation, observationOf } from "./observation.ts";
import { type PageName, pageNames, pageOf } from "./pages.ts";
import { RequestLog } from "./request-log.ts";
import { behaviourOf, type Situation, situations } from "./situations.ts";

/** What a real browser and `@corsac/browser` made of one situation with one adapter. */
export interface Played {
  readonly adapter: string;
  readonly situation: Situation;
  readonly browser: Observation;
  readonly agent: Observation;
}

interface Question {
  readonly adapter: string;
  readonly server: RunningServer;
  /** A document of that server. */
  readonly ownDocument: string;
  readonly situation: Situation;
}

/** Whether the path has more than what the application does. */
function isOfPart({ steps }: Situation): boolean {
  return steps.some(({ url }) => url.lastIndexOf("/") > 0);
}

/** What an adapter is asked: everything that its framework has the means for. */
function questionsFor({ name: adapter, lacks }: Harness, whole: RunningServer, parts: RunningServer): Question[] {
  return situations
    .filter(({ steps }) => steps.every((step) => !lacks.includes(behaviourOf(step))))
    .map((situation) => {
      const place = isOfPart(situation)
        ? { server: parts, ownDocument: `${parts.url}/none/text` }
        : { server: whole, ownDocument: `${whole.url}/text` };
      return { adapter, situation, ...place };
    });
}

/** The path of the document that asks. It sets a cookie, which all servers of its host get. */
const pagePath = "/page";

function withCookie({ headers, ...page }: ProgrammedResponse): ProgrammedResponse {
  const cookie: HeaderPair = ["Set-Cookie", "session=1; SameSite=Lax"];
  return { ...page, headers: [...headers, cookie] };
}

/** Something that has tabs: a real browser or `@corsac/browser`. */
interface Actor {
  /** Visits a page for its cookies. */
  visit(url: string): Promise<unknown>;
  /** Opens a page and resolves with what does steps in it. */
  open(name: PageName, question: Question): Promise<(step: Step) => Promise<StepResult>>;
}

function realActor(browser: LiveBrowser, replay: ReplayServer): Actor {
  return {
    visit: (url) => browser.goto(url),
    async open(name, { server, ownDocument }) {
      if (name === "own") {
        await browser.goto(ownDocument);
        await browser.inject?.(performScript);
      } else await openPage(browser, { page: pageOf(name, replay.ports, server.url) });
      if (browser.needsWarmUp) await warmUp(replay, browser);
      return async (step) => (await browser.ask({ live: "step", step })) as StepResult;
    },
  };
}

function agentActor(browser: Browser, replay: ReplayServer): Actor {
  return {
    visit: (url) => browser.visit(url),
    async open(name, { server }) {
      const page = openAgentPage(browser, { page: pageOf(name, replay.ports, server.url) });
      return (step) => stepResult(page, step);
    },
  };
}

/** Lets an actor answer all questions, those of one page after those of another. */
async function observe(
  actor: Actor,
  questions: readonly Question[],
  { ports }: ReplayServer,
  log: RequestLog,
): Promise<Map<Question, Observation>> {
  await actor.visit(ports.fill(`http://127.0.0.1:{P1}${pagePath}`));
  const observations = new Map<Question, Observation>();
  for (const name of pageNames) {
    let opened: { server: RunningServer; perform: (step: Step) => Promise<StepResult> } | undefined;
    for (const question of questions.filter(({ situation }) => situation.from === name)) {
      const { server, situation } = question;
      if (opened === undefined || (name === "own" && opened.server !== server)) {
        opened = { server, perform: await actor.open(name, question) };
      }
      log.take(server.url);
      const results: StepResult[] = [];
      for (const step of situation.steps) {
        results.push(await opened.perform({ ...step, url: server.url + step.url }));
      }
      observations.set(question, observationOf(results, log.take(server.url)));
    }
  }
  return observations;
}

/** Starts a browser; the pages are what the server answers outside of scenarios. */
export type StartBrowser = (server: ReplayServer, pages: Record<string, StaticAnswer>) => Promise<LiveBrowser>;

/**
 * Puts a real browser, started once, and `@corsac/browser` under that browser's profile into every situation with every
 * adapter.
 *
 * @throws {MissingProgramError} when the browser is not installed
 */
export async function playSituations(
  start: StartBrowser,
  profile: Product,
  harnesses: readonly Harness[],
): Promise<{ readonly version: string; readonly played: readonly Played[] }> {
  const pages: Record<string, StaticAnswer> = {};
  const replay = await ReplayServer.start({}, pages);
  const log = new RequestLog();
  const agent = new Browser({ profile });
  const servers: RunningServer[] = [];
  let browser: LiveBrowser | undefined;
  try {
    browser = await start(replay, pages);
    const { [pagePath]: page, ...others } = livePages(browser);
    Object.assign(pages, others, page === undefined ? {} : { [pagePath]: withCookie(page) });
    const questions: Question[] = [];
    for (const harness of harnesses) {
      const whole = await harness.start(wholeMounts(replay.ports));
      const parts = await harness.start(partMounts(replay.ports));
      servers.push(whole, parts);
      const { inject } = browser;
      const all = questionsFor(harness, whole, parts);
      // A document of an adapter's server has no script to do the steps.
      questions.push(...all.filter(({ situation }) => inject !== undefined || situation.from !== "own"));
    }
    const real = await observe(realActor(browser, replay), questions, replay, log);
    const predicted = await observe(agentActor(agent, replay), questions, replay, log);
    const played = questions.map((question): Played => {
      const { adapter, situation } = question;
      return {
        adapter,
        situation,
        browser: real.get(question) as Observation,
        agent: predicted.get(question) as Observation,
      };
    });
    return { version: browser.version, played };
  } finally {
    log.close();
    await browser?.close();
    await agent.close();
    await Promise.all(servers.map((server) => server.close()));
    await replay.close();
  }
}
