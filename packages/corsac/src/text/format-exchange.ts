import type { CheckReport, Finding, ReportedExchange, ReportedHeader } from "../check/check-report.ts";
import type { Paint } from "./paint.ts";
import { printable } from "./printable.ts";
import { spread, wrap } from "./wrap.ts";

/** Where and how text is laid out. */
export interface Layout {
  /** Columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** The exchange, step by step, with the headers that matter. */
export function formatExchanges(report: CheckReport, layout: Layout): string[] {
  const numbered = report.exchanges.map((exchange, index) => ({ exchange, index }));
  const own = numbered.filter(({ exchange }) => !exchange.probe);
  const probes = numbered.filter(({ exchange, index }) => exchange.probe && isTelling(exchange, index, report));
  return [
    ...withoutRepeats(own).flatMap(({ exchange, index, repeats }) => [
      ...formatExchange(exchange, index, report, layout),
      ...(repeats > 0 ? [layout.paint("dim", `    … and ${repeats} times the same`)] : []),
    ]),
    ...unsentLine(report, layout),
    ...(probes.length === 0
      ? []
      : ["", layout.paint("dim", "corsac looked further; a browser would not have sent these:")]),
    ...probes.flatMap(({ exchange, index }) => formatExchange(exchange, index, report, layout)),
  ];
}

interface Numbered {
  readonly exchange: ReportedExchange;
  readonly index: number;
}

// A loop of redirects is told once; its last turn, where the browser gave up, stays.
function withoutRepeats(exchanges: readonly Numbered[]): (Numbered & { readonly repeats: number })[] {
  const runs: (Numbered & { repeats: number })[] = [];
  for (const [at, each] of exchanges.entries()) {
    const run = runs.at(-1);
    const isRepeat =
      run !== undefined &&
      at < exchanges.length - 1 &&
      each.exchange.step === "redirect" &&
      isSame(run.exchange, each.exchange);
    if (isRepeat) run.repeats++;
    else runs.push({ ...each, repeats: 0 });
  }
  return runs;
}

function isSame(a: ReportedExchange, b: ReportedExchange): boolean {
  return JSON.stringify([a.request, a.response]) === JSON.stringify([b.request, b.response]);
}

// What corsac asked beyond a browser is shown where it says something: a later step, or evidence.
function isTelling({ step }: ReportedExchange, index: number, { exchanges, findings }: CheckReport): boolean {
  const own = exchanges.filter(({ probe }) => !probe);
  const isAhead = own.at(-1)?.step === "preflight" && step === "request";
  return isAhead || findings.some(({ evidence }) => evidence.some(({ exchange }) => exchange === index));
}

function formatExchange(exchange: ReportedExchange, index: number, report: CheckReport, layout: Layout): string[] {
  const { paint, width } = layout;
  const findings = report.findings.filter((finding) => finding.exchange === index);
  const { request, response } = exchange;
  const number = `${index + 1}`.padStart(2);
  const left = `${number}  ${exchange.step.padEnd(9)}  ${request.method} ${shownUrl(request.url, report)}`;
  const outcome =
    response.kind === "response" ? `${response.status} ${printable(response.statusText)}`.trim() : "no answer";
  const sign = signOf(exchange, findings);
  const role = sign === "✖" ? "bad" : sign === "!" ? "warn" : "good";
  const head = spread(left, outcome, width - 2);
  const painted = `${paint("strong", head.slice(0, head.length - outcome.length))}${paint(role, `${outcome} ${sign}`.trimEnd())}`;
  const because = exchange.step === "preflight" ? [`needed because of ${exchange.because.join(" and ")}`] : [];
  return [
    painted,
    ...because.flatMap((reason) => wrap(reason, width - 6).map((line) => paint("dim", `      ${line}`))),
    ...(exchange.probe && !request.headers.some(isOrigin) ? ["    > (no Origin)"] : []),
    ...originFirst(request.headers.filter((header) => mattersInRequest(header, report))).map(
      (header) => `    > ${line(header)}`,
    ),
    ...(response.kind === "response"
      ? response.headers
          .filter((header) => mattersInResponse(header, findings))
          .map((header) => `    < ${line(header)}`)
      : wrap(response.message, width - 6).map((text) => `      ${text}`)),
  ];
}

function unsentLine(report: CheckReport, { paint, width }: Layout): string[] {
  const sent = report.exchanges.filter(({ probe }) => !probe);
  const last = sent.at(-1);
  const stopped = last === undefined || last.step === "preflight";
  if (!stopped || report.verdict === "unreachable") return [];
  const { method, url } = report.request;
  const left = ` -  ${"request".padEnd(9)}  ${method} ${shownUrl(last?.request.url ?? url, report)}`;
  return [paint("dim", spread(left, "not sent", width - 2))];
}

// Of the URL that was asked for, the path will do; of every other origin the whole URL.
function shownUrl(url: string, report: CheckReport): string {
  const [first, here] = [new URL(report.request.url), new URL(url)];
  return /^https?:$/.test(here.protocol) && first.origin === here.origin ? `${here.pathname}${here.search}` : url;
}

function signOf({ response, probe }: ReportedExchange, findings: readonly Finding[]): string {
  if (response.kind === "network-error" || findings.some(({ severity }) => severity === "error")) return "✖";
  if (findings.some(({ severity }) => severity === "warning")) return "!";
  return probe ? "" : "✔";
}

const requestHeaders = /^(?:origin|cookie|authorization|content-type|access-control-.*)$/i;
const responseHeaders =
  /^(?:access-control-.*|vary|location|www-authenticate|allow|cross-origin-resource-policy|set-cookie|age)$/i;

function mattersInRequest({ name }: ReportedHeader, { request }: CheckReport): boolean {
  return (
    requestHeaders.test(name) || request.headers.some((header) => header.name.toLowerCase() === name.toLowerCase())
  );
}

function mattersInResponse({ name }: ReportedHeader, findings: readonly Finding[]): boolean {
  const isEvidence = findings.some(({ evidence }) =>
    evidence.some(({ header, side }) => side === "response" && header?.toLowerCase() === name.toLowerCase()),
  );
  return responseHeaders.test(name) || isEvidence;
}

function originFirst(headers: readonly ReportedHeader[]): ReportedHeader[] {
  return [...headers.filter(isOrigin), ...headers.filter((header) => !isOrigin(header))];
}

function isOrigin({ name }: ReportedHeader): boolean {
  return name.toLowerCase() === "origin";
}

function line({ name, value }: ReportedHeader): string {
  return `${printable(name)}: ${printable(value)}`.trimEnd();
}
