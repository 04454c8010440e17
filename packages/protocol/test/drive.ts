import { CorsPreflightCache } from "../src/cors/cors-preflight-cache.ts";
import type { NetworkRequest, NetworkResponse } from "../src/fetch/exchange.ts";
import type { FetchContext } from "../src/fetch/fetch-state.ts";
import { type FetchOutcome, mainFetch } from "../src/fetch/main-fetch.ts";
import type { Header } from "../src/header/header-list.ts";
import type { FetchRequest } from "../src/request/request.ts";
import { registrableDomain } from "./page.ts";

/** What a fetch came to, and all that it put on the wire. */
export interface Driven {
  readonly outcome: FetchOutcome;
  readonly requests: readonly NetworkRequest[];
}

/** A context with a preflight cache whose clock stands still. */
export function contextOf(init: Partial<FetchContext> = {}): FetchContext {
  return { preflightCache: new CorsPreflightCache({ now: () => 0 }), registrableDomain, ...init };
}

/** Runs a fetch; `answer` is asked for each response. */
export function driveBy(
  request: FetchRequest,
  answer: (request: NetworkRequest) => NetworkResponse,
  context: FetchContext = contextOf(),
): Driven {
  const steps = mainFetch(request, context);
  const requests: NetworkRequest[] = [];
  let step = steps.next();
  while (step.done !== true) {
    requests.push(step.value);
    step = steps.next(answer(step.value));
  }
  return { outcome: step.value, requests };
}

/**
 * Runs a fetch against scripted responses.
 *
 * @throws when it asks for more than the script has, or for less.
 */
export function drive(request: FetchRequest, responses: readonly NetworkResponse[], context?: FetchContext): Driven {
  const left = [...responses];
  const driven = driveBy(
    request,
    (asked) => {
      const response = left.shift();
      if (response === undefined) throw new Error(`unexpected request: ${lines(asked).join("\n")}`);
      return response;
    },
    context,
  );
  if (left.length > 0) throw new Error(`${left.length} unused responses`);
  return driven;
}

/** A response with the headers of `lines`, each a `Name: value`. */
export function respond(status: number, ...headerLines: readonly string[]): NetworkResponse {
  const headers = headerLines.map((line): Header => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { kind: "response", status, statusText: "", headers, body: `body of ${status}` };
}

/** A request as text: method and URL, then every header. */
export function lines({ method, url, headers }: NetworkRequest): string[] {
  return [`${method} ${url.href}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
}
