import type { HeaderFields } from "../exchange/header-fields.ts";
import type { ResponseHead, ResponseSink } from "../exchange/response-sink.ts";

/**
 * Sends one response to several clients, some of whom come while it is under way. As long as the content is kept in any
 * case, the fastest of them sets the pace; then the slowest does.
 */
export class SharedSink {
  readonly #sinks = new Set<ResponseSink>();
  readonly #blocked = new Set<ResponseSink>();
  readonly #drainListeners: (() => void)[] = [];
  readonly #onEmpty: () => void;
  /** Whether the content is kept, so that to write ahead costs nothing more. */
  isKept = false;

  /** @param onEmpty is called when the last client has left */
  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#sinks.size;
  }

  add(sink: ResponseSink): void {
    this.#sinks.add(sink);
    sink.onAbort(() => this.#remove(sink));
    sink.onDrain(() => {
      if (this.#blocked.delete(sink)) this.#resume();
    });
  }

  inform(status: number, headers: HeaderFields): void {
    for (const sink of this.#sinks) sink.inform(status, { ...headers });
  }

  start(head: ResponseHead): void {
    for (const sink of this.#sinks)
      sink.start(this.#sinks.size === 1 ? head : { ...head, headers: { ...head.headers } });
  }

  /** Returns whether more may be written. */
  write(chunk: Uint8Array): boolean {
    for (const sink of this.#sinks) {
      if (!sink.write(chunk)) this.#blocked.add(sink);
    }
    return this.#isWritable();
  }

  end(trailers: HeaderFields | null): void {
    for (const sink of this.#sinks) sink.end(trailers);
    this.#sinks.clear();
  }

  fail(error: Error): void {
    for (const sink of this.#sinks) sink.fail(error);
    this.#sinks.clear();
  }

  onDrain(listener: () => void): void {
    this.#drainListeners.push(listener);
  }

  #remove(sink: ResponseSink): void {
    if (!this.#sinks.delete(sink)) return;
    this.#blocked.delete(sink);
    if (this.#sinks.size === 0) this.#onEmpty();
    this.#resume();
  }

  #resume(): void {
    if (this.#isWritable()) for (const listener of this.#drainListeners) listener();
  }

  #isWritable(): boolean {
    return this.#blocked.size === 0 || (this.isKept && this.#blocked.size < this.#sinks.size);
  }
}
