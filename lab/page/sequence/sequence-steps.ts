import type { Evidence, Finding } from "corsac";
import type { CorsacAttempt, CorsacExchange, RunReport, WireExchange } from "../../situation/run-report.ts";
import { runVerdict } from "../../situation/run-verdict.ts";
import type { Seen } from "../../situation/seen.ts";
import { verdictWords } from "../verdict/verdict-words.ts";
import type { Fault, Step } from "./step.ts";
import { cookieNotes, preflightNotes, varyNotes } from "./step-notes.ts";

/** One time that the page asked. */
export interface Round {
  readonly steps: readonly Step[];
}

/** Which run is drawn. */
export type SequenceSide = "browser" | "corsac";

/**
 * The arrows of a run. What was on the wire is that of the side; what only a browser knows (caches, cookies that stayed
 * at home, reasons) is corsac's, and is there as long as both sides sent the same.
 */
export function sequenceRounds(report: RunReport, side: SequenceSide): readonly Round[] {
  const { corsac, browser, situation } = report;
  const wire = side === "browser" ? browser.wire : corsac.wire;
  const seen = side === "browser" ? (browser.seen ?? []) : corsac.attempts.map((attempt) => attempt.seen);
  const messages = messagesOf(wire, situation.gateway !== null);
  const known = corsac.attempts.flatMap((attempt) => attempt.exchanges.filter(isOnWire));
  if (known.length !== messages.length) return [{ steps: unknownRound(report, messages, seen) }];
  let next = 0;
  return corsac.attempts.map((attempt, index) => {
    const own = attempt.exchanges.map((exchange) => (isOnWire(exchange) ? messages[next++] : undefined));
    const isLast = index === corsac.attempts.length - 1;
    return { steps: knownRound(report, attempt, own, seen[index], isLast) };
  });
}

/** What arrived at the first server of the way, and what that one asked further on. */
interface Message {
  readonly front: WireExchange;
  readonly behind: readonly WireExchange[];
}

function messagesOf(wire: readonly WireExchange[], hasGateway: boolean): readonly Message[] {
  if (!hasGateway) return wire.map((front) => ({ front, behind: [] }));
  const fronts = wire.filter(({ server }) => server === "gateway");
  return fronts.map((front, index) => {
    const end = fronts[index + 1]?.index ?? Number.POSITIVE_INFINITY;
    return {
      front,
      behind: wire.filter((each) => each.server !== "gateway" && each.index > front.index && each.index < end),
    };
  });
}

function isOnWire({ response }: CorsacExchange): boolean {
  return response.kind === "network-error" || !response.fromCache;
}

function asks({ situation }: RunReport): Step {
  const { via, method, path, target } = situation.request;
  const title = {
    fetch: `fetch: ${method} ${path}`,
    form: `a form: ${method} ${path}`,
    image: `an image: ${path}`,
    script: `a script tag: ${path}`,
  };
  const notes =
    situation.gateway === null
      ? []
      : [`Asked of the gateway, whose paths begin with the name of the server behind it: /${target}.`];
  return arrow({ from: "page", to: "browser", title: title[via], side: "request", notes });
}

function gets(seen: Seen | undefined): Step[] {
  if (seen === undefined) return [];
  const verdict = runVerdict(seen);
  const { word, text, sign } = verdictWords[verdict];
  const tone = sign === "cross" ? "bad" : sign === "tick" ? "good" : "plain";
  return [arrow({ from: "browser", to: "page", title: word, side: "response", tone, notes: [text] })];
}

function unknownRound(report: RunReport, messages: readonly Message[], seen: readonly Seen[]): Step[] {
  return [asks(report), ...messages.flatMap((message) => wireSteps(message, report, null, [])), ...seen.flatMap(gets)];
}

function knownRound(
  report: RunReport,
  attempt: CorsacAttempt,
  messages: readonly (Message | undefined)[],
  seen: Seen | undefined,
  isLast: boolean,
): Step[] {
  const evidence = isLast ? report.findings.flatMap(evidenceOf) : [];
  const steps = attempt.exchanges.flatMap((exchange, index) => {
    const own = evidence.filter((each) => each.exchange === index);
    const message = messages[index];
    const isFirstActual = exchange.kind === "actual";
    return [
      ...(exchange.preflight === "cached" && isFirstActual ? [fromPreflightCache()] : []),
      ...(message === undefined ? [fromHttpCache(exchange)] : wireSteps(message, report, { exchange, attempt }, own)),
    ];
  });
  const failed = attempt.problem !== null && attempt.exchanges.length === 0;
  return [asks(report), ...steps, ...(failed ? [notSent()] : []), ...gets(seen)];
}

interface Known {
  readonly exchange: CorsacExchange;
  readonly attempt: CorsacAttempt;
}

/** What can be seen of a finding, and how grave it is. */
type Grave = Evidence & Pick<Fault, "isError">;

function evidenceOf({ evidence, severity }: Finding): readonly Grave[] {
  return evidence.map((each) => ({ ...each, isError: severity === "error" }));
}

function wireSteps(message: Message, report: RunReport, known: Known | null, evidence: readonly Grave[]): Step[] {
  const { front, behind } = message;
  const hasGateway = report.situation.gateway !== null;
  const first = hasGateway ? "gateway" : "server";
  const { method, path, headers } = front.request;
  const isPreflight = front.kind === "preflight";
  const faults = (side: Step["side"]): Fault[] => evidence.filter((each) => each.side === side);
  const request = arrow({
    ...{ from: "browser", to: first, title: `${method} ${path}`, side: "request", headers },
    tag: isPreflight ? "preflight" : null,
    notes: [...preflightNotes(known?.exchange), ...(isPreflight ? [] : cookieNotes(headers, known?.attempt))],
    faults: faults("request"),
  });
  const { status, statusText } = front.response;
  const response = arrow({
    ...{ from: first, to: "browser", title: `${status} ${statusText}`.trim(), side: "response" },
    headers: front.response.headers,
    tone: toneOf(faults("response")),
    faults: faults("response"),
    notes: [...(hasGateway && behind.length === 0 ? [gatewayNote(front)] : []), ...varyNotes(front.response.headers)],
  });
  return [request, ...behind.flatMap(behindSteps), response];
}

function toneOf(faults: readonly Fault[]): Step["tone"] {
  if (faults.some(({ isError }) => isError)) return "bad";
  return faults.length > 0 ? "warn" : "plain";
}

function gatewayNote(front: WireExchange): string {
  if (front.kind === "preflight") return "The gateway answers preflights itself.";
  return front.response.status < 400
    ? "From the gateway’s cache: the server was not asked."
    : "The gateway’s own answer.";
}

function behindSteps(exchange: WireExchange, index: number): Step[] {
  const { request, response } = exchange;
  return [
    arrow({
      ...{ from: "gateway", to: "server", title: `${request.method} ${request.path}`, side: "request" },
      headers: request.headers,
      tag: index > 0 ? "repeated" : null,
      notes: index > 0 ? ["The answer was lost, and the method allows to ask again."] : [],
    }),
    response.lost
      ? arrow({
          ...{ from: "server", to: "gateway", title: "the answer is lost", side: "response", tone: "bad" },
          notes: [`The server had carried it out: ${response.status} ${response.statusText}.`],
        })
      : arrow({
          ...{
            from: "server",
            to: "gateway",
            title: `${response.status} ${response.statusText}`.trim(),
            side: "response",
          },
          headers: response.headers,
        }),
  ];
}

function fromPreflightCache(): Step {
  const notes = ["An earlier answer to a preflight still holds: nothing is asked."];
  return arrow({ ...{ from: "browser", to: "browser", title: "From the preflight cache", side: "request" }, notes });
}

function fromHttpCache({ method, response }: CorsacExchange): Step {
  const headers = response.kind === "response" ? response.headers : null;
  const title = `${method} from the HTTP cache`;
  return arrow({
    ...{ from: "browser", to: "browser", title, side: "response", headers },
    notes: ["Nothing is sent."],
  });
}

function notSent(): Step {
  return arrow({ ...{ from: "browser", to: "browser", title: "Not sent", side: "request", tone: "bad" } });
}

type Arrow = Pick<Step, "from" | "side" | "title" | "to"> & Partial<Step>;

function arrow(given: Arrow): Step {
  return { tag: null, tone: "plain", notes: [], headers: null, faults: [], ...given };
}
