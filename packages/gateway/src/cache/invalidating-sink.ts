import { ForwardingSink } from "../exchange/forwarding-sink.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { ResponseHead, ResponseSink } from "../exchange/response-sink.ts";
import { addForwarding } from "./cache-status.ts";

/**
 * Passes on the response to an unsafe request, once what it may have changed is no longer in the store: the client must
 * not read the state from before its own request.
 */
export class InvalidatingSink extends ForwardingSink {
  readonly #invalidate: (head: ResponseHead | null) => void | Promise<void>;
  /** What came while the store was busy; null when it is not. */
  #held: (() => void)[] | null = null;
  readonly #drainListeners: (() => void)[] = [];
  #hasStarted = false;

  /** @param invalidate gets null when there was no response: nobody knows then what the request did */
  constructor(next: ResponseSink, invalidate: (head: ResponseHead | null) => void | Promise<void>) {
    super(next);
    this.#invalidate = invalidate;
  }

  override start(head: ResponseHead): void {
    this.#hasStarted = true;
    addForwarding(head.headers, { reason: "method" });
    this.#after(this.#invalidate(head), () => this.next.start(head));
  }

  override write(chunk: Uint8Array): boolean {
    if (this.#held === null) return this.next.write(chunk);
    this.#held.push(() => this.next.write(chunk));
    return false;
  }

  override end(trailers: HeaderFields | null): void {
    this.#whenFree(() => this.next.end(trailers));
  }

  override fail(error: Error): void {
    if (this.#hasStarted) this.#whenFree(() => this.next.fail(error));
    else this.#after(this.#invalidate(null), () => this.next.fail(error));
  }

  override onDrain(listener: () => void): void {
    this.#drainListeners.push(listener);
    this.next.onDrain(listener);
  }

  #whenFree(step: () => void): void {
    if (this.#held === null) step();
    else this.#held.push(step);
  }

  #after(invalidation: void | Promise<void>, step: () => void): void {
    if (invalidation === undefined) {
      step();
      return;
    }
    this.#held = [step];
    void invalidation.then(() => {
      const held = this.#held ?? [];
      this.#held = null;
      for (const each of held) each();
      for (const listener of this.#drainListeners) listener();
    });
  }
}
