import { isIP } from "node:net";
import { ipv6Value } from "./ip-address.ts";

/** Clients remembered in one window. Of more, those seen first are forgotten, who then may ask as if they were new. */
const maxClients = 100_000;

/**
 * Counts the requests of each client in a sliding window: those of this window, and of the last one the share that still
 * overlaps. Refused requests do not count.
 */
export class RateLimit {
  readonly #requests: number;
  /** In milliseconds. */
  readonly #window: number;
  readonly #clock: () => number;
  #slot = 0;
  #current = new Map<string, number>();
  #previous: ReadonlyMap<string, number> = new Map();

  /**
   * @param window seconds
   * @param clock milliseconds
   */
  constructor({ requests, window }: { readonly requests: number; readonly window: number }, clock: () => number) {
    this.#requests = requests;
    this.#window = window * 1000;
    this.#clock = clock;
  }

  /** Counts a request of the client; returns after how many seconds one is allowed again if this one is not, else 0. */
  take(client: string): number {
    const time = this.#clock() / this.#window;
    this.#turn(Math.floor(time));
    const elapsed = time - this.#slot;
    const before = this.#previous.get(client) ?? 0;
    const count = this.#current.get(client) ?? 0;
    const free = this.#requests - 1 - count;
    if (before * (1 - elapsed) <= free) {
      if (this.#current.size >= maxClients && count === 0) this.#forgetOldest();
      this.#current.set(client, count + 1);
      return 0;
    }
    // In this window if it is the last one that is in the way, else when enough of this one is over.
    const end = free >= 0 ? 1 - free / before : 2 - (this.#requests - 1) / count;
    return Math.ceil(((end - elapsed) * this.#window) / 1000);
  }

  #turn(slot: number): void {
    if (slot === this.#slot) return;
    this.#previous = slot === this.#slot + 1 ? this.#current : new Map();
    this.#current = new Map();
    this.#slot = slot;
  }

  #forgetOldest(): void {
    for (const client of this.#current.keys()) {
      this.#current.delete(client);
      return;
    }
  }
}

/**
 * Whom an address stands for: one of IPv4 for itself, also when the socket is of IPv6; one of IPv6 for all with the same
 * first 64 bits, since every customer has that many to choose from.
 */
export function clientOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const value = ipv6Value(address.replace(/%.*/, ""));
  if (value >> 32n === 0xffffn) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
  return `${(value >> 64n).toString(16)}::/64`;
}
