import { type PolicyIssue, type PolicyJson, parsePolicy } from "@corsac/server";

/** A policy as somebody types it. */
export type ReadPolicy =
  | { readonly ok: true; readonly policy: PolicyJson }
  /** `issues` is empty where the text is not JSON, and `error` says so. */
  | { readonly ok: false; readonly error: string | null; readonly issues: readonly PolicyIssue[] };

/** Reads the text of a policy by the code that the servers run. */
export function readPolicyText(text: string): ReadPolicy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, error: `This is not JSON: ${(error as Error).message}`, issues: [] };
  }
  const parsed = parsePolicy(value);
  return parsed.ok ? { ok: true, policy: value as PolicyJson } : { ok: false, error: null, issues: parsed.issues };
}

/** Writes a policy as one would type it: short lists on one line. */
export function writePolicyText(policy: unknown): string {
  return JSON.stringify(policy, null, 2).replaceAll(
    /\[\n\s+([^[\]{}]{0,60}?)\n\s+\]/g,
    (_, items: string) => `[${items.replaceAll(/\n\s+/g, " ")}]`,
  );
}

/** The text with an issue's suggestion in place; the same text where that cannot be. */
export function withSuggestion(text: string, { code, path, suggestion }: PolicyIssue): string {
  if (suggestion === null) return text;
  const policy: unknown = JSON.parse(text);
  const key = path.at(-1);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null)?.[step], policy);
  if (key === undefined || typeof parent !== "object" || parent === null) return text;
  const holder = parent as Record<string | number, unknown>;
  if (code === "option-unknown") {
    // The value keeps its place among the others.
    const renamed = Object.entries(holder).map(([name, value]) => [name === key ? suggestion : name, value]);
    for (const name of Object.keys(holder)) delete holder[name];
    Object.assign(holder, Object.fromEntries(renamed));
  } else {
    holder[key] = suggestion;
  }
  return writePolicyText(policy);
}
