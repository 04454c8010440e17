import type { Exchange, FetchOutcome, FetchRequest, Problem } from "@corsac/protocol";
import type { CookieReport } from "./cookies/cookie.ts";

/** One fetch, as developer tools list it. */
export interface InspectedFetch {
  readonly request: FetchRequest;
  readonly outcome: FetchOutcome;
  /** What became of each cookie that the exchanges set or could have carried. */
  readonly cookies: readonly CookieReport[];
}

/**
 * Records what developer tools would show: every fetch with its exchanges in wire order, all headers that were really
 * sent, and the reasons that scripts are never told. Keeps the latest fetches only.
 */
export class Inspector {
  readonly #limit: number;
  readonly #parent: Inspector | null;
  #fetches: InspectedFetch[] = [];

  /** @param limit how many fetches are kept. */
  constructor(parent: Inspector | null = null, limit = 1000) {
    this.#parent = parent;
    this.#limit = limit;
  }

  /** The fetches that have ended, oldest first. */
  get fetches(): readonly InspectedFetch[] {
    return this.#fetches;
  }

  /** Everything that was on the wire: request and response, preflights included. */
  get exchanges(): readonly Exchange[] {
    return this.#fetches.flatMap(({ outcome }) => outcome.exchanges);
  }

  /** Why fetches were blocked, oldest first. */
  get problems(): readonly Problem[] {
    return this.#fetches.flatMap(({ outcome }) => (outcome.kind === "network-error" ? [outcome.problem] : []));
  }

  /** How many preflights the CORS-preflight cache saved. */
  get preflightCacheHits(): number {
    return this.exchanges.filter(({ request }) => request.preflight === "cached").length;
  }

  /** Forgets what was recorded. */
  clear(): void {
    this.#fetches = [];
  }

  /** Adds a fetch. */
  record(fetch: InspectedFetch): void {
    if (this.#fetches.length >= this.#limit) this.#fetches.shift();
    this.#fetches.push(fetch);
    this.#parent?.record(fetch);
  }
}
