import { type Aspect, aspects, type Difference, wireAspects } from "./compare.ts";
import type { ExpectedDifference } from "./expectations.ts";

/** What came of one configuration: a profile held against a recording. */
export interface ConfigurationResult {
  readonly name: string;
  readonly product: string;
  /** The aspects that were compared. */
  readonly compared: readonly Aspect[];
  /** The ids of the scenarios that were played. */
  readonly played: readonly string[];
  readonly differences: readonly Difference[];
  readonly expected: readonly ExpectedDifference[];
  readonly seconds: number;
}

const titles: Record<Aspect, string> = {
  outcome: "outcome of every step",
  response: "readable response",
  requests: "requests: order, kind, method, URL",
  origin: "Origin",
  cookie: "Cookie",
  preflight: "Access-Control-Request-*",
  "fetch-metadata": "Sec-Fetch-*",
  referer: "Referer",
  author: "headers set by script, Content-Type",
  body: "request body",
  other: "every other header",
  jar: "cookie jar",
  console: "reason in the console",
};

/** How many of how many agree. */
export interface Agreement {
  readonly agree: number;
  readonly of: number;
}

function idsWith(differences: readonly Difference[], on: readonly Aspect[]): Set<string> {
  return new Set(differences.filter(({ aspect }) => on.includes(aspect)).map(({ id }) => id));
}

/** Agreement on one aspect. What cannot be laid side by side is not counted: headers of different requests. */
export function agreement(result: ConfigurationResult, aspect: Aspect): Agreement | null {
  if (!result.compared.includes(aspect)) return null;
  const depends: readonly Aspect[] =
    aspect === "response" ? ["outcome"] : aspect !== "requests" && wireAspects.includes(aspect) ? ["requests"] : [];
  const of = result.played.length - idsWith(result.differences, depends).size;
  return { agree: of - idsWith(result.differences, [aspect]).size, of };
}

/** Agreement on everything that `on` names, of all scenarios. */
export function agreementOnAll(result: ConfigurationResult, on: readonly Aspect[]): Agreement {
  return { agree: result.played.length - idsWith(result.differences, on).size, of: result.played.length };
}

function percentage({ agree, of }: Agreement): string {
  if (of === 0) return "-";
  // Rounded down, so that 100 % means all.
  return `${(Math.floor((agree / of) * 10_000) / 100).toFixed(2)} %`;
}

function cell(value: Agreement | null, exact: boolean): string {
  if (value === null) return "";
  return exact ? `${percentage(value)} (${value.agree}/${value.of})` : percentage(value);
}

/** The rows of the table: a title and one cell per configuration. */
export function agreementRows(results: readonly ConfigurationResult[], exact = true): string[][] {
  const single = (aspect: Aspect) => [
    titles[aspect],
    ...results.map((result) => cell(agreement(result, aspect), exact)),
  ];
  const whole = (title: string, on: readonly Aspect[]) => [
    title,
    ...results.map((result) => cell(agreementOnAll(result, on), exact)),
  ];
  const rows = aspects.map(single);
  const lastOfWire = aspects.indexOf("other") + 1;
  rows.splice(lastOfWire, 0, whole("**the whole wire log**", wireAspects));
  rows.push(whole("**everything**", aspects));
  return rows;
}

/** A table in Markdown whose columns line up when it is read as plain text. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** One difference in a few lines: where, what was recorded (`-`), what was seen (`+`). */
export function describeDifference(difference: Difference, limit = 8): string {
  const shown = difference.details
    .slice(0, limit)
    .flatMap(({ where, expected, actual }) => [
      `    ${where}`,
      `      - ${shorten(expected)}`,
      `      + ${shorten(actual)}`,
    ]);
  const more = difference.details.length > limit ? [`    … ${difference.details.length - limit} more`] : [];
  return [`  ${difference.id} ${difference.aspect}`, ...shown, ...more].join("\n");
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** A difference with what is its own taken out, so that like differences read alike. */
function pattern({ aspect, details }: Difference): string {
  const general = (text: string) =>
    shorten(text)
      .replace(/\/s\/[a-z-]+-[0-9]+/g, "")
      .replace(/(https?:\/\/)[^/\s"']+/g, "$1…");
  const places = details.slice(0, 4).map(({ where, expected, actual }) => {
    const name = where.replace(/ [0-9]+/g, "");
    return `${name}: ${general(expected)} → ${general(actual)}`;
  });
  return `${aspect} | ${[...new Set(places)].join(" ; ")}`;
}

/** Groups differences that read alike, the most frequent first: one line each, with some ids. */
export function describeClasses(differences: readonly Difference[]): string {
  const classes = new Map<string, string[]>();
  for (const difference of differences) {
    const key = pattern(difference);
    classes.set(key, [...(classes.get(key) ?? []), difference.id]);
  }
  return [...classes]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([key, ids]) => `${String(ids.length).padStart(5)}  ${key}\n         ${ids.slice(0, 6).join(" ")}`)
    .join("\n");
}

/** The report that is checked in: the table, and every remaining difference with its reason. */
export function writeReport(results: readonly ConfigurationResult[]): string {
  const parts = [
    "# Agreement with recorded browsers",
    "Written by `npm run conformance -- --report`; a run fails when this file, or `expectations.json`, no longer tells the truth.",
    markdownTable(["", ...results.map(({ name }) => name)], agreementRows(results)),
    results.map(({ name, product }) => `- ${name}: ${product}`).join("\n"),
    "Headers and bodies are compared where both sent the same requests, readable responses where the outcomes are equal. A percentage is rounded down.",
    "## Every remaining difference",
  ];
  const reasons = new Map<string, string[]>();
  for (const { name, expected } of results) {
    const own = new Map<string, string[]>();
    for (const { id, aspect, reason } of expected) own.set(reason, [...(own.get(reason) ?? []), `${id} (${aspect})`]);
    for (const [reason, list] of own)
      reasons.set(reason, [...(reasons.get(reason) ?? []), `- ${name}: ${list.join(", ")}`]);
  }
  for (const [reason, lines] of reasons) parts.push(`### ${reason}`, lines.join("\n"));
  if (reasons.size === 0) parts.push("None.");
  return `${parts.join("\n\n")}\n`;
}
