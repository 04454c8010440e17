import { profiles } from "@corsac/protocol";
import { type OriginPattern, parseOriginPattern } from "../origin-set/origin-pattern.ts";
import type { AsyncPolicy } from "./policy.ts";
import type { PolicyOptions } from "./policy-options.ts";

/**
 * Says what a policy means in sentences for people, one a line: who may read what, and what is dangerous about it.
 * Wildcards read like more or less than they are; here they are spelt out.
 */
export function explainPolicy(policy: Pick<AsyncPolicy, "options">): string {
  const { options } = policy;
  return [
    origins(options),
    credentials(options),
    methods(options),
    requestHeaders(options),
    exposedHeaders(options),
    maxAge(options),
    timing(options),
    resourcePolicy(options),
    ...dangers(options),
  ].join("\n");
}

function origins({ origins }: PolicyOptions): string {
  if (origins === "*") return "Pages of every origin may read responses.";
  if (typeof origins === "function") return "Pages of the origins that the resolver allows may read responses.";
  const shown = origins.slice(0, maxShown).map((entry) => `  ${entry}${meaningOf(entry)}`);
  if (origins.length > maxShown) shown.push(`  and ${origins.length - maxShown} more`);
  return ["Pages of these origins may read responses:", ...shown].join("\n");
}

/** Origins to show. */
const maxShown = 20;

function meaningOf(entry: string): string {
  const parsing = parseOriginPattern(entry);
  if (!parsing.ok) return "";
  const { subdomains, port, host }: OriginPattern = parsing.pattern;
  if (!subdomains && port !== "*") return "";
  const who = subdomains ? `all subdomains of ${host}, not ${host} itself` : "this host";
  return ` (${who}${port === "*" ? ", on every port" : ""})`;
}

function credentials({ credentials = false }: PolicyOptions): string {
  return credentials
    ? "They may send cookies and other credentials."
    : "They may not use credentials: a request that includes them is sent, but its response is not readable.";
}

function methods({ methods }: PolicyOptions): string {
  if (methods === undefined) return "Methods: GET, HEAD and POST, which need no permission.";
  return `Methods: GET, HEAD and POST, which need no permission, and ${methods === "*" ? "all others" : sequence(methods)}.`;
}

function requestHeaders({ requestHeaders, credentials = false }: PolicyOptions): string {
  const safelisted = "Request headers: the CORS-safelisted ones";
  if (requestHeaders === undefined) return `${safelisted}. Content-Type: application/json is not among them.`;
  const names = [requestHeaders].flat();
  if (!names.includes("*")) return `${safelisted} and ${sequence(names)}.`;
  return `${safelisted} and all others${credentials || names.length > 1 ? ", Authorization too" : " but Authorization"}.`;
}

function exposedHeaders({ exposedHeaders }: PolicyOptions): string {
  const safelisted = "Response headers that scripts see: the CORS-safelisted ones";
  if (exposedHeaders === undefined) return `${safelisted}.`;
  return `${safelisted} and ${exposedHeaders === "*" ? "all others" : sequence([exposedHeaders].flat())}.`;
}

function maxAge({ maxAge }: PolicyOptions): string {
  if (maxAge === undefined) return "Browsers keep the answer to a preflight for 5 seconds.";
  if (maxAge === 0) return "Browsers ask again by a preflight every time.";
  const capped = [profiles.chromium, profiles.firefox, profiles.webkit]
    .filter(({ preflight }) => preflight.maxAgeLimit < maxAge)
    .map(({ name, preflight }) => `${name} for ${preflight.maxAgeLimit}`);
  const but = capped.length === 0 ? "" : ` (${capped.join(", ")})`;
  return `Browsers keep the answer to a preflight for ${maxAge} seconds${but}.`;
}

function timing({ timing = false }: PolicyOptions): string {
  return timing ? "They may read timing details." : "They may not read timing details.";
}

function resourcePolicy({ resourcePolicy }: PolicyOptions): string {
  if (resourcePolicy === undefined) return "Who may load responses without CORS, such as in an img, is not said.";
  const who = { "cross-origin": "every site", "same-origin": "this origin", "same-site": "this site" }[resourcePolicy];
  return `Pages of ${who} may load responses without CORS, such as in an img.`;
}

/** What each dangerous option lets happen, for those that change something. */
function dangers({ origins, credentials = false, dangerously = {} }: PolicyOptions): string[] {
  const sentences: string[] = [];
  if (dangerously.anyOriginWithCredentials && origins === "*" && credentials) {
    sentences.push("Danger: every site can act in the name of a visitor and read the answers.");
  }
  if (dangerously.insecureOriginsWithCredentials && credentials && origins !== "*") {
    sentences.push(
      "Danger: origins without transport security may send credentials; anybody on their network is them.",
    );
  }
  if (dangerously.publicSuffixWithCredentials && credentials && Array.isArray(origins)) {
    sentences.push("Danger: a wildcard may cover names that anybody can register.");
  }
  if (dangerously.nullOrigin) sentences.push("Danger: null is allowed, which every site can make itself.");
  return sentences;
}

function sequence(words: readonly string[]): string {
  return words.join(", ");
}
