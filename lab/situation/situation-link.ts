import { defaultSituation, type Situation } from "./situation.ts";

/**
 * Writes a situation for the fragment of a URL: only what differs from {@link defaultSituation}, as base64url of JSON.
 * The empty text is the default situation itself.
 */
export function encodeSituation(situation: Situation): string {
  const changes = difference(situation, defaultSituation);
  if (changes === undefined) return "";
  const bytes = new TextEncoder().encode(JSON.stringify(changes));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Reads what {@link encodeSituation} wrote. What comes back is unchecked: give it to `parseSituation`. `null` when the
 * text is none of ours.
 */
export function decodeSituation(text: string): unknown {
  if (text === "") return defaultSituation;
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return merged(defaultSituation, JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}

/** The fields of these differ by kind: they are written as a whole. */
const wholes: ReadonlySet<string> = new Set(["page", "server", "gateway"]);

function difference(value: unknown, base: unknown): unknown {
  if (!isRecord(value) || !isRecord(base)) return isEqual(value, base) ? undefined : value;
  const entries = Object.entries(value).flatMap(([key, member]) => {
    const changed = wholes.has(key) ? (isEqual(member, base[key]) ? undefined : member) : difference(member, base[key]);
    return changed === undefined ? [] : [[key, changed] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function merged(base: unknown, changes: unknown): unknown {
  if (!isRecord(base) || !isRecord(changes)) return changes;
  const entries = Object.entries(changes).map(([key, member]) => {
    // An own member of this name would become the prototype.
    if (key === "__proto__") throw new SyntaxError("no name of a field");
    return [key, wholes.has(key) ? member : merged(base[key], member)] as const;
  });
  return { ...base, ...Object.fromEntries(entries) };
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
