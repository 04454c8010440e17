import { ForwardingSink } from "../exchange/forwarding-sink.ts";
import type { ResponseHead, ResponseSink } from "../exchange/response-sink.ts";
import { addForwarding, type ForwardReason } from "./cache-status.ts";

/** Passes on the response to a request that the cache has nothing to do with. */
export class NotedSink extends ForwardingSink {
  readonly #reason: ForwardReason;

  constructor(next: ResponseSink, reason: ForwardReason) {
    super(next);
    this.#reason = reason;
  }

  override start(head: ResponseHead): void {
    addForwarding(head.headers, { reason: this.#reason });
    this.next.start(head);
  }
}
