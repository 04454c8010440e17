import { getHeader } from "@corsac/protocol";
import type { Answer } from "./wire.ts";

/** One place where two answers of one resource differ. */
export interface Difference {
  /** Such as `status`, `ETag`, `reads` or `books[3].title`; empty for the whole content. */
  readonly at: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What stands for a list in a difference: its length, because listing what moved says less. */
const listLength = "length";

/**
 * Compares two answers to GET: status, validators and content, JSON member by member. Places that look like clocks,
 * counters of the process or random ids are left out: they change without anybody changing anything.
 */
export function differences(before: Answer, after: Answer): Difference[] {
  if (before.failure !== null || after.failure !== null) return [];
  if (before.status !== after.status) return [{ at: "status", before: before.status, after: after.status }];
  if (before.isCut || after.isCut) return [];
  const content = contentDifferences(before, after).filter((each) => !isVolatile(each));
  // A tag that changes together with something volatile says no more than that.
  if (before.text !== after.text) return content;
  return ["ETag", "Last-Modified"].flatMap((name) => {
    const [one, other] = [getHeader(before.headers, name), getHeader(after.headers, name)];
    return one === other ? [] : [{ at: name, before: one, after: other }];
  });
}

/** Compares the contents only. */
export function contentDifferences(before: Answer, after: Answer): Difference[] {
  const [one, other] = [jsonOf(before), jsonOf(after)];
  if (one !== undefined && other !== undefined) return valueDifferences(one, other, "");
  return before.text === after.text ? [] : [{ at: "", before: before.text, after: after.text }];
}

/** The content as JSON; `undefined` when it is none. */
export function jsonOf({ text, headers }: Answer): unknown {
  if (!/json/i.test(getHeader(headers, "Content-Type") ?? "")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Compares two JSON values. */
export function valueDifferences(before: unknown, after: unknown, at: string): Difference[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length) {
      return [{ at: joined(at, listLength), before: before.length, after: after.length }];
    }
    return before.flatMap((item, index) => valueDifferences(item, after[index], `${at}[${index}]`));
  }
  if (!isRecord(before) || !isRecord(after)) return [{ at, before, after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => valueDifferences(before[name], after[name], joined(at, name)));
}

/** Whether a difference is at a list's length. */
export function isAtList({ at }: Difference): boolean {
  return at === listLength || at.endsWith(`.${listLength}`);
}

/** Names, or last words of names, of what changes by itself. */
const volatileWords = new Set(
  `age at clock csrf date duration elapsed hostname instance latency load ms nonce now pid random seconds seed span time
  timestamp token took trace uptime version revision`.split(/\s+/),
);
/** Ids that name a request and no resource. */
export const requestId: RegExp = /(?:correlation|request|session|span|trace)[-_]?id$/i;
const volatileWord =
  /^(?:\d{4}-\d\d-\d\d|\w{3}, \d\d \w{3} \d{4} |[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{16,}$|[A-Za-z0-9_-]{21,}$|\d{10,}$)/i;

function isVolatile({ at, before, after }: Difference): boolean {
  const [lastWord = ""] = at.match(/[A-Z]?[a-z]+$|[A-Z]+$/) ?? [];
  if (volatileWords.has(lastWord.toLowerCase()) || requestId.test(at)) return true;
  const isLate = (value: unknown) => typeof value === "number" && value > 1e9;
  const isWord = (value: unknown) => typeof value === "string" && volatileWord.test(value);
  return (isLate(before) && isLate(after)) || (isWord(before) && isWord(after));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function joined(at: string, name: string): string {
  return at === "" ? name : `${at}.${name}`;
}
