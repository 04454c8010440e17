import type { BrowserReport, CheckReport, Finding, Verdict } from "../check/check-report.ts";
import { listed } from "../explain/explanation.ts";
import { formatExchanges, type Layout } from "./format-exchange.ts";
import { formatFinding } from "./format-finding.ts";
import { painter } from "./paint.ts";
import { printable, printableText } from "./printable.ts";
import { hang, wrap } from "./wrap.ts";

/** How a report is written. */
export interface FormatOptions {
  /** Columns; at least 60 are used. Default 80. */
  readonly width?: number;
  /** Default `false`. */
  readonly color?: boolean;
}

/** Writes a report for people: what was sent, what is wrong, what browsers print, what to change. Ends with a newline. */
export function formatReport(report: CheckReport, { width = 80, color = false }: FormatOptions = {}): string {
  const layout: Layout = { width: Math.max(60, width), paint: painter(color) };
  const sections = [
    headline(report, layout),
    formatExchanges(report, layout),
    readableLines(report, layout),
    ...formatFindings(report, layout),
    wantedLines(report, layout),
    recipeLines(report, layout),
    consoleLines(report, layout),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

const verdicts: Readonly<Record<Verdict, readonly [sign: string, word: string, role: "bad" | "good" | "warn"]>> = {
  allowed: ["✔", "allowed", "good"],
  blocked: ["✖", "blocked", "bad"],
  unknown: ["?", "not verified", "warn"],
  unreachable: ["✖", "unreachable", "bad"],
};

const unreadable = ["!", "sent, but not readable", "warn"] as const;

const profileWords = {
  standard: "",
  chromium: "by the rules of Chromium",
  firefox: "by the rules of Firefox",
  webkit: "by the rules of WebKit",
};

function headline(report: CheckReport, { paint, width }: Layout): string[] {
  const { verdict, request, profile, readable } = report;
  const [sign, word, role] = verdict === "allowed" && !readable ? unreadable : verdicts[verdict];
  const { method, url, origin, mode, credentials, redirect } = request;
  const chosen = [
    ...(mode === "cors" ? [] : [`mode ${mode}`]),
    ...(credentials === "same-origin" ? [] : [`credentials ${credentials}`]),
    ...(redirect === "follow" ? [] : [`redirect ${redirect}`]),
    ...(profileWords[profile] === "" ? [] : [profileWords[profile]]),
  ];
  const start = `${sign} ${word}  `;
  return [
    `${paint(role, start.trimEnd())}  ${paint("strong", `${method} ${url}`)}`,
    ...hang(
      " ".repeat(start.length),
      `for a page of ${[origin === "null" ? "origin null" : origin, ...chosen].join(", ")}`,
      width,
    ),
    ...(URL.canParse(url) && new URL(url).origin === origin
      ? hang(" ".repeat(start.length), "the same origin: CORS has no say, unless a redirect leads away", width)
      : []),
    ...disagreement(report).flatMap((text) => hang(" ".repeat(start.length), text, width)),
  ];
}

// The verdict is by the rules that were asked for; who sees another one in a browser should not doubt the tool.
function disagreement({ browsers, verdict, profile }: CheckReport): string[] {
  const names = (["chromium", "firefox", "webkit"] as const).filter(
    (name) => name !== profile && browsers[name].differs !== null,
  );
  const certain = names.filter((name) => browsers[name].verdict === "allowed" || browsers[name].verdict === "blocked");
  if (certain.length === 0 || (verdict !== "allowed" && verdict !== "blocked")) return [];
  const rules = profile === "standard" ? "by the standard" : `by the rules of ${titles[profile]}`;
  return [
    `${rules}; ${listed(certain.map((name) => titles[name]))} ${certain.length > 1 ? "differ" : "differs"}, see below`,
  ];
}

function formatFindings({ findings }: CheckReport, layout: Layout): string[][] {
  return findings
    .filter(({ followsFrom }) => followsFrom === null)
    .map((finding) => formatFinding(finding, followersOf(finding, findings), layout));
}

function followersOf(finding: Finding, findings: readonly Finding[]): Finding[] {
  return findings.filter(({ followsFrom, exchange }) => followsFrom === finding.code && exchange === finding.exchange);
}

function readableLines({ readableHeaders, readable }: CheckReport, { width }: Layout): string[] {
  if (!readable || readableHeaders === null) return [];
  const names = [...new Set(readableHeaders.map(({ name }) => printable(name.toLowerCase())))];
  const headers = names.length === 0 ? "no headers" : `these headers: ${names.join(", ")}`;
  return wrap(`The script can read the status, the body and ${headers}.`, width);
}

function wantedLines({ wanted }: CheckReport, { paint }: Layout): string[] {
  if (wanted.length === 0) return [];
  return [
    paint("strong", "What a browser accepts"),
    ...wanted.flatMap(({ to, status, headers }) => [
      `  ${to}, ${status}`,
      ...headers.map(({ name, value }) => paint("good", `    ${name}: ${value}`)),
    ]),
  ];
}

function recipeLines({ recipe }: CheckReport, { width, paint }: Layout): string[] {
  if (recipe === null) return [];
  return [
    ...wrap(recipe.title, width).map((line) => paint("strong", line)),
    ...recipe.lines.map((line) => `    ${line}`),
  ];
}

const titles = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" } as const;

function consoleLines({ browsers, verdict }: CheckReport, layout: Layout): string[] {
  const names = ["chromium", "firefox", "webkit"] as const;
  const lines = names.flatMap((name) => browserLines(titles[name], browsers[name], verdict, layout));
  return lines.length === 0 ? [] : [layout.paint("strong", "What browsers print"), ...lines];
}

function browserLines(
  title: string,
  { messages, differs, verdict: own }: BrowserReport,
  verdict: Verdict,
  { width, paint }: Layout,
): string[] {
  const label = `  ${title.padEnd(8)}  `;
  const told = messages.filter(({ code }) => code !== "CORSDidNotSucceed2" || messages.length === 1);
  if (told.length === 0 && differs === null && (own === "allowed" || own === "unknown" || verdict === "allowed"))
    return [];
  const texts =
    told.length === 0
      ? own === "blocked" || own === "unreachable"
        ? ["(nothing)"]
        : []
      : told.map(({ text, code }) => printableText(text === "" ? code : text).trim());
  const said = [...texts, ...(differs === null ? [] : [told.length === 0 ? differs : `— ${differs}`])];
  return said.flatMap((text, index) => {
    const [first = "", ...rest] = hang(index === 0 ? label : " ".repeat(label.length), text, width);
    return [first, ...rest].map((line, at) =>
      at === 0 && index === 0 ? paint("strong", line.slice(0, label.length)) + line.slice(label.length) : line,
    );
  });
}
