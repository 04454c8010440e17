import { registrableDomain } from "@corsac/browser";
import {
  CorsPreflightCache,
  type Exchange,
  type FetchOutcome,
  type FetchRequest,
  getHeader,
  mainFetch,
  type NetworkRequest,
  type NetworkResponse,
  type Profile,
} from "@corsac/protocol";

/**
 * Tells what a fetch would have come to under the rules of another profile, from the answers that are known. `null`
 * when that browser would have sent something that nobody has answered.
 */
export function replay(request: FetchRequest, profile: Profile, known: readonly Exchange[]): FetchOutcome | null {
  const preflightCache = new CorsPreflightCache({ now: () => 0 });
  const fetch = mainFetch(request, { preflightCache, registrableDomain, profile });
  const used = new Map<string, number>();
  let step = fetch.next();
  while (!step.done) {
    const response = answerTo(step.value, known, used);
    if (response === null) return null;
    step = fetch.next(response);
  }
  return step.value;
}

// The n-th request of a kind gets the n-th known answer, later ones the last.
function answerTo(
  request: NetworkRequest,
  known: readonly Exchange[],
  used: Map<string, number>,
): NetworkResponse | null {
  const key = keyOf(request);
  const answers = known.filter((exchange) => keyOf(exchange.request) === key);
  const count = used.get(key) ?? 0;
  used.set(key, count + 1);
  return answers[Math.min(count, answers.length - 1)]?.response ?? null;
}

function keyOf({ kind, method, url, headers }: NetworkRequest): string {
  return `${kind} ${method} ${url.href} ${getHeader(headers, "origin")}`;
}
