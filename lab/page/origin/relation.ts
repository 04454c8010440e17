/** How the origin of a page and that of a server stand to each other. */
export type Relation = "cross-site" | "same-origin" | "same-site";

/** What each means, for people. */
export const relationTexts: Readonly<Record<Relation, string>> = {
  "same-origin": "same origin: scheme, host and port are equal",
  "same-site": "same site, another origin",
  "cross-site": "another site",
};

/**
 * Compares two serialized origins of the lab. Its hosts are all names of one label below `localhost`, `localhost` itself
 * or an address; no list of public suffixes is needed to tell their sites.
 */
export function relationOf(page: string, server: string): Relation {
  if (page === server && page !== "null") return "same-origin";
  if (!URL.canParse(page) || !URL.canParse(server)) return "cross-site";
  const [one, other] = [new URL(page), new URL(server)];
  return one.protocol === other.protocol && siteHost(one.hostname) === siteHost(other.hostname)
    ? "same-site"
    : "cross-site";
}

function siteHost(hostname: string): string {
  return hostname.endsWith(".localhost") ? hostname.split(".").slice(-2).join(".") : hostname;
}
