import { isSafeMethod, type Profile, type ProfileName } from "@corsac/protocol";
import type { PolicyJson } from "@corsac/server";
import { type CheckOptions, type Diagnosis, diagnose, type Finding } from "corsac";
import { runPath, withoutRunPaths } from "../origins/run-path.ts";
import type { Run, RunRegistry, RunSide } from "../origins/run-registry.ts";
import { sessionCookies } from "../origins/social-network/session-cookie.ts";
import type { RunnerPlan, RunStart } from "../situation/lab-api.ts";
import type { LabOrigins } from "../situation/origins.ts";
import type { Agreement, RunReport } from "../situation/run-report.ts";
import { runVerdict } from "../situation/run-verdict.ts";
import type { RunnerCommand, Seen } from "../situation/seen.ts";
import type { Situation } from "../situation/situation.ts";
import { agreementOf } from "./agreement.ts";
import { copiesOf } from "./copies.ts";
import { effectsOf } from "./effects.ts";
import { decisionsOf } from "./policy-decisions.ts";
import { type CorsacRun, type CorsacRunOptions, runCorsac } from "./run-corsac.ts";
import { gatewayCode, policyWith, protectionCode, serverCode } from "./server-code.ts";

/** Runs situations, by corsac first and then in the visitor's browser. */
export interface LabRuns {
  /** Runs a situation in corsac's browser and says what the visitor's is to do. */
  start(situation: Situation, profile: ProfileName): Promise<RunStart>;
  /** Completes a run by what the visitor's browser saw; `null` when there is no such run. */
  finish(id: string, seen: readonly Seen[] | null): Promise<RunReport | null>;
}

/** What runs need to know. */
export interface LabRunsOptions {
  readonly origins: LabOrigins;
  readonly registry: RunRegistry;
  /** How corsac's browser connects, such as with the certificate of the lab. */
  readonly connect?: CorsacRunOptions["connect"];
  /** Milliseconds to wait for a form that the visitor's browser was told to send. Default 15 000. */
  readonly patience?: number;
}

/** What is known once corsac has run it. */
interface Begun {
  readonly run: Run;
  readonly profile: ProfileName;
  readonly side: RunSide;
  readonly corsac: CorsacRun;
  readonly diagnosis: Diagnosis | null;
}

/** How many runs can be completed. */
const limit = 100;

/** Creates the runs of a lab. */
export function createLabRuns(options: LabRunsOptions): LabRuns {
  const { origins, registry, connect, patience = 15_000 } = options;
  const begun = new Map<string, Begun>();

  async function start(situation: Situation, profile: ProfileName): Promise<RunStart> {
    const run = registry.begin(situation);
    const entry = await runSide(run, profile, run.sides.corsac);
    begun.set(run.id, entry);
    const [oldest] = begun.keys();
    if (begun.size > limit && oldest !== undefined) begun.delete(oldest);
    const runner = runnerPlan(run, origins);
    const reason = runner.kind === "none" ? runner.reason : "Your browser has not run it yet.";
    return { id: run.id, runner, report: reportOf(entry, null, { kind: "not-run", reason }) };
  }

  async function runSide(run: Run, profile: ProfileName, side: RunSide, blocksThirdParties = false): Promise<Begun> {
    const { situation } = run;
    const url = urlFor(side, origins);
    const cookieLines = sessionCookies(situation.cookies);
    const base = { situation, profile, url, origins, cookieLines, blocksThirdParties };
    const corsac = await runCorsac(connect === undefined ? base : { ...base, connect });
    await settled(side, 0, patience);
    const diagnosis = situation.request.via === "fetch" ? diagnose(corsac.last, checkOptions(base)) : null;
    return { run, profile, side, corsac, diagnosis };
  }

  async function finish(id: string, seen: readonly Seen[] | null): Promise<RunReport | null> {
    const entry = begun.get(id);
    if (entry === undefined) return null;
    const { run } = entry;
    const { browser } = run.sides;
    if (seen === null) {
      const reason =
        run.situation.place === "window"
          ? "Your browser opened no window, or it was closed: allow pop-ups for this page, and run it again."
          : "The page in the frame has not answered: run it again.";
      return reportOf(entry, null, { kind: "not-run", reason });
    }
    // A form is on its way when the page says that it is sent.
    await settled(browser, seen.some(({ kind }) => kind === "submitted") ? entry.side.wire.length : 0, patience);
    const agreement = agreementWith(entry, seen);
    if (agreement.kind === "agree" || !run.situation.cookies.loggedIn) return reportOf(entry, seen, agreement);
    // Profiles are browsers as they come; many people block cookies of third parties.
    const blocking = await runSide(run, entry.profile, run.sides.corsacAgain, true);
    if (agreementWith(blocking, seen).kind !== "agree") return reportOf(entry, seen, agreement);
    const setting = "Your browser blocks cookies of third parties, so that corsac's was told to block them, too.";
    return reportOf(blocking, seen, { kind: "agree", setting });
  }

  function agreementWith({ run, side, corsac }: Begun, seen: readonly Seen[]): Agreement {
    const wires = { browserWire: run.sides.browser.wire, corsacWire: side.wire };
    return agreementOf({ seen, attempts: corsac.attempts, ...wires });
  }

  function reportOf(
    { run, profile, side, corsac, diagnosis }: Begun,
    seen: readonly Seen[] | null,
    agreement: Agreement,
  ): RunReport {
    const { situation, sides } = run;
    const last = corsac.attempts.at(-1);
    const pageOrigin = pageOriginOf(situation, origins);
    const hasEvilIntent = situation.page.kind !== "typed" && situation.page.name === "evil";
    const findings = diagnosis?.findings ?? [];
    const report: Omit<RunReport, "copies"> = {
      ...{ id: run.id, situation, pageOrigin, agreement },
      url: urlFor(side, origins).href,
      verdict: last === undefined ? "blocked" : runVerdict(last.seen),
      browser: { profile, seen, wire: sides.browser.wire, effects: effectsOf(sides.browser.wire) },
      corsac: { profile, attempts: corsac.attempts, wire: side.wire, effects: effectsOf(side.wire) },
      browsers: diagnosis?.browsers ?? null,
      // How the evil site would be let in is nobody's advice.
      findings: hasEvilIntent ? withoutAdvice(findings) : findings,
      wanted: hasEvilIntent ? [] : (diagnosis?.wanted ?? []),
      code: codeFor(situation, hasEvilIntent ? null : diagnosis, origins),
      decisions: decisionsOf(situation, side.wire),
    };
    const copies = copiesOf({
      ...{ situation, profile, pageOrigin, problem: last?.problem?.code ?? null },
      url: urlFor(sides.copy, origins).href,
    });
    return { ...(JSON.parse(withoutRunPaths(JSON.stringify(report))) as typeof report), copies };
  }

  return { start, finish };
}

/** Without how the page is let in, or gets to see more. */
function withoutAdvice(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ code }) => code !== "header-not-exposed").map((finding) => ({ ...finding, changes: [] }));
}

/** The URL that one side of a run asks. */
function urlFor({ token, run }: RunSide, origins: LabOrigins): URL {
  const { request, gateway } = run.situation;
  const path = gateway === null ? request.path : `/${request.target}${request.path}`;
  return new URL(runPath(token, path), origins[gateway === null ? request.target : "gateway"]);
}

function pageOriginOf({ page }: Situation, origins: LabOrigins): string {
  switch (page.kind) {
    case "origin":
      return origins[page.name];
    case "sandboxed":
      return "null";
    case "typed":
      return page.origin;
  }
}

function runnerPlan(run: Run, origins: LabOrigins): RunnerPlan {
  const { page, place, request, times } = run.situation;
  const { browser } = run.sides;
  if (page.kind === "typed") {
    return { kind: "none", reason: `Nothing listens at ${page.origin}, so that your browser has no page of it.` };
  }
  const { via, method, headers, body, fields, enctype, credentials, mode, redirect } = request;
  const command: RunnerCommand = {
    ...{ type: "corsac-lab/run", id: run.id, times },
    request: {
      ...{ via, method, headers, body, fields, enctype, credentials, mode, redirect },
      url: urlFor(browser, origins).href,
    },
  };
  const runner = `${origins[page.name]}/.lab/runner`;
  if (page.kind === "sandboxed") {
    const sandbox = via === "form" ? "allow-scripts allow-forms" : "allow-scripts";
    return { kind: "frame", url: runner, sandbox, origin: "null", command };
  }
  // The network sets its cookie as a site that is visited, then leads to the page that asks.
  const prepare = `${origins.social}/.lab/prepare?run=${browser.token}`;
  const url = place === "window" && request.target === "social" ? prepare : runner;
  return { kind: place, url, sandbox: null, origin: origins[page.name], command };
}

/** Waits until every request that has arrived is answered, and until at least `count` have arrived. */
async function settled(side: RunSide, count: number, patience: number): Promise<void> {
  const end = Date.now() + patience;
  while ((side.pending > 0 || side.wire.length < count) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function checkOptions({ situation, profile, url, origins }: CorsacRunOptions): CheckOptions {
  const { method, headers, body, credentials, mode, redirect } = situation.request;
  return {
    ...{ url, method, headers, credentials, mode, redirect, browser: profile },
    origin: pageOriginOf(situation, origins),
    ...(body === null ? {} : { body }),
  };
}

function codeFor(situation: Situation, diagnosis: Diagnosis | null, origins: LabOrigins): RunReport["code"] {
  const { server, gateway, request } = situation;
  // It answers to its own pages alone: there is nothing to allow, and something to refuse.
  if (request.target === "social")
    return situation.socialProtection || isSafeMethod(request.method) ? [] : protectionCode();
  if (diagnosis === null) return [];
  const { grant } = diagnosis;
  const own = gateway?.policy ?? (server.kind === "policy" ? server.policy : null);
  const policy: PolicyJson | null = grant === null ? own : policyWith(own, grant);
  if (policy === null) return [];
  // The weather service is somebody else's.
  if (gateway !== null || request.target === "weather") return [gatewayCode(origins[request.target], policy)];
  return serverCode(policy, server.kind === "policy" && server.protection);
}

/** The name of the profile whose browser sends this `User-Agent`; `standard` for one that corsac does not know. */
export function profileOfUserAgent(userAgent: string): Profile["name"] {
  if (/\bFirefox\/\d/.test(userAgent)) return "firefox";
  if (/Chrom(?:e|ium)\/\d/.test(userAgent)) return "chromium";
  return /\bAppleWebKit\/\d/.test(userAgent) ? "webkit" : "standard";
}
