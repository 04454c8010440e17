import { STATUS_CODES } from "node:http";
import type { MethodsExchange, MethodsFinding, MethodsReport, StopReason } from "../methods/methods-report.ts";
import type { Layout } from "./format-exchange.ts";
import type { FormatOptions } from "./format-report.ts";
import { painter } from "./paint.ts";
import { printable, printableText } from "./printable.ts";
import { hang, spread, wrap } from "./wrap.ts";

/** Writes a report of `verifyMethods` for people: what is broken, where it was seen, what to change. Ends with a newline. */
export function formatMethodsReport(report: MethodsReport, { width = 80, color = false }: FormatOptions = {}): string {
  const layout: Layout = { width: Math.max(60, width), paint: painter(color) };
  const sections = [
    headline(report, layout),
    stoppedLines(report, layout),
    ...grouped(report.findings).map((group) => formatGroup(group, layout)),
    unverifiedLines(report, layout),
    leftLines(report, layout),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

function headline(report: MethodsReport, { paint, width }: Layout): string[] {
  const { verdict, stopped, server, findings, resources, requests, unsafe } = report;
  const faults = findings.filter(({ severity }) => severity !== "note").length;
  const isClean = verdict === "clean";
  const word = isClean ? (stopped === null ? "✔ clean" : "? nothing found so far") : `✖ ${counted(faults, "finding")}`;
  const role = isClean ? (stopped === null ? "good" : "warn") : "bad";
  const notes = findings.length - faults;
  const details = [
    counted(resources.length, "resource"),
    counted(requests, "request"),
    unsafe ? "unsafe methods too" : "safe methods only",
    ...(notes === 0 ? [] : [counted(notes, "note")]),
  ];
  const indent = " ".repeat([...word].length + 2);
  return [`${paint(role, word)}  ${paint("strong", server)}`, ...hang(indent, details.join(", "), width)];
}

const stops: Readonly<Record<StopReason, string>> = {
  budget: "the budget of requests is used up; --budget takes more",
  "connection-lost": "the server stopped answering",
  interrupted: "it was interrupted",
  "rate-limited": "the server asked for a long pause (429)",
  "time-limit": "the time is up; --time-limit takes more seconds",
};

function stoppedLines({ stopped }: MethodsReport, { paint, width }: Layout): string[] {
  if (stopped === null) return [];
  return wrap(`Incomplete: ${stops[stopped]}. What follows is what was found until then.`, width).map((line) =>
    paint("warn", line),
  );
}

/** The same fault at several resources is told once. */
function grouped(findings: readonly MethodsFinding[]): MethodsFinding[][] {
  const groups = new Map<string, MethodsFinding[]>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.severity} ${finding.method}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

const signs = { error: "✖", warning: "!", note: "i" } as const;
const roles = { error: "bad", warning: "warn", note: "dim" } as const;
const mostNamed = 5;

function formatGroup([finding, ...others]: readonly MethodsFinding[], layout: Layout): string[] {
  const { paint, width } = layout;
  if (finding === undefined) return [];
  const { code, severity, method, resource, title, cause, observed, exchanges, change, docs } = finding;
  const place = `${method} ${printableText(resource)}`;
  const text = (paragraph: string) => wrap(printableText(paragraph), width - 2).map((line) => `  ${line}`);
  const role = roles[severity];
  const name = `${signs[severity]} ${code}`;
  const fits = name.length + place.length + 1 <= width;
  return [
    ...(fits ? [paint(role, spread(name, place, width))] : [paint(role, name), ...text(`at ${place}`)]),
    ...text(`${title.charAt(0).toUpperCase()}${title.slice(1)}.`),
    "",
    ...exchanges.flatMap((exchange) => exchangeLines(exchange, finding, layout)),
    ...observed.flatMap((each) =>
      hang("    → ", printableText(each), width).map((line) => paint(severity === "error" ? "mark" : role, line)),
    ),
    "",
    ...text(cause),
    ...alsoLines(others, layout),
    "",
    ...fixLines(change, layout),
    paint("dim", `  more: ${docs}`),
  ];
}

function exchangeLines({ request, response }: MethodsExchange, finding: MethodsFinding, { width }: Layout): string[] {
  const { pathname, search } = new URL(request.url);
  const path = `    > ${request.method} ${printable(pathname + search)}`;
  const long = response === null ? "no answer" : `${response.status} ${STATUS_CODES[response.status] ?? ""}`.trim();
  const outcome = path.length + long.length < width ? long : `${response?.status ?? long}`;
  const sent = request.headers.filter(({ name }) => tellingRequest.test(name));
  const told = tellingResponse[finding.code.split("-")[0] ?? ""] ?? /^(?:allow|location)$/i;
  const came = (response?.headers ?? []).filter(({ name }) => told.test(name));
  return [
    spread(path, outcome, width),
    ...sent.map(({ name, value }) => `      > ${printable(name)}: ${printable(value)}`),
    ...came.map(({ name, value }) => `      < ${printable(name)}: ${printable(value)}`),
  ];
}

const tellingRequest = /^(?:if-.*|idempotency-key|x-http-method-override|content-type)$/i;
const validators = /^(?:etag|last-modified|cache-control|location|allow)$/i;
const tellingResponse: Readonly<Record<string, RegExp>> = {
  etag: validators,
  if: /^(?:etag|last-modified)$/i,
  not: validators,
  validators,
  cache: validators,
  safe: /^$/,
};

function alsoLines(others: readonly MethodsFinding[], { width, paint }: Layout): string[] {
  if (others.length === 0) return [];
  const named = others.slice(0, mostNamed).map(({ resource }) => resource);
  const rest = others.length - named.length;
  const list = [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
  return ["", ...hang("  also at  ", printableText(list), width).map((line) => paint("dim", line))];
}

function fixLines(change: string, { width, paint }: Layout): string[] {
  const label = "  fix  ";
  const [first = "", ...rest] = hang(label, change, width);
  return [paint("good", first.slice(0, label.length)) + first.slice(label.length), ...rest];
}

function unverifiedLines({ unverified, unsafe }: MethodsReport, { paint, width }: Layout): string[] {
  const reasons = new Map<string, string[]>();
  for (const { why, methods, resource } of unverified) {
    reasons.set(why, [...(reasons.get(why) ?? []), `${methods.join(", ")} ${resource}`]);
  }
  const lines = [...reasons].flatMap(([why, places]) => [
    ...places.slice(0, mostNamed).map((place) => `  ${printableText(place)}`),
    ...(places.length > mostNamed ? [`  and ${places.length - mostNamed} more`] : []),
    ...wrap(printableText(why), width - 6).map((line) => paint("dim", `      ${line}`)),
  ]);
  const hint = unsafe ? [] : ["PUT, PATCH, DELETE and POST were not sent: --allow-unsafe verifies them too."];
  const hinted = hint.flatMap((each) => wrap(each, width)).map((line) => paint("dim", line));
  if (lines.length === 0) return hinted;
  return [paint("strong", "Not verified"), ...lines, ...(hinted.length === 0 ? [] : ["", ...hinted])];
}

function leftLines({ leftBehind }: MethodsReport, { paint }: Layout): string[] {
  if (leftBehind.length === 0) return [];
  return [
    paint("warn", "Left behind: this run created it and could not remove it"),
    ...leftBehind.map((url) => `  ${url}`),
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
