import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import type { Readable } from "node:stream";
import { type Dispatcher, errors } from "undici";
import type { RetryConfiguration } from "../configuration/gateway-configuration.ts";
import type { GatewayError } from "../exchange/gateway-error.ts";
import type { ExchangeNotes } from "../exchange/gateway-request.ts";
import type { ResponseSink } from "../exchange/response-sink.ts";
import { type AttemptOutcome, decideRetry } from "../retry/decide-retry.ts";
import { parseRetryAfter } from "../retry/retry-after.ts";
import type { RetryBudget } from "../retry/retry-budget.ts";
import type { LiveExchanges } from "./live-exchanges.ts";
import { endToEndFields, trailerFields } from "./response-fields.ts";
import { invalidResponse, upstreamFailure } from "./upstream-failure.ts";
import { appendVia } from "./upstream-fields.ts";

/** What all exchanges of a forwarder share. */
export interface ExchangeRules {
  /** The gateway's name in `Via`. */
  readonly pseudonym: string;
  /** Null: nothing is sent again. */
  readonly retries: RetryConfiguration | null;
  readonly budget: RetryBudget;
  readonly live: LiveExchanges;
  /** Is told that no connection could be made, besides the client, who is not told why. */
  readonly onUnreachable: (error: GatewayError) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** What sends the first attempt, and what the second: over a connection that nothing can have closed yet. */
export interface Dispatchers {
  readonly first: Dispatcher;
  readonly second: Dispatcher;
}

/** A request as undici sends it. */
export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  /** A buffer when it was kept for a second attempt. */
  readonly body: Buffer | Readable | null;
  /** The protocol to change to. */
  readonly upgrade?: string;
}

/** Of an answer which is not passed on; a longer one costs the connection. */
const maxDiscardedBytes = 64 * 1024;

const maxInterims = 100;

/** Text that may stand in a status line. @see https://httpwg.org/specs/rfc9112.html#status.line */
const reasonPhrase = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * One request under way: passes what undici reports to the sink, holds the upstream back when the client is slow, and
 * sends the request again if that is allowed. A class, since undici calls its methods for every message.
 */
export class ForwardedExchange implements Dispatcher.DispatchHandler {
  readonly #dispatchers: Dispatchers;
  readonly #request: UpstreamRequest;
  readonly #rules: ExchangeRules;
  readonly #hasIdempotencyKey: boolean;
  /** Null when nobody observes. */
  readonly #notes: ExchangeNotes | null;
  /** When it was first sent, by the process's own clock; only if somebody observes. */
  #sentAt = 0;
  protected readonly sink: ResponseSink;
  #controller: Dispatcher.DispatchController | null = null;
  #sent = 0;
  #unreached = 0;
  #interims = 0;
  #hasStarted = false;
  #isContentless = false;
  #isDrainWatched = false;
  /** Whether the client left; nothing is told to the sink from then on. */
  #isAborted = false;
  #isLive = true;
  #retryTimer: NodeJS.Timeout | null = null;
  /** While an answer is read that is not passed on: in how many seconds the request is sent again. */
  #discarding: { delay: number; bytes: number } | null = null;

  constructor(
    dispatchers: Dispatchers,
    request: UpstreamRequest,
    sink: ResponseSink,
    rules: ExchangeRules,
    hasIdempotencyKey: boolean,
    notes: ExchangeNotes | null = null,
  ) {
    this.#dispatchers = dispatchers;
    this.#request = request;
    this.#rules = rules;
    this.#hasIdempotencyKey = hasIdempotencyKey;
    this.sink = sink;
    this.#notes = notes;
    rules.live.begin();
  }

  send(): void {
    this.#controller = null;
    const isFirst = this.#sent === 0 && this.#unreached === 0;
    if (isFirst && this.#notes !== null) this.#sentAt = performance.now();
    const dispatcher = isFirst ? this.#dispatchers.first : this.#dispatchers.second;
    dispatcher.dispatch(this.#request as Dispatcher.DispatchOptions, this);
  }

  /** The client left. */
  abort(): void {
    this.#isAborted = true;
    this.settle();
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    // Before a connection took the request there is nothing to abort by; it is when one does.
    this.#controller?.abort(new Error("The client left."));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sent += 1;
    if (this.#notes !== null) this.#notes.attempts = this.#sent;
    if (this.#isAborted) controller.abort(new Error("The client left."));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText = "",
  ): void {
    if (this.#isAborted) return;
    const fault = headFault(status, headers);
    if (fault !== null) {
      controller.abort(invalidResponse(fault));
      return;
    }
    if (status < 200) {
      this.#interims += 1;
      // Each one is a sign of life to undici, so that the time for an answer would never be over.
      if (this.#interims > maxInterims)
        controller.abort(invalidResponse(new Error("There is no end of interim answers.")));
      else this.sink.inform(status, endToEndFields(headers));
      return;
    }
    if (this.#rules.retries?.statuses.includes(status as 502)) {
      const retryAfter = headers["retry-after"];
      const seconds = retryAfter === undefined ? null : parseRetryAfter(retryAfter, this.#rules.clock());
      const delay = this.#retryDelay({ status, retryAfter: seconds });
      if (delay !== null) {
        this.#discarding = { delay, bytes: 0 };
        return;
      }
    }
    this.#hasStarted = true;
    if (this.#notes !== null) this.#notes.upstreamTime = performance.now() - this.#sentAt;
    const fields = endToEndFields(headers);
    this.#isContentless = status === 204 || status === 304;
    // A 304 announces the length of the content that it stands for; this one must not announce any.
    if (status === 204) delete fields["content-length"];
    // Content of a known length has no trailers, and servers refuse to say otherwise.
    if (fields.trailer !== undefined && fields["content-length"] !== undefined) delete fields.trailer;
    fields.via = appendVia(fields.via, "1.1", this.#rules.pseudonym);
    this.sink.start({ status, statusText: toReasonPhrase(status, statusText), headers: fields });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#discarding !== null) {
      this.#discarding.bytes += chunk.length;
      if (this.#discarding.bytes > maxDiscardedBytes) controller.abort(new Error("The answer is not passed on."));
      return;
    }
    if (this.#isAborted || this.sink.write(chunk)) return;
    controller.pause();
    if (this.#isDrainWatched) return;
    this.#isDrainWatched = true;
    this.sink.onDrain(() => this.#controller?.resume());
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    if (this.#discarding !== null) this.#sendAgain(this.#discarding.delay);
    else this.#end(trailers);
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    if (this.#isAborted) return;
    if (this.#discarding !== null) {
      this.#sendAgain(this.#discarding.delay);
      return;
    }
    // undici counts the content of a 304 against the length that it announces for a 200.
    if (this.#isContentless && cause instanceof errors.ResponseContentLengthMismatchError) {
      this.#end({});
      return;
    }
    const wasSent = this.#controller !== null;
    if (!wasSent) this.#unreached += 1;
    const { kind, error } = upstreamFailure(cause, { wasSent, hasStarted: this.#hasStarted });
    const delay = this.#rules.retries === null ? null : this.#retryDelay({ failure: kind });
    if (delay !== null) {
      this.#sendAgain(delay);
      return;
    }
    if (!wasSent && error.code !== "request-invalid") this.#rules.onUnreachable(error);
    this.settle();
    this.sink.fail(error);
  }

  /** To be called when nothing more is to be sent or awaited here. */
  protected settle(): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    this.#rules.live.end();
  }

  #end(trailers: IncomingHttpHeaders): void {
    if (this.#isAborted) return;
    this.settle();
    this.sink.end(trailerFields(trailers));
  }

  /** In how many seconds to send the request again; null for not at all. */
  #retryDelay(outcome: AttemptOutcome): number | null {
    const { retries, budget } = this.#rules;
    if (retries === null) return null;
    const { method, body } = this.#request;
    const candidate = {
      method,
      hasIdempotencyKey: this.#hasIdempotencyKey,
      isReplayable: body === null || Buffer.isBuffer(body),
      sent: this.#sent,
      unreached: this.#unreached,
      hasStarted: this.#hasStarted,
    };
    const decision = decideRetry(candidate, outcome, retries);
    if (!decision.retry) return null;
    // To connect again costs the upstream nothing: the request was not sent.
    const isFree = "failure" in outcome && outcome.failure === "unreachable";
    return isFree || budget.spend() ? decision.delay : null;
  }

  #sendAgain(delay: number): void {
    this.#discarding = null;
    if (this.#isAborted) return;
    // Never from inside undici's report, which comes while it takes the connection down.
    this.#retryTimer = setTimeout(() => this.send(), delay * 1000);
  }
}

/** What makes the head of a response one that cannot be passed on; null for nothing. */
function headFault(status: number, headers: IncomingHttpHeaders): Error | null {
  if (status < 100 || status > 599) return new Error(`The status is ${status}.`);
  const coding = headers["transfer-encoding"];
  // Other codings would have to be undone here.
  if (coding !== undefined && coding !== "chunked" && coding.toLowerCase() !== "chunked") {
    return new Error(`The transfer coding is ${coding}.`);
  }
  return null;
}

function toReasonPhrase(status: number, text: string): string {
  return text === STATUS_CODES[status] || reasonPhrase.test(text) ? text : "";
}
