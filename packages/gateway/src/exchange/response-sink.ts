import type { GatewayRequest } from "./gateway-request.ts";
import type { HeaderFields } from "./header-fields.ts";

/** What begins a final response. */
export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** Without hop-by-hop fields. The sink that gets it may change it. */
  readonly headers: HeaderFields;
}

/**
 * Takes one response. Calls come in this order: `inform` any number of times, then `start`, `write` any number of times
 * and `end`; or `fail` at any point before `end`, which is then the last. Stages of the gateway wrap the sink that they
 * are given.
 */
export interface ResponseSink {
  /** An interim response to pass on: 103 and other 1xx, not 100 and not 101. */
  inform(status: number, headers: HeaderFields): void;
  start(head: ResponseHead): void;
  /** Takes a piece of content. Returns false when the writer has to wait for a drain; the piece is taken even so. */
  write(chunk: Uint8Array): boolean;
  end(trailers: HeaderFields | null): void;
  /**
   * Ends the exchange with an error. Before `start` the client is answered with the problem; after it the response is
   * cut short so that the client notices. Gateway errors say what to answer.
   */
  fail(error: Error): void;
  /** Has `listener` called each time that more may be written after `write` returned false. */
  onDrain(listener: () => void): void;
  /** Has `listener` called once if the client leaves before the response ended, or cannot be sent what it is. */
  onAbort(listener: () => void): void;
}

/**
 * Answers a request into a sink. Throws nothing and returns at once: whatever goes wrong reaches the sink. Each stage of
 * the gateway (routing, policy, cache, forwarding) is one, most of them made around another.
 */
export type Handler = (request: GatewayRequest, sink: ResponseSink) => void;
