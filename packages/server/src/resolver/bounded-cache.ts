/** A set that forgets: after a while, and what was asked for longest ago once it is full. */
export class BoundedCache {
  readonly #size: number;
  readonly #lifetime: number;
  /** Until when each key counts, in milliseconds since 1970. The key that was used last is the last. */
  readonly #expiries = new Map<string, number>();

  /** @param lifetime milliseconds */
  constructor(size: number, lifetime: number) {
    this.#size = size;
    this.#lifetime = lifetime;
  }

  has(key: string): boolean {
    const expiry = this.#expiries.get(key);
    if (expiry === undefined) return false;
    this.#expiries.delete(key);
    if (expiry <= Date.now()) return false;
    this.#expiries.set(key, expiry);
    return true;
  }

  add(key: string): void {
    if (this.#lifetime === 0) return;
    this.#expiries.delete(key);
    if (this.#expiries.size >= this.#size) {
      const [oldest] = this.#expiries.keys();
      if (oldest !== undefined) this.#expiries.delete(oldest);
    }
    this.#expiries.set(key, Date.now() + this.#lifetime);
  }

  delete(key: string): void {
    this.#expiries.delete(key);
  }
}
