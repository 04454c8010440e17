import type { LimitConfiguration } from "../configuration/gateway-configuration.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { clientOf, RateLimit } from "./rate-limit.ts";

/** Seconds after which to ask again when all places are taken: how long they are is anybody's guess. */
const busyTime = 1;

/** Counts the requests at work, and those of each client. Requests and upgrades of one gateway share it. */
export class Admission {
  readonly #limits: LimitConfiguration;
  readonly #rate: RateLimit | null;
  #inFlight = 0;

  /** @param clock milliseconds */
  constructor(limits: LimitConfiguration, clock: () => number = Date.now) {
    this.#limits = limits;
    this.#rate = limits.rate === null ? null : new RateLimit(limits.rate, clock);
  }

  /** How many are at work. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Lets a request in, who then has to {@link leave}; or says why it stays outside. */
  enter({ clientAddress }: GatewayRequest): GatewayError | null {
    // The address of the socket: fields such as X-Forwarded-For say whatever a client wants.
    if (this.#rate !== null && clientAddress !== null) {
      const retryAfter = this.#rate.take(clientOf(clientAddress));
      if (retryAfter > 0) {
        return new GatewayError("too-many-requests", "There were too many requests from this address.", { retryAfter });
      }
    }
    if (this.#inFlight >= this.#limits.inFlight) {
      return new GatewayError("too-busy", "The gateway has too many requests at work.", { retryAfter: busyTime });
    }
    this.#inFlight += 1;
    return null;
  }

  leave(): void {
    this.#inFlight -= 1;
  }
}
