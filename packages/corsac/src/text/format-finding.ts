import type { Evidence, Finding } from "../check/check-report.ts";
import type { Layout } from "./format-exchange.ts";
import { printable } from "./printable.ts";
import { hang, spread, wrap } from "./wrap.ts";

const signs = { error: "✖", warning: "!", note: "i" } as const;
const roles = { error: "bad", warning: "warn", note: "dim" } as const;

/** A finding: what is wrong, where it can be seen, why, and what to change. */
export function formatFinding(finding: Finding, followers: readonly Finding[], layout: Layout): string[] {
  const { paint, width } = layout;
  const { code, severity, title, exchange, ahead } = finding;
  const place = exchange === null ? "" : `${ahead ? "next, at" : "at"} step ${exchange + 1}`;
  const name = `${signs[severity]} ${code}`;
  const head = place === "" ? name : spread(name, place, width);
  const text = (paragraph: string) => wrap(paragraph, width - 2).map((line) => `  ${line}`);
  return [
    paint(roles[severity], head),
    ...text(`${title.charAt(0).toUpperCase()}${title.slice(1)}.`),
    ...block(evidenceLines(finding, layout)),
    "",
    ...text(finding.cause),
    ...block(changeLines(finding, layout)),
    ...(followers.length === 0 ? [] : ["", ...followerLines(followers, layout)]),
    paint("dim", `  more: ${finding.docs}`),
  ];
}

function block(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function evidenceLines({ evidence, severity }: Finding, { paint }: Layout): string[] {
  const role = severity === "error" ? "mark" : roles[severity];
  const marked = faultyLine(evidence);
  const isSpread = new Set(evidence.map(({ exchange }) => exchange)).size > 1;
  return evidence.flatMap((each, index) => {
    const { text, from, to } = laidOut(each);
    const isFirst = evidence[index - 1]?.exchange !== each.exchange;
    const place = isSpread && isFirst ? [`    step ${each.exchange + 1}`] : [];
    const underline = `    ${" ".repeat(from)}${"^".repeat(Math.max(1, to - from))}`;
    return [...place, `    ${text}`, ...(index === marked ? [paint(role, underline)] : [])];
  });
}

// Marked is what has a marked part, or an absent header, or the first thing the server said.
function faultyLine(evidence: readonly Evidence[]): number {
  const isResponse = ({ side }: Evidence) => side === "response";
  const withMark = evidence.findIndex((each) => isResponse(each) && each.mark !== null);
  if (withMark >= 0) return withMark;
  const absent = evidence.findIndex((each) => isResponse(each) && each.value === null);
  if (absent >= 0) return absent;
  return Math.max(0, evidence.findIndex(isResponse));
}

function laidOut({ side, header, value, mark }: Evidence): {
  readonly text: string;
  readonly from: number;
  readonly to: number;
} {
  const arrow = side === "request" ? ">" : "<";
  if (value === null) {
    const text = `${arrow} (no ${header ?? "answer"})`;
    return { text, from: 2, to: text.length };
  }
  const start = `${arrow} ${header === null ? "" : `${printable(header)}: `}`;
  if (header !== null && mark === header) return { text: `${start}${printable(value)}`, from: 2, to: start.length - 2 };
  const at = mark === null || mark === "" ? -1 : value.lastIndexOf(mark);
  const before = at < 0 ? "" : printable(value.slice(0, at));
  const part = printable(at < 0 || mark === null ? value : mark);
  const from = start.length + [...before].length;
  const to = from + Math.max(1, [...part].length);
  return { text: `${start}${printable(value)}`.trimEnd(), from, to };
}

function changeLines({ changes }: Finding, { width, paint }: Layout): string[] {
  return changes.flatMap(({ on, text }) => {
    const label = on === "server" ? "  fix (server)  " : "  fix (page)    ";
    const [first = "", ...rest] = hang(label, text, width);
    return [paint("good", first.slice(0, label.length)) + first.slice(label.length), ...rest];
  });
}

function followerLines(followers: readonly Finding[], { width, paint }: Layout): string[] {
  const codes = followers.map(({ code, problem }) => `${code}${detail(problem)}`);
  return wrap(`The same answer also fails ${joined(codes)}: gone with this fix, or next.`, width - 2).map((line) =>
    paint("dim", `  ${line}`),
  );
}

function detail(problem: Finding["problem"]): string {
  if (problem === null) return "";
  if ("method" in problem) return ` (${problem.method})`;
  return "names" in problem ? ` (${problem.names.join(", ")})` : "";
}

function joined(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
