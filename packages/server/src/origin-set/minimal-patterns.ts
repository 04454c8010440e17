import { type OriginPattern, serializeOriginPattern } from "./origin-pattern.ts";

/** Leaves out the patterns that others cover, so that what stays has the same meaning. Keeps the order. */
export function minimalPatterns(patterns: readonly OriginPattern[]): OriginPattern[] {
  const byText = new Map(patterns.map((pattern) => [serializeOriginPattern(pattern), pattern]));
  const wildcards = new Set(
    [...byText].filter(([, { subdomains, port }]) => subdomains || port === "*").map(([text]) => text),
  );
  if (wildcards.size === 0) return [...byText.values()];
  return [...byText.values()].filter((pattern) => !covers(wildcards, pattern));
}

/** Whether a wildcard other than `pattern` itself covers all that `pattern` covers. */
function covers(wildcards: ReadonlySet<string>, pattern: OriginPattern): boolean {
  const isListed = (candidate: OriginPattern, port: OriginPattern["port"]) =>
    wildcards.has(serializeOriginPattern({ ...candidate, port }));
  if (pattern.port !== "*" && isListed(pattern, "*")) return true;
  const labels = pattern.host.split(".");
  return labels.some((_, i) => {
    if (i === 0) return false;
    const parent = { ...pattern, host: labels.slice(i).join("."), subdomains: true };
    return isListed(parent, "*") || isListed(parent, pattern.port);
  });
}
