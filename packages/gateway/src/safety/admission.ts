import type { LimitConfiguration } from "../configuration/gateway-configuration.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { clientOf, RateLimit } from "./rate-limit.ts";

/** Seconds after which to ask again when all places are taken: how long they are is anybody's guess. */
const busyTime = 1;

/**
 * What is counted by itself: upgraded connections last as long as clients like, and must not take the places of
 * requests.
 */
export type AdmittedKind = "request" | "upgrade";

/** Counts what is at work, and the requests of each client, upgrades among them. */
export class Admission {
  readonly #limits: LimitConfiguration;
  readonly #rate: RateLimit | null;
  readonly #inFlight: Record<AdmittedKind, number> = { request: 0, upgrade: 0 };

  /** @param clock milliseconds */
  constructor(limits: LimitConfiguration, clock: () => number = Date.now) {
    this.#limits = limits;
    this.#rate = limits.rate === null ? null : new RateLimit(limits.rate, clock);
  }

  /** How many are at work. */
  inFlight(kind: AdmittedKind): number {
    return this.#inFlight[kind];
  }

  /** Lets one in, who then has to {@link leave}; or says why it stays outside. */
  enter(kind: AdmittedKind, { clientAddress }: GatewayRequest): GatewayError | null {
    // The address of the socket: fields such as X-Forwarded-For say whatever a client wants.
    if (this.#rate !== null && clientAddress !== null) {
      const retryAfter = this.#rate.take(clientOf(clientAddress));
      if (retryAfter > 0) {
        return new GatewayError("too-many-requests", "There were too many requests from this address.", { retryAfter });
      }
    }
    if (this.#inFlight[kind] >= this.#limits.inFlight) {
      return new GatewayError("too-busy", "The gateway has too many requests at work.", { retryAfter: busyTime });
    }
    this.#inFlight[kind] += 1;
    return null;
  }

  leave(kind: AdmittedKind): void {
    this.#inFlight[kind] -= 1;
  }
}
