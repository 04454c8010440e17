import {
  byteLowercase,
  type Exchange,
  extractHeaderListValues,
  type FilteredResponse,
  getHeader,
  isForbiddenResponseHeaderName,
  misspeltName,
} from "@corsac/protocol";
import { presentResponseHeader, responseHeader } from "./evidence.ts";
import { draft, type FindingDraft, type Scene } from "./finding-draft.ts";

/** What is to say about a response that the page got: what it cannot see of it. */
export function responseFindings(response: FilteredResponse, index: number, scene: Scene): FindingDraft[] {
  const exchange = scene.exchanges[index];
  if (exchange === undefined) return [];
  if (response.type === "opaque" || response.type === "opaqueredirect") {
    const evidence = presentResponseHeader(index, exchange, "Access-Control-Allow-Origin");
    return [draft("opaque-response", "warning", "response", { exchange: index, evidence })];
  }
  return response.type === "cors" ? hiddenHeaders(response, index, exchange, scene) : [];
}

// Headers that scripts have reasons to read. Those of the transport and of caches would be noise.
const telling =
  /^(?:content-disposition|content-range|etag|link|location|retry-after|x-total-count|x-request-id|x-pagination.*|x-next-page|(?:x-)?ratelimit-.*|x-rate-limit-.*)$/;

function hiddenHeaders(response: FilteredResponse, index: number, exchange: Exchange, { plan }: Scene): FindingDraft[] {
  if (exchange.response.kind === "network-error") return [];
  const readable = new Set([...response.headers].map(([name]) => byteLowercase(name)));
  const sent = new Map(exchange.response.headers.map(([name]) => [byteLowercase(name), name]));
  const hidden = [...sent].filter(([lower]) => !readable.has(lower) && !isForbiddenResponseHeaderName(lower));
  const isWanted = (lower: string) => plan.readHeaders.includes(lower);
  const wanted = hidden.filter(([lower]) => isWanted(lower)).map(([, name]) => name);
  const others = hidden.filter(([lower]) => !isWanted(lower) && telling.test(lower)).map(([, name]) => name);
  const exposeHeaders = extractHeaderListValues("access-control-expose-headers", exchange.response.headers);
  const literalWildcard = plan.credentials === "include" && Array.isArray(exposeHeaders) && exposeHeaders.includes("*");
  const evidence = responseHeader(index, exchange, "Access-Control-Expose-Headers");
  const common = { exchange: index, evidence };
  if (literalWildcard && wanted.length + others.length > 0) {
    const names = [...wanted, ...others];
    const severity = wanted.length > 0 ? "error" : "warning";
    return [draft("expose-headers-wildcard-with-credentials", severity, "response", { ...common, names })];
  }
  return [
    ...(wanted.length > 0 ? [draft("header-not-exposed", "error", "response", { ...common, names: wanted })] : []),
    ...(others.length > 0 ? [draft("header-not-exposed", "note", "response", { ...common, names: others })] : []),
  ];
}

const responseHeaderNames = [
  "Access-Control-Allow-Origin",
  "Access-Control-Allow-Credentials",
  "Access-Control-Allow-Methods",
  "Access-Control-Allow-Headers",
  "Access-Control-Expose-Headers",
  "Access-Control-Max-Age",
];

/** Response headers whose names come close to those of CORS without being them. */
export function misspelledHeaders(index: number, exchange: Exchange): FindingDraft[] {
  if (exchange.response.kind === "network-error") return [];
  const known = new Set(responseHeaderNames.map((name) => name.toLowerCase()));
  const found: FindingDraft[] = [];
  for (const [name] of exchange.response.headers) {
    if (known.has(byteLowercase(name))) continue;
    const meant = meantName(name);
    if (meant === null) continue;
    const evidence = responseHeader(index, exchange, name, name);
    found.push(
      draft("cors-header-misspelled", "warning", stageOf(exchange), {
        exchange: index,
        evidence,
        names: [name, meant],
      }),
    );
  }
  return found;
}

function meantName(name: string): string | null {
  const lower = byteLowercase(name);
  // The prefix forgotten altogether: nobody writes these names for another purpose.
  const short = /^(?:x-)?(allow-(?:origin|credentials|methods|headers)|expose-headers)$/.exec(lower)?.[1];
  if (short !== undefined) return responseHeaderNames.find((known) => known.toLowerCase().endsWith(short)) ?? null;
  return lower.length > 12 ? misspeltName(name, responseHeaderNames, 2) : null;
}

function stageOf({ request }: Exchange): "preflight" | "response" {
  return request.kind === "preflight" ? "preflight" : "response";
}

/** Answers that depend on the origin although caches are not told so. */
export function cacheFindings(indices: readonly number[], { exchanges }: Scene): FindingDraft[] {
  const answers = indices.flatMap((index) => {
    const exchange = exchanges[index];
    return exchange?.response.kind === "response" ? [{ index, exchange, response: exchange.response }] : [];
  });
  const [first] = answers;
  if (first === undefined || answers.length < 2) return [];
  if (answers.some(({ response }) => response.status !== first.response.status)) return [];
  const values = new Set(answers.map(({ response }) => getHeader(response.headers, "access-control-allow-origin")));
  if (values.size < 2) return [];
  if (answers.every(({ response }) => /\bno-store\b/i.test(getHeader(response.headers, "cache-control") ?? "")))
    return [];
  const silent = answers.filter(({ response }) => !variesByOrigin(getHeader(response.headers, "vary")));
  if (silent.length === 0) return [];
  const evidence = answers.flatMap(({ index, exchange }) => [
    ...responseHeader(index, exchange, "Access-Control-Allow-Origin"),
    ...responseHeader(index, exchange, "Vary"),
  ]);
  return [draft("vary-origin-missing", "warning", "response", { exchange: first.index, evidence })];
}

function variesByOrigin(vary: string | null): boolean {
  const names = (vary ?? "").split(",").map((name) => name.trim().toLowerCase());
  return names.includes("origin") || names.includes("*");
}
